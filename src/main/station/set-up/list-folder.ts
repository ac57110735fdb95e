/** What lies in a folder of the station's computer. */
import { readdir, stat } from 'node:fs/promises'
import { homedir, platform } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import type { FolderEntry, FolderListing } from '../../../contract/index.ts'
import { RequestRefusal } from '../request-refusal.ts'

/** No person looks through more. */
const LONGEST = 1000

/** Where the systems hang in sticks and drives; each folder in these is one. */
const DRIVES_IN: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['/mnt', join('/media', basename(homedir())), join('/run/media', basename(homedir()))],
  darwin: ['/Volumes'],
}
const LETTERS = [...'CDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => `${letter}:\\`)

const isFolder = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    // Whether it is missing or may not be looked at: it cannot be shown.
    return false
  }
}

const drives = async (): Promise<string[]> => {
  const within = await Promise.all(
    (DRIVES_IN[platform()] ?? []).map(async (folder) =>
      (await readdir(folder).catch(() => [])).map((name) => join(folder, name)),
    ),
  )
  const candidates = platform() === 'win32' ? LETTERS : within.flat()
  const there = await Promise.all(candidates.map(isFolder))
  return candidates.filter((_, index) => there[index])
}

const nearestFolder = async (path: string): Promise<string> =>
  (await isFolder(path)) || dirname(path) === path ? path : nearestFolder(dirname(path))

const entry = async (folder: string, name: string): Promise<FolderEntry | null> => {
  const path = join(folder, name)
  try {
    const found = await stat(path)
    const changedAt = found.mtimeMs
    if (found.isDirectory()) return { name, path, kind: 'folder', size: null, changedAt }
    return found.isFile() ? { name, path, kind: 'file', size: found.size, changedAt } : null
  } catch {
    // A link to nothing, or gone since.
    return null
  }
}

const byName = new Intl.Collator(undefined, { numeric: true })
const asPeopleSort = (one: FolderEntry, other: FolderEntry): number =>
  one.kind === other.kind ? byName.compare(one.name, other.name) : one.kind === 'folder' ? -1 : 1

/** @throws RequestRefusal where the folder may not be read */
export const listFolder = async (path: string | null): Promise<FolderListing> => {
  const folder = await nearestFolder(path === null || path.trim() === '' ? homedir() : resolve(homedir(), path.trim()))
  let names: string[]
  try {
    names = await readdir(folder)
  } catch {
    throw new RequestRefusal('failed', 'folder-denied', { folder })
  }
  const shown = names.filter((name) => !name.startsWith('.'))
  const found = await Promise.all(shown.map((name) => entry(folder, name)))
  const entries = found.filter((one) => one !== null).sort(asPeopleSort)
  return {
    folder,
    parent: dirname(folder) === folder ? null : dirname(folder),
    entries: entries.slice(0, LONGEST),
    more: Math.max(0, entries.length - LONGEST),
    places: [
      { kind: 'home', path: homedir() },
      ...(await drives()).map((drive) => ({ kind: 'drive' as const, path: drive })),
    ],
  }
}

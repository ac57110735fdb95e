/** A device's folder, that is there as a whole or not at all. */
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import type { OutputFile } from './device-files.ts'
import { GenerationError } from './generation-error.ts'

const MODE = { secret: 0o600, open: 0o644 } as const

const bytesOf = ({ bytes }: OutputFile): Buffer =>
  typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const writeFile = (path: string, file: OutputFile): void => {
  const descriptor = openSync(path, 'wx', file.secret ? MODE.secret : MODE.open)
  try {
    const bytes = bytesOf(file)
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at)
  } finally {
    closeSync(descriptor)
  }
}

const isThere = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'EEXIST' || error.code === 'ENOTEMPTY')

const makeEmpty = (part: string): void => {
  try {
    mkdirSync(part)
  } catch (error) {
    if (!isThere(error)) throw error
    // What an interrupted run of the same name left here was never a device.
    rmSync(part, { recursive: true })
    mkdirSync(part)
  }
}

/**
 * Writes the files beside their place, then moves them there in one step.
 *
 * @param workFolder exists, on the same file system as `folder`
 * @throws GenerationError when the folder exists; what is in it stays as it is
 */
export const writeDeviceFolder = (
  folder: string,
  id: string,
  workFolder: string,
  files: readonly OutputFile[],
): void => {
  const part = join(workFolder, id)
  const place = join(folder, id)
  try {
    makeEmpty(part)
    for (const parent of new Set(files.map(({ name }) => dirname(name))))
      if (parent !== '.') mkdirSync(join(part, parent))
    for (const file of files) writeFile(`${part}${sep}${file.name}`, file)
    renameSync(part, place)
  } catch (error) {
    rmSync(part, { recursive: true, force: true })
    if (isThere(error))
      throw new GenerationError(`${place} is there already; move it away, or give another --outdir or another DAC`)
    throw error
  }
}

/** Does the folder hold exactly these files with exactly this content? */
export const isDeviceFolder = (folder: string, id: string, files: readonly OutputFile[]): boolean => {
  const place = join(folder, id)
  try {
    const found = readdirSync(place, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    return (
      found.length === files.length && files.every((file) => readFileSync(join(place, file.name)).equals(bytesOf(file)))
    )
  } catch {
    return false
  }
}

export const removeDeviceFolder = (folder: string, id: string): void =>
  rmSync(join(folder, id), { recursive: true, force: true })

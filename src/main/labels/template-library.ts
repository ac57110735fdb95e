/**
 * The templates of a station: those that come with Imprint, and a folder of its own, a file a version. A version is never changed once
 * written, so that an order prints what it pinned.
 */
import { link, open, readdir, readFile, rm } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { makeFolder } from '../make-folder.ts'
import { LabelError } from './label-error.ts'
import { parseTemplate, type LabelTemplate } from './template.ts'
import { bundledTemplates } from './templates.ts'

export interface ListedTemplate {
  readonly latest: LabelTemplate
  /** The latest last. */
  readonly versions: readonly number[]
  /** Comes with Imprint, and is never changed. */
  readonly builtIn: boolean
}

export interface TemplateLibrary {
  /** Those that come with Imprint, then the station's own by name. */
  list(): Promise<readonly ListedTemplate[]>
  /**
   * @param version the latest without
   * @throws LabelError `unknown-template`; `template` when its file was damaged
   */
  get(name: string, version?: number): Promise<LabelTemplate>
  /**
   * Keeps a template as the next version of its name.
   *
   * @returns it with its version
   * @throws LabelError `template` when it is not valid, or its name is one of Imprint's own
   */
  save(template: unknown): Promise<LabelTemplate>
}

const FILE = /^([a-z0-9][a-z0-9.-]*)\.v([1-9]\d{0,5})\.json$/u

/** Two who save at once get two versions. */
const SAVE_TRIES = 20

const readJson = async (path: string): Promise<unknown> => {
  const text = await readFile(path, 'utf8')
  try {
    return JSON.parse(text)
  } catch {
    throw new LabelError('template', `${path} is not JSON`, { source: path })
  }
}

/** Creates the file whole, or not at all when there is one. @returns false when there is one */
const createWhole = async (path: string, text: string): Promise<boolean> => {
  const part = `${path}.${randomUUID()}.part`
  try {
    const file = await open(part, 'wx')
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await link(part, path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  } finally {
    await rm(part, { force: true })
  }
}

/** @param folder of the station's own templates; made when the first is saved */
export const openTemplateLibrary = (folder: string): TemplateLibrary => {
  const bundled = new Map(bundledTemplates().map((template) => [template.name, template]))

  /** Versions of each name in the folder. */
  const versions = async (): Promise<Map<string, number[]>> => {
    const found = new Map<string, number[]>()
    const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    })
    for (const file of files) {
      const [, name = '', version] = FILE.exec(file) ?? []
      if (name !== '')
        found.set(
          name,
          [...(found.get(name) ?? []), Number(version)].toSorted((a, b) => a - b),
        )
    }
    return found
  }

  const get = async (name: string, version?: number): Promise<LabelTemplate> => {
    const own = bundled.get(name)
    if (own && (version === undefined || version === own.version)) return own
    const all = await versions()
    const wanted = version ?? all.get(name)?.at(-1)
    if (own || wanted === undefined || !all.get(name)?.includes(wanted))
      throw new LabelError(
        'unknown-template',
        version === undefined
          ? `there is no label template '${name}'; ${[...bundled.keys(), ...all.keys()].join(', ')} exist`
          : `there is no version ${version} of the label template '${name}'`,
        { template: name },
      )
    const path = join(folder, `${name}.v${wanted}.json`)
    const template = parseTemplate(await readJson(path), path)
    if (template.name !== name || template.version !== wanted)
      throw new LabelError('template', `${path} holds version ${template.version} of '${template.name}'`, {
        source: path,
      })
    return template
  }

  return {
    get,
    async list() {
      const own = [...(await versions())].toSorted(([a], [b]) => (a < b ? -1 : 1))
      return [
        ...[...bundled.values()].map((latest) => ({ latest, versions: [latest.version], builtIn: true })),
        ...(await Promise.all(
          own.map(async ([name, all]) => ({ latest: await get(name), versions: all, builtIn: false })),
        )),
      ]
    },
    async save(value) {
      const first = parseTemplate(
        typeof value === 'object' && value !== null ? { ...value, version: 1 } : value,
        'the label template',
      )
      if (bundled.has(first.name))
        throw new LabelError(
          'template',
          `'${first.name}' is one of Imprint's own templates; save yours under another name`,
          {
            template: first.name,
          },
        )
      makeFolder(folder)
      for (let tries = 0; tries < SAVE_TRIES; tries++) {
        const version = ((await versions()).get(first.name)?.at(-1) ?? 0) + 1
        const template = { ...first, version }
        const path = join(folder, `${template.name}.v${version}.json`)
        if (await createWhole(path, `${JSON.stringify(template, undefined, 2)}\n`)) return template
      }
      throw new LabelError('template', `'${first.name}' is being saved by somebody else all the time`, {
        template: first.name,
      })
    },
  }
}

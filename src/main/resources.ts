/** Files that come with the program: templates, the demo's test attestation. */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder `resources`, seen from the sources, from the built output and from inside a package alike. */
const findResources = (): string => {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, 'resources')
    if (existsSync(join(candidate, 'demo'))) return candidate
    if (dirname(folder) === folder) throw new Error('the folder resources is missing: install the program again')
  }
}

let found: string | undefined

/** Path of a resource, e.g. `resource('demo', 'test-pai-cert.pem')`. */
export const resource = (...parts: string[]): string => join((found ??= findResources()), ...parts)

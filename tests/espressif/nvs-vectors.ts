import { readFileSync } from 'node:fs'

const folder = new URL('../vectors/nvs/', import.meta.url)

/** A file of tests/vectors/nvs, by its name without folders. */
export const readVector = (name: string): Buffer =>
  readFileSync(new URL(name.replace(/^.*\/(?!keys_hmac)/u, ''), folder))

export interface NvsVector {
  readonly name: string
  readonly csv: string
  readonly size: number
  readonly version: 1 | 2
  readonly encrypted: boolean
  readonly keyfile: string | null
  readonly bin: string | null
  readonly reopensNamespace: boolean
}

interface HmacVector {
  readonly name: 'hmac_scheme'
  readonly hmac_key: string
  readonly derived_xts_keys: string
  readonly keys_partition: string
}

const manifest: (NvsVector | HmacVector)[] = JSON.parse(readVector('manifest.json').toString())

export const nvsVectors = manifest.filter((item): item is NvsVector => 'csv' in item)
export const hmacVector = manifest.find((item): item is HmacVector => item.name === 'hmac_scheme')

export const vectorNamed = (name: string): NvsVector & { readonly bin: string } => {
  const found = nvsVectors.find((item) => item.name === name)
  if (!found?.bin) throw new Error(`no vector ${name}`)
  return { ...found, bin: found.bin }
}

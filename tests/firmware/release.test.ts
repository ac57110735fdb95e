import { mkdtemp, readFile, rm, truncate, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readImage, ImageError } from '../../src/main/espressif/app-image.ts'
import {
  parsePartitionTable,
  PartitionTableError,
  writePartitionTable,
} from '../../src/main/espressif/partition-table.ts'
import { writeDemoRelease } from '../../src/main/firmware/demo-release.ts'
import { readRelease } from '../../src/main/firmware/release.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imprint-release-'))
  await writeDemoRelease(folder, { appSize: 60_000 })
})
afterEach(() => rm(folder, { recursive: true }))

const table = 'partition_table/partition-table.bin'
const change = async (file: string, edit: (bytes: Buffer) => Uint8Array): Promise<void> =>
  writeFile(join(folder, file), edit(await readFile(join(folder, file))))
const changePartition = (label: string, to: { offset?: number; size?: number; label?: string }): Promise<void> =>
  change(table, (bytes) =>
    writePartitionTable(parsePartitionTable(bytes).map((item) => (item.label === label ? { ...item, ...to } : item))),
  )
const refusal = async (): Promise<{ code: string; message: string }> => {
  const error: unknown = await readRelease(folder).catch((reason: unknown) => reason)
  return error as { code: string; message: string }
}

describe('release', () => {
  test('a good build folder tells chip, version and where the manufacturing data goes', async () => {
    const release = await readRelease(folder)
    expect(release).toMatchObject({
      name: 'aurora_light',
      version: '1.4.2',
      factory: { label: 'fctry', offset: 0x3e0000, size: 0x6000 },
      flashNeeded: 0x3e6000,
    })
    expect(release.chip.name).toBe('esp32c3')
    expect(release.digest).toMatch(/^[0-9a-f]{64}$/u)
  })

  test.each<[string, string, RegExp, () => Promise<void>]>([
    [
      'no flasher_args.json',
      'missing',
      /flasher_args\.json is missing/u,
      () => unlink(join(folder, 'flasher_args.json')),
    ],
    ['broken JSON', 'malformed', /is not JSON/u, () => writeFile(join(folder, 'flasher_args.json'), '{"flash')],
    ['a missing image', 'missing', /aurora_light\.bin is missing/u, () => unlink(join(folder, 'aurora_light.bin'))],
    [
      'a cut-off app',
      'malformed',
      /aurora_light\.bin.*cut off/u,
      () => truncate(join(folder, 'aurora_light.bin'), 9000),
    ],
    [
      'a flipped bit',
      'malformed',
      /aurora_light\.bin.*damaged/u,
      () => change('aurora_light.bin', (bytes) => bytes.fill(bytes.readUInt8(5000) ^ 1, 5000, 5001)),
    ],
    ['a damaged table', 'malformed', /partition-table\.bin.*MD5/u, () => change(table, (bytes) => bytes.fill(9, 5, 6))],
    ['no factory partition', 'no-factory', /no data partition/u, () => changePartition('fctry', { label: 'other' })],
    ['a factory partition too small', 'factory-too-small', /0x3000/u, () => changePartition('fctry', { size: 0x2000 })],
    ['an app over the factory partition', 'overlap', /overlaps/u, () => changePartition('fctry', { offset: 0x24000 })],
    ['an app larger than its partition', 'overlap', /ota_0/u, () => changePartition('ota_0', { size: 0x1000 })],
    [
      'a file outside',
      'outside',
      /outside/u,
      () =>
        change('flasher_args.json', (bytes) => Buffer.from(String(bytes).replaceAll('aurora_light.bin', '../x.bin'))),
    ],
    [
      'another chip',
      'wrong-chip',
      /is for ESP32-C3.*ESP32-S3/u,
      () => change('flasher_args.json', (bytes) => Buffer.from(String(bytes).replace('esp32c3', 'esp32s3'))),
    ],
  ])('%s is refused', async (_, code, message, spoil) => {
    await spoil()
    const { code: found, message: sentence } = await refusal()
    expect({ found, sentence }).toEqual({ found: code, sentence: expect.stringMatching(message) as string })
  })
})

describe('hostile bytes', () => {
  test('give an error or an image, never anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (tail) => {
        for (const bytes of [tail, Uint8Array.of(0xe9, ...tail)])
          try {
            readImage(bytes)
          } catch (error) {
            expect(error).toBeInstanceOf(ImageError)
          }
        for (const bytes of [tail, Uint8Array.of(0xaa, 0x50, ...tail)])
          try {
            parsePartitionTable(bytes)
          } catch (error) {
            expect(error).toBeInstanceOf(PartitionTableError)
          }
      }),
    )
  })
})

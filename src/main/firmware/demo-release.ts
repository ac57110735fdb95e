/** A well-formed build folder for an ESP32-C3 of realistic size, for the demo, benchmarks and tests. */
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { writeDescription, writeImage } from '../espressif/app-image.ts'
import { CHIPS } from '../espressif/chips.ts'
import { makeFolder } from '../make-folder.ts'
import { DATA_SUBTYPE, PARTITION_TYPE, writePartitionTable, type Partition } from '../espressif/partition-table.ts'

export interface DemoReleaseOptions {
  /** Bytes of the app image, about. */
  readonly appSize?: number
  readonly version?: string
}

const CHIP = CHIPS.esp32c3
const USUAL_APP_SIZE = 1_500_000
/** Firmware compresses to about 60 %: this share of it is noise, the rest repeats. */
const NOISE = 0.55

/** The same bytes every time: SHA-256 in counter mode. */
const noise = (length: number, seed: string): Uint8Array => {
  const blocks: Buffer[] = []
  for (let counter = 0; counter * 32 < length; counter++)
    blocks.push(createHash('sha256').update(`${seed} ${counter}`).digest())
  return Buffer.concat(blocks).subarray(0, length)
}

/** Bytes that compress as code does: pages of noise between pages of repeated words. */
const codeLike = (length: number, seed: string): Uint8Array => {
  const bytes = new Uint8Array(length)
  const random = noise(length, seed)
  const page = 512
  for (let at = 0; at < length; at += page) {
    const noisy = Math.floor(page * NOISE)
    bytes.set(random.subarray(at, Math.min(at + noisy, length)), at)
    for (let fill = at + noisy; fill < Math.min(at + page, length); fill++) bytes[fill] = (fill * 4) & 0x1c
  }
  return bytes
}

const PARTITIONS: readonly Partition[] = [
  {
    label: 'nvs',
    type: PARTITION_TYPE.data,
    subtype: DATA_SUBTYPE.nvs,
    offset: 0x10000,
    size: 0xc000,
    encrypted: false,
  },
  {
    label: 'otadata',
    type: PARTITION_TYPE.data,
    subtype: DATA_SUBTYPE.ota,
    offset: 0x1d000,
    size: 0x2000,
    encrypted: false,
  },
  {
    label: 'phy_init',
    type: PARTITION_TYPE.data,
    subtype: DATA_SUBTYPE.phy,
    offset: 0x1f000,
    size: 0x1000,
    encrypted: false,
  },
  { label: 'ota_0', type: PARTITION_TYPE.app, subtype: 0x10, offset: 0x20000, size: 0x1e0000, encrypted: false },
  { label: 'ota_1', type: PARTITION_TYPE.app, subtype: 0x11, offset: 0x200000, size: 0x1e0000, encrypted: false },
  {
    label: 'fctry',
    type: PARTITION_TYPE.data,
    subtype: DATA_SUBTYPE.nvs,
    offset: 0x3e0000,
    size: 0x6000,
    encrypted: false,
  },
]

const files = (options: DemoReleaseOptions): { path: string; key: string; offset: number; bytes: Uint8Array }[] => {
  const version = options.version ?? '1.4.2'
  const appSize = options.appSize ?? USUAL_APP_SIZE
  const description = writeDescription({
    projectName: 'aurora_light',
    version,
    secureVersion: 0,
    idfVersion: 'v5.4.1',
    date: 'Nov 24 2026',
    time: '09:00:00',
  })
  const rodata = Math.max(512, Math.floor(appSize * 0.3))
  const app = writeImage({
    chip: CHIP,
    entry: 0x40380000,
    segments: [
      { address: 0x3c120020, bytes: Buffer.concat([description, codeLike(rodata, `rodata ${version}`)]) },
      { address: 0x42000020, bytes: codeLike(Math.max(512, appSize - rodata), `text ${version}`) },
      { address: 0x3fc90000, bytes: codeLike(0x800, `data ${version}`) },
    ],
  })
  const bootloader = writeImage({
    chip: CHIP,
    entry: 0x403cc710,
    segments: [
      { address: 0x3fcd5820, bytes: codeLike(0x16c4, 'bootloader data') },
      { address: 0x403cc710, bytes: codeLike(0x3600, 'bootloader text') },
    ],
  })
  return [
    { path: 'bootloader/bootloader.bin', key: 'bootloader', offset: CHIP.bootloaderOffset, bytes: bootloader },
    {
      path: 'partition_table/partition-table.bin',
      key: 'partition-table',
      offset: 0x8000,
      bytes: writePartitionTable(PARTITIONS),
    },
    { path: 'ota_data_initial.bin', key: 'otadata', offset: 0x1d000, bytes: new Uint8Array(0x2000).fill(0xff) },
    { path: 'aurora_light.bin', key: 'app', offset: 0x20000, bytes: app },
  ]
}

/** Writes the demo release into a folder, which is made. */
export const writeDemoRelease = async (folder: string, options: DemoReleaseOptions = {}): Promise<void> => {
  const made = files(options)
  const text = (offset: number): string => `0x${offset.toString(16)}`
  const document = {
    write_flash_args: ['--flash_mode', 'dio', '--flash_size', '4MB', '--flash_freq', '80m'],
    flash_settings: { flash_mode: 'dio', flash_size: '4MB', flash_freq: '80m' },
    flash_files: Object.fromEntries(made.map(({ path, offset }) => [text(offset), path])),
    ...Object.fromEntries(
      made.map(({ path, key, offset }) => [key, { offset: text(offset), file: path, encrypted: 'false' }]),
    ),
    extra_esptool_args: { after: 'hard_reset', before: 'default_reset', stub: true, chip: CHIP.name },
  }
  for (const { path, bytes } of made) {
    makeFolder(dirname(join(folder, path)))
    await writeFile(join(folder, path), bytes)
  }
  await writeFile(join(folder, 'flasher_args.json'), `${JSON.stringify(document, undefined, 2)}\n`)
}

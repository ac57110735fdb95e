/** `flasher_args.json` of an ESP-IDF build folder: which file goes where, for which chip. */
import { z } from 'zod'
import { CHIP_NAMES, chipByName, type Chip } from './chips.ts'

/** Why the file cannot be used; `message` names it and says what is allowed, `values` hold what it names. */
export class FlasherArgsError extends Error {
  readonly code: 'not-json' | 'entry' | 'chip' | 'offset' | 'no-files'
  readonly values: Readonly<Record<string, string>>
  constructor(code: FlasherArgsError['code'], message: string, values: FlasherArgsError['values'] = {}) {
    super(message)
    this.name = 'FlasherArgsError'
    this.code = code
    this.values = values
  }
}

const Entry = z.object({ offset: z.string(), file: z.string() })
const Document = z.object({
  flash_files: z.record(z.string(), z.string()),
  flash_settings: z.object({ flash_size: z.string().optional() }).optional(),
  extra_esptool_args: z.object({ chip: z.string() }),
  bootloader: Entry.optional(),
  app: Entry.optional(),
  'partition-table': Entry.optional(),
  otadata: Entry.optional(),
})

export interface FlashFile {
  /** Relative to the build folder. */
  readonly file: string
  readonly offset: number
}

export interface FlasherArgs {
  readonly chip: Chip
  /** By offset. */
  readonly files: readonly FlashFile[]
  /** Bytes; undefined for `keep` or `detect`. */
  readonly flashSize: number | undefined
  readonly app: FlashFile | undefined
  readonly partitionTable: FlashFile | undefined
  readonly bootloader: FlashFile | undefined
}

const numberOf = (text: string, name: string, field: string): number => {
  if (!/^(0x[0-9a-f]+|\d+)$/iu.test(text))
    throw new FlasherArgsError('offset', `${name}: ${field}: '${text}' is no offset; 0x10000 or 65536 is`, {
      field,
      text,
    })
  return Number(text)
}

const sizeOf = (text: string | undefined): number | undefined => {
  const match = /^(\d+)(MB|KB)$/iu.exec(text ?? '')
  return match ? Number(match[1]) * (match[2]?.toUpperCase() === 'MB' ? 2 ** 20 : 2 ** 10) : undefined
}

/** @param name of the file, for errors @throws FlasherArgsError */
export const parseFlasherArgs = (text: string, name: string): FlasherArgs => {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new FlasherArgsError('not-json', `${name}: it is not JSON; copy it again from the ESP-IDF build folder`)
  }
  const found = Document.safeParse(json)
  if (!found.success) {
    const issue = found.error.issues[0]
    const field = issue?.path.join('.') ?? ''
    throw new FlasherArgsError('entry', `${name}: '${field}' is missing or wrong (${issue?.message ?? ''})`, { field })
  }
  const args = found.data
  const chip = chipByName(args.extra_esptool_args.chip)
  if (!chip)
    throw new FlasherArgsError(
      'chip',
      `${name}: chip '${args.extra_esptool_args.chip}' is not known; ${CHIP_NAMES.join(', ')} are`,
      { chip: args.extra_esptool_args.chip, chips: CHIP_NAMES.join(', ') },
    )
  const entry = (key: 'app' | 'bootloader' | 'partition-table'): FlashFile | undefined => {
    const value = args[key]
    return value && { file: value.file, offset: numberOf(value.offset, name, key) }
  }
  const files = Object.entries(args.flash_files).map(([offset, file]) => ({
    file,
    offset: numberOf(offset, name, 'flash_files'),
  }))
  if (files.length === 0) throw new FlasherArgsError('no-files', `${name}: 'flash_files' names no file`)
  return {
    chip,
    files: files.sort((a, b) => a.offset - b.offset),
    flashSize: sizeOf(args.flash_settings?.flash_size),
    app: entry('app'),
    bootloader: entry('bootloader'),
    partitionTable: entry('partition-table'),
  }
}

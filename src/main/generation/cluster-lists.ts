/** Options that are lists: calendar types, locales, fixed labels and supported modes. */
import {
  factoryEntries,
  type FactoryData,
  type FixedLabel,
  type SupportedMode,
} from '../espressif/factory-partition.ts'
import { LONGEST_KEY } from '../espressif/nvs-entry.ts'
import { GenerationError } from './generation-error.ts'
import { refuse, textOf, wholeNumber } from './option-value.ts'

/** In the order of their bits (Matter application cluster specification, CalendarTypeEnum). */
export const CALENDAR_TYPES = [
  ...['Buddhist', 'Chinese', 'Coptic', 'Ethiopian', 'Gregorian', 'Hebrew'],
  ...['Indian', 'Islamic', 'Japanese', 'Korean', 'Persian', 'Taiwanese'],
] as const

const LARGEST_ENDPOINT = 0xfffe
const LONGEST_LOCALE = 32
const LONGEST_FIXED_LABEL = 16
const LONGEST_MODE_LABEL = 64

const calendarTypes = (names: readonly string[]): number =>
  names.reduce((mask, name) => {
    const bit = CALENDAR_TYPES.findIndex((type) => type.toLowerCase() === name.toLowerCase())
    return bit >= 0 ? mask | (1 << bit) : refuse('--calendar-types', name, `${CALENDAR_TYPES.join(', ')} are`)
  }, 0)

const locales = (names: readonly string[]): string[] =>
  names.map((name) => {
    try {
      Intl.getCanonicalLocales(name)
    } catch {
      refuse('--locales', name, 'a language tag is, such as en-US')
    }
    return textOf('--locales', name, LONGEST_LOCALE)
  })

/**
 * `endpoint/label/value`. Only the first two slashes divide, so a value may hold more; a label may hold one as `\\/`.
 *
 * The firmware's label and value hold 16 bytes each (connectedhomeip, kMaxLabelSize).
 */
const fixedLabel = (text: string): FixedLabel => {
  const match = /^([^/]*)\/((?:\\\/|[^/])*)\/(.*)$/u.exec(text)
  if (!match) return refuse('--fixed-labels', text, 'ENDPOINT/LABEL/VALUE is, such as 0/orientation/up')
  const [endpoint = '', label = '', value = ''] = match.slice(1)
  const where = `--fixed-labels ${text}:`
  return {
    endpoint: wholeNumber(`${where} endpoint`, endpoint, 0, LARGEST_ENDPOINT),
    label: textOf(`${where} label`, label.replaceAll('\\/', '/'), LONGEST_FIXED_LABEL),
    value: textOf(`${where} value`, value, LONGEST_FIXED_LABEL),
  }
}

/** `value\mfgCode`, the manufacturer's code in hexadecimal with or without 0x. */
const modeTag = (where: string, text: string): SupportedMode['tags'][number] => {
  const [value = '', code = '', ...rest] = text.trim().split('\\')
  if (rest.length > 0 || code === '') return refuse(`${where} tag`, text.trim(), 'VALUE\\MFGCODE is, such as 1\\0x8000')
  return {
    value: wholeNumber(`${where} value`, value, 0, 0xffff),
    manufacturerCode: wholeNumber(`${where} manufacturer's code`, `0x${code.replace(/^0x/iu, '')}`, 0, 0xffff),
  }
}

/** `mode/label/endpoint` or `mode/label/endpoint/"value\mfgCode, value\mfgCode"`. */
const supportedMode = (text: string): SupportedMode => {
  const [mode = '', label = '', endpoint, tags, ...rest] = text.split('/')
  if (endpoint === undefined || rest.length > 0)
    return refuse(
      '--supported-modes',
      text,
      'MODE/LABEL/ENDPOINT is, or MODE/LABEL/ENDPOINT/"VALUE\\MFGCODE, …", such as 0/quiet/1/"1\\0x8000"',
    )
  const where = `--supported-modes ${text}:`
  return {
    mode: wholeNumber(`${where} mode`, mode, 0, 0xff),
    label: textOf(`${where} label`, label, LONGEST_MODE_LABEL),
    endpoint: wholeNumber(`${where} endpoint`, endpoint, 0, LARGEST_ENDPOINT),
    tags:
      tags === undefined
        ? []
        : tags
            .replaceAll('"', '')
            .split(',')
            .map((tag) => modeTag(where, tag)),
  }
}

/** Endpoints and places in the lists stand in the NVS keys, in hexadecimal, and a key has room for so many characters. */
const checkKeys = (option: string, data: Partial<FactoryData>): void => {
  const long = factoryEntries({ vendorId: 0, productId: 0, ...data }).find(({ key }) => key.length > LONGEST_KEY)
  if (long)
    throw new GenerationError(
      `${option} gives the NVS key '${long.key}' of ${long.key.length} characters; ${LONGEST_KEY} are allowed: ` +
        'give it a lower endpoint or fewer entries',
    )
}

export interface ListOptions {
  readonly calendarTypes?: readonly string[]
  readonly locales?: readonly string[]
  readonly fixedLabels?: readonly string[]
  readonly supportedModes?: readonly string[]
}

/** @throws GenerationError naming the option, what was found and what is allowed */
export const clusterLists = (options: ListOptions): Partial<FactoryData> => {
  const labels = options.fixedLabels?.map(fixedLabel)
  const modes = options.supportedModes?.map(supportedMode)
  checkKeys('--fixed-labels', { fixedLabels: labels })
  checkKeys('--supported-modes', { supportedModes: modes })
  return {
    ...(options.calendarTypes ? { calendarTypes: calendarTypes(options.calendarTypes) } : {}),
    ...(options.locales ? { locales: locales(options.locales) } : {}),
    ...(labels ? { fixedLabels: labels } : {}),
    ...(modes ? { supportedModes: modes } : {}),
  }
}

/** Options that are lists: calendar types, locales, fixed labels and supported modes. */
import { checkFactoryData, FactoryDataError } from '../espressif/factory-partition-check.ts'
import type { FactoryData, FixedLabel, SupportedMode } from '../espressif/factory-partition-data.ts'
import { factoryEntries } from '../espressif/factory-partition.ts'
import { GenerationError } from './generation-error.ts'
import { refuse, textOf, wholeNumber } from './option-value.ts'

/** In the order of their bits (Matter application cluster specification, CalendarTypeEnum). */
export const CALENDAR_TYPES = [
  ...['Buddhist', 'Chinese', 'Coptic', 'Ethiopian', 'Gregorian', 'Hebrew'],
  ...['Indian', 'Islamic', 'Japanese', 'Korean', 'Persian', 'Taiwanese'],
] as const

const LARGEST_NUMBER = 0xffffffff

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
    return textOf('--locales', name)
  })

/**
 * `endpoint/label/value`. Only the first two slashes divide, so a value may hold more; a label may hold one as `\\/`.
 */
const fixedLabel = (text: string): FixedLabel => {
  const match = /^([^/]*)\/((?:\\\/|[^/])*)\/(.*)$/u.exec(text)
  if (!match) return refuse('--fixed-labels', text, 'ENDPOINT/LABEL/VALUE is, such as 0/orientation/up')
  const [endpoint = '', label = '', value = ''] = match.slice(1)
  const where = `--fixed-labels ${text}:`
  return {
    endpoint: wholeNumber(`${where} endpoint`, endpoint, 0, LARGEST_NUMBER),
    label: textOf(`${where} label`, label.replaceAll('\\/', '/')),
    value: textOf(`${where} value`, value),
  }
}

/** `value\mfgCode`, the manufacturer's code in hexadecimal with or without 0x. */
const modeTag = (where: string, text: string): SupportedMode['tags'][number] => {
  const [value = '', code = '', ...rest] = text.trim().split('\\')
  if (rest.length > 0 || code === '') return refuse(`${where} tag`, text.trim(), 'VALUE\\MFGCODE is, such as 1\\0x8000')
  return {
    value: wholeNumber(`${where} value`, value, 0, LARGEST_NUMBER),
    manufacturerCode: wholeNumber(`${where} manufacturer's code`, `0x${code.replace(/^0x/iu, '')}`, 0, LARGEST_NUMBER),
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
    mode: wholeNumber(`${where} mode`, mode, 0, LARGEST_NUMBER),
    label: textOf(`${where} label`, label),
    endpoint: wholeNumber(`${where} endpoint`, endpoint, 0, LARGEST_NUMBER),
    tags:
      tags === undefined
        ? []
        : tags
            .replaceAll('"', '')
            .split(',')
            .map((tag) => modeTag(where, tag)),
  }
}

/** Counts, lengths and the NVS keys, which are made of endpoints and places in the lists and must not be too long. */
const checkList = (option: string, data: Partial<FactoryData>): void => {
  try {
    checkFactoryData({ vendorId: 1, productId: 1, ...data })
    factoryEntries({ vendorId: 1, productId: 1, ...data })
  } catch (error) {
    if (error instanceof FactoryDataError) throw new GenerationError(`${option}: ${error.message}`)
    throw error
  }
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
  const tags = options.locales && locales(options.locales)
  checkList('--locales', { locales: tags })
  checkList('--fixed-labels', { fixedLabels: labels })
  checkList('--supported-modes', { supportedModes: modes })
  return {
    ...(options.calendarTypes ? { calendarTypes: calendarTypes(options.calendarTypes) } : {}),
    ...(tags ? { locales: tags } : {}),
    ...(labels ? { fixedLabels: labels } : {}),
    ...(modes ? { supportedModes: modes } : {}),
  }
}

/**
 * What a manufacturing partition may hold. Lengths are UTF-8 bytes and those of the firmware's buffers (connectedhomeip,
 * src/include/platform/ConfigurationManager.h, DeviceInfoProvider.h and src/platform/ESP32/ESP32FactoryDataProvider.cpp).
 */
import type { FactoryData } from './factory-partition-data.ts'
import { LONGEST_KEY } from './nvs-entry.ts'

/** A value that the firmware could not use: which one, what was found and what is allowed. */
export class FactoryDataError extends Error {
  readonly field: keyof FactoryData
  constructor(field: keyof FactoryData, message: string) {
    super(message)
    this.name = 'FactoryDataError'
    this.field = field
  }
}

type Range = readonly [least: number, most: number]
interface Limit {
  readonly words: string
  readonly range: Range
}

const NUMBERS: Readonly<Partial<Record<keyof FactoryData, Limit>>> = {
  vendorId: { words: 'vendor ID', range: [1, 0xffff] },
  productId: { words: 'product ID', range: [1, 0xffff] },
  discriminator: { words: 'discriminator', range: [0, 0xfff] },
  iterations: { words: 'iteration count', range: [1_000, 100_000] },
  hardwareVersion: { words: 'hardware version', range: [0, 0xffff] },
  productFinish: { words: 'product finish', range: [0, 5] },
  productColor: { words: 'product color', range: [0, 20] },
  calendarTypes: { words: 'calendar types', range: [0, 0xfff] },
  locationCapability: { words: 'location capability', range: [0, 2] },
}

/** Bytes; of texts, in UTF-8. */
const LENGTHS: Readonly<Partial<Record<keyof FactoryData, Limit>>> = {
  salt: { words: 'salt', range: [16, 32] },
  verifier: { words: 'verifier', range: [97, 97] },
  vendorName: { words: 'vendor name', range: [0, 32] },
  productName: { words: 'product name', range: [0, 32] },
  hardwareVersionString: { words: 'hardware version string', range: [0, 64] },
  manufacturingDate: { words: 'manufacturing date', range: [8, 16] },
  rotatingId: { words: 'unique id for rotating ids', range: [16, 32] },
  partNumber: { words: 'part number', range: [0, 32] },
  serialNumber: { words: 'serial number', range: [1, 32] },
  productLabel: { words: 'product label', range: [0, 64] },
  productUrl: { words: 'product URL', range: [0, 256] },
  mqttHost: { words: 'MQTT host', range: [0, 256] },
  uniqueId: { words: 'unique ID', range: [1, 32] },
}

const LONGEST_LABEL = 16
const LONGEST_MODE_LABEL = 64
const LONGEST_LOCALE = 35
const MOST_LOCALES = 32
const ENDPOINT: Range = [0, 0xffff]
const MODE: Range = [0, 0xff]
const SEMANTIC_TAG: Range = [0, 0xffff]

const allowed = ([least, most]: Range): string => (least === most ? `${least} is` : `${least} to ${most} are`)

const checkNumber = (field: keyof FactoryData, words: string, value: number, range: Range): void => {
  if (!Number.isInteger(value) || value < range[0] || value > range[1])
    throw new FactoryDataError(field, `${words} ${value} is not allowed; ${allowed(range)}`)
}

const checkLength = (field: keyof FactoryData, words: string, value: string | Uint8Array, range: Range): void => {
  const length = typeof value === 'string' ? Buffer.byteLength(value) : value.length
  if (length < range[0] || length > range[1])
    throw new FactoryDataError(field, `the ${words} has ${length} bytes; ${allowed(range)} allowed`)
}

/** `YYYY-MM-DD` or `YYYYMMDD`, then what the maker likes. */
const checkDate = (text: string): void => {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)/u.exec(text) ?? /^(\d{4})(\d\d)(\d\d)/u.exec(text) ?? []
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`)
  if (Number.isNaN(date.getTime()) || date.getUTCDate() !== Number(day))
    throw new FactoryDataError(
      'manufacturingDate',
      `manufacturing date '${text}' begins with no date; YYYY-MM-DD or YYYYMMDD is needed`,
    )
}

const checkLabels = ({ fixedLabels = [], locales = [] }: FactoryData): void => {
  if (locales.length > MOST_LOCALES)
    throw new FactoryDataError('locales', `${locales.length} locales are too many; ${MOST_LOCALES} are allowed`)
  for (const locale of locales) checkLength('locales', `locale '${locale}'`, locale, [1, LONGEST_LOCALE])
  for (const { endpoint, label, value } of fixedLabels) {
    checkNumber('fixedLabels', `endpoint of fixed label '${label}'`, endpoint, ENDPOINT)
    checkLength('fixedLabels', `name of fixed label '${label}'`, label, [1, LONGEST_LABEL])
    checkLength('fixedLabels', `value of fixed label '${label}'`, value, [1, LONGEST_LABEL])
  }
}

const checkModes = ({ supportedModes = [] }: FactoryData): void => {
  for (const { endpoint, label, mode, tags } of supportedModes) {
    checkNumber('supportedModes', `endpoint of mode '${label}'`, endpoint, ENDPOINT)
    checkLength('supportedModes', `label of mode '${label}'`, label, [1, LONGEST_MODE_LABEL])
    checkNumber('supportedModes', `number of mode '${label}'`, mode, MODE)
    for (const { value, manufacturerCode } of tags) {
      checkNumber('supportedModes', `semantic tag of mode '${label}'`, value, SEMANTIC_TAG)
      checkNumber('supportedModes', `manufacturer code of mode '${label}'`, manufacturerCode, SEMANTIC_TAG)
    }
  }
}

/** @throws FactoryDataError for the first value that the firmware could not use */
export const checkFactoryData = (data: FactoryData): void => {
  for (const [field, { words, range }] of Object.entries(NUMBERS) as [keyof FactoryData, Limit][]) {
    const value = data[field]
    if (typeof value === 'number') checkNumber(field, words, value, range)
  }
  for (const [field, { words, range }] of Object.entries(LENGTHS) as [keyof FactoryData, Limit][]) {
    const value = data[field]
    if (typeof value === 'string' || value instanceof Uint8Array) checkLength(field, words, value, range)
  }
  if (data.manufacturingDate !== undefined) checkDate(data.manufacturingDate)
  checkLabels(data)
  checkModes(data)
}

/** Keys are made of endpoints and counts, and may become too long for NVS. @throws FactoryDataError */
export const checkFactoryKey = (key: string): void => {
  if (key.length > LONGEST_KEY)
    throw new FactoryDataError(
      key.startsWith('f') ? 'fixedLabels' : 'supportedModes',
      `key '${key}' would have ${key.length} bytes; NVS allows ${LONGEST_KEY}: give fewer tags or modes, or a lower endpoint`,
    )
}

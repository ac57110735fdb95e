/** What a manufacturing partition may hold of a product or a device, by option and by NVS key: one rule for both. */
import { checkFactoryData, FactoryDataError } from '../espressif/factory-partition-check.ts'
import type { FactoryData } from '../espressif/factory-partition-data.ts'
import { GenerationError } from './generation-error.ts'
import { choiceOf, hexOf, textOf, wholeNumber, type Where } from './option-value.ts'

export const PRODUCT_FINISHES = ['other', 'matte', 'satin', 'polished', 'rugged', 'fabric'] as const
export const PRODUCT_COLORS = [
  ...['black', 'navy', 'green', 'teal', 'maroon', 'purple', 'olive', 'gray', 'blue', 'lime', 'aqua', 'red'],
  ...['fuchsia', 'yellow', 'white', 'nickel', 'chrome', 'brass', 'copper', 'silver', 'gold'],
] as const
export const LOCATION_CAPABILITIES = ['indoor', 'outdoor', 'both'] as const

type Property = keyof FactoryData

interface Field<P extends Property> {
  /** In the parsed options of `imprint generate`. */
  readonly option: string
  readonly key: string
  readonly property: P
  /** Of the key in NVS. */
  readonly encoding: 'string' | 'u32' | 'hex2bin'
  /** After an option. */
  readonly parse: (where: Where, text: string) => NonNullable<FactoryData[P]>
  /** In a column, where it is written another way: as the number that the partition holds. */
  readonly parseColumn?: (where: Where, text: string) => NonNullable<FactoryData[P]>
}

/** A value that the firmware can use; otherwise the check's sentence, after where the value stands. */
export const checkedField = <P extends Property>(
  where: Where,
  property: P,
  value: NonNullable<FactoryData[P]>,
): NonNullable<FactoryData[P]> => {
  try {
    checkFactoryData({ vendorId: 1, productId: 1, [property]: value })
  } catch (error) {
    if (error instanceof FactoryDataError) throw new GenerationError(`${where}: ${error.message}`)
    throw error
  }
  return value
}

type TextProperty = { [P in Property]-?: string extends NonNullable<FactoryData[P]> ? P : never }[Property]
type NumberProperty = { [P in Property]-?: number extends NonNullable<FactoryData[P]> ? P : never }[Property]

const text = <P extends TextProperty>(option: string, key: string, property: P): Field<P> => ({
  option,
  key,
  property,
  encoding: 'string',
  parse: (where, value) => checkedField(where, property, textOf(where, value) as NonNullable<FactoryData[P]>),
})

const number = <P extends NumberProperty>(
  option: string,
  key: string,
  property: P,
  choices?: readonly string[],
): Field<P> => {
  const parseNumber = (where: Where, value: string): NonNullable<FactoryData[P]> =>
    checkedField(where, property, wholeNumber(where, value, 0, 0xffffffff) as NonNullable<FactoryData[P]>)
  return {
    option,
    key,
    property,
    encoding: 'u32',
    parse: choices ? (where, value) => choiceOf(where, value, choices) as NonNullable<FactoryData[P]> : parseNumber,
    parseColumn: parseNumber,
  }
}

const ROTATING_ID_BYTES = 16

/** `vendorId`, `productId` and what is a device's for its commissioning are apart: `request.ts`, `unit-columns.ts`. */
export const PRODUCT_FIELDS: readonly Field<Property>[] = [
  text('vendorName', 'vendor-name', 'vendorName'),
  text('productName', 'product-name', 'productName'),
  number('hwVer', 'hardware-ver', 'hardwareVersion'),
  text('hwVerStr', 'hw-ver-str', 'hardwareVersionString'),
  text('mfgDate', 'mfg-date', 'manufacturingDate'),
  {
    option: 'rdIdUid',
    key: 'rd-id-uid',
    property: 'rotatingId',
    encoding: 'hex2bin',
    parse: (where, value) => hexOf(where, value, ROTATING_ID_BYTES),
  },
  number('productFinish', 'product-finish', 'productFinish', PRODUCT_FINISHES),
  number('productColor', 'product-color', 'productColor', PRODUCT_COLORS),
  text('partNumber', 'part-number', 'partNumber'),
  text('serialNum', 'serial-num', 'serialNumber'),
  text('productLabel', 'product-label', 'productLabel'),
  text('productUrl', 'product-url', 'productUrl'),
  number('locCapability', 'loc-capability', 'locationCapability', LOCATION_CAPABILITIES),
  text('mqttHost', 'mqtt_host', 'mqttHost'),
]

/** `vendorName` → `--vendor-name` */
export const optionName = (option: string): string =>
  `--${option.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)}`

/** The product's fields among parsed options. */
export const productFields = (options: Readonly<Record<string, unknown>>): Partial<FactoryData> =>
  Object.fromEntries(
    PRODUCT_FIELDS.flatMap(({ option, property, parse }) => {
      const value = options[option]
      return typeof value === 'string' ? [[property, parse(optionName(option), value)]] : []
    }),
  )

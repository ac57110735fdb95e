/**
 * What a product's or a device's manufacturing partition may hold, by option and by NVS key: one rule for both. Lengths are the
 * buffers of connectedhomeip's basic information cluster.
 */
import type { FactoryData } from '../espressif/factory-partition.ts'
import { choiceOf, hexOf, manufacturingDateOf, textOf, wholeNumber, type Where } from './option-value.ts'

export const PRODUCT_FINISHES = ['other', 'matte', 'satin', 'polished', 'rugged', 'fabric'] as const
export const PRODUCT_COLORS = [
  ...['black', 'navy', 'green', 'teal', 'maroon', 'purple', 'olive', 'gray', 'blue', 'lime', 'aqua', 'red'],
  ...['fuchsia', 'yellow', 'white', 'nickel', 'chrome', 'brass', 'copper', 'silver', 'gold'],
] as const

type Property = keyof FactoryData

interface Field<P extends Property> {
  /** In the parsed options of `imprint generate`. */
  readonly option: string
  readonly key: string
  readonly property: P
  /** After an option. */
  readonly parse: (where: Where, text: string) => NonNullable<FactoryData[P]>
  /** In a column, where it is written another way: as the number that the partition holds. */
  readonly parseColumn?: (where: Where, text: string) => NonNullable<FactoryData[P]>
}

const field = <P extends Property>(definition: Field<P>): Field<P> => definition

const text =
  (most: number) =>
  (where: Where, value: string): string =>
    textOf(where, value, most)
const number =
  (most: number) =>
  (where: Where, value: string): number =>
    wholeNumber(where, value, 0, most)
const choice =
  (choices: readonly string[]) =>
  (where: Where, value: string): number =>
    choiceOf(where, value, choices)

export const SERIAL_NUMBER_BYTES = 32
export const ROTATING_ID_BYTES = 16

export const PRODUCT_FIELDS = [
  field({ option: 'vendorName', key: 'vendor-name', property: 'vendorName', parse: text(32) }),
  field({ option: 'productName', key: 'product-name', property: 'productName', parse: text(32) }),
  field({ option: 'hwVer', key: 'hardware-ver', property: 'hardwareVersion', parse: number(0xffff) }),
  field({ option: 'hwVerStr', key: 'hw-ver-str', property: 'hardwareVersionString', parse: text(64) }),
  field({ option: 'mfgDate', key: 'mfg-date', property: 'manufacturingDate', parse: manufacturingDateOf }),
  field({
    option: 'rdIdUid',
    key: 'rd-id-uid',
    property: 'rotatingId',
    parse: (where, value) => hexOf(where, value, ROTATING_ID_BYTES),
  }),
  field({
    option: 'productFinish',
    key: 'product-finish',
    property: 'productFinish',
    parse: choice(PRODUCT_FINISHES),
    parseColumn: number(PRODUCT_FINISHES.length - 1),
  }),
  field({
    option: 'productColor',
    key: 'product-color',
    property: 'productColor',
    parse: choice(PRODUCT_COLORS),
    parseColumn: number(PRODUCT_COLORS.length - 1),
  }),
  field({ option: 'partNumber', key: 'part-number', property: 'partNumber', parse: text(32) }),
  field({ option: 'serialNum', key: 'serial-num', property: 'serialNumber', parse: text(SERIAL_NUMBER_BYTES) }),
  field({ option: 'productLabel', key: 'product-label', property: 'productLabel', parse: text(64) }),
  field({ option: 'productUrl', key: 'product-url', property: 'productUrl', parse: text(256) }),
  field({ option: 'mqttHost', key: 'mqtt_host', property: 'mqttHost', parse: text(256) }),
] as const

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

/** The columns of `--mcsv` that mean something: what each makes of its field. All others are the user's own NVS keys. */
import type { FactoryData } from '../espressif/factory-partition.ts'
import { discriminatorOf, iterationsOf, passcodeOf, saltOf, verifierOf } from './commissioning.ts'
import { GenerationError } from './generation-error.ts'
import { wholeNumber, type Where } from './option-value.ts'
import { PRODUCT_FIELDS } from './product-fields.ts'

/** A device's row as far as it has been read. */
export interface UnitRow {
  passcode?: number
  dacCertificate?: { readonly where: Where; readonly path: string }
  dacKey?: { readonly where: Where; readonly path: string }
  data: Partial<FactoryData>
}

export interface UnitColumn {
  /** How the partition holds it, for the check of `--csv`; undefined for what is in no partition. */
  readonly encoding: string | undefined
  readonly read: (row: UnitRow, where: Where, text: string) => void
}

const data = <P extends keyof FactoryData>(
  property: P,
  encoding: string,
  parse: (where: Where, text: string) => NonNullable<FactoryData[P]>,
): UnitColumn => ({
  encoding,
  read(row, where, text) {
    row.data = { ...row.data, [property]: parse(where, text) }
  },
})

const ofProduct = (product: 'vendorId' | 'productId', value: number): UnitColumn => ({
  encoding: 'u32',
  read(_, where, text) {
    const found = wholeNumber(where, text, 1, 0xffff)
    if (found !== value)
      throw new GenerationError(
        `${where} ${text} is not the product's: --${product === 'vendorId' ? 'vendor-id' : 'product-id'} is ${value}`,
      )
  },
})

/** By key. */
export const unitColumns = (product: { vendorId: number; productId: number }): ReadonlyMap<string, UnitColumn> =>
  new Map<string, UnitColumn>([
    [
      'passcode',
      {
        encoding: undefined,
        read(row, where, text) {
          row.passcode = passcodeOf(where, text)
        },
      },
    ],
    [
      'dac-cert',
      {
        encoding: undefined,
        read(row, where, path) {
          row.dacCertificate = { where, path }
        },
      },
    ],
    [
      'dac-key',
      {
        encoding: undefined,
        read(row, where, path) {
          row.dacKey = { where, path }
        },
      },
    ],
    ['vendor-id', ofProduct('vendorId', product.vendorId)],
    ['product-id', ofProduct('productId', product.productId)],
    ['discriminator', data('discriminator', 'u32', discriminatorOf)],
    ['iteration-count', data('iterations', 'u32', iterationsOf)],
    ['salt', data('salt', 'string', saltOf)],
    ['verifier', data('verifier', 'string', verifierOf)],
    ...PRODUCT_FIELDS.map(({ key, property, encoding, parse, parseColumn }): [string, UnitColumn] => [
      key,
      data(property, encoding, parseColumn ?? parse),
    ]),
  ])

/** Columns that need no row in `--csv`. */
export const IMPLIED_COLUMNS: readonly string[] = ['passcode', 'dac-cert', 'dac-key']

/** Keys of the partition that no column can set, and why. */
export const FORBIDDEN_COLUMNS: Readonly<Record<string, string>> = {
  'dac-pub-key': 'it is made from dac-key',
  'pai-cert': 'it is given by --cert',
  'cert-dclrn': 'it is given by --cert-dclrn',
}

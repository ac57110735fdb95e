/** The TLV inside a Certification Declaration (Matter core specification, section 6.3.1): its fields and both directions. */
import { decodeTlv, member, TlvError, type TlvElement, type TlvValue } from './tlv.ts'
import { encodeTlv } from './tlv-encode.ts'

/** Why a Certification Declaration cannot be read or made. */
export class DeclarationError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'DeclarationError'
  }
}

export interface CertificationDeclaration {
  /** 1 is the only one there is. */
  readonly formatVersion: number
  readonly vendorId: number
  /** 1 to 100. */
  readonly productIds: readonly number[]
  readonly deviceTypeId: number
  /** 19 characters: `CSA00000SWC00000-00`. */
  readonly certificateId: string
  readonly securityLevel: number
  readonly securityInformation: number
  readonly versionNumber: number
  /** 0 development and test, 1 provisional, 2 official. */
  readonly certificationType: number
  /** Whose DACs the product uses, where it is not the product's vendor. */
  readonly dacOrigin?: { readonly vendorId: number; readonly productId: number } | undefined
  /** Subject key identifiers of 20 bytes. */
  readonly authorizedPaas?: readonly Uint8Array[] | undefined
}

const TAG = {
  formatVersion: 0,
  vendorId: 1,
  productIds: 2,
  deviceTypeId: 3,
  certificateId: 4,
  securityLevel: 5,
  securityInformation: 6,
  versionNumber: 7,
  certificationType: 8,
  originVendorId: 9,
  originProductId: 10,
  authorizedPaas: 11,
} as const

/** Largest values of the numbers. */
const LARGEST = {
  formatVersion: 0xffff,
  vendorId: 0xffff,
  deviceTypeId: 0xffffffff,
  securityLevel: 0xff,
  securityInformation: 0xffff,
  versionNumber: 0xffff,
  certificationType: 0xff,
  originVendorId: 0xffff,
  originProductId: 0xffff,
} as const
type NumberField = keyof typeof LARGEST

const MOST_PRODUCTS = 100
const MOST_PAAS = 10
const CERTIFICATE_ID = 19
const KEY_IDENTIFIER = 20

const fail = (message: string): never => {
  throw new DeclarationError(`the Certification Declaration ${message}`)
}

/** Some published declarations write a number as a signed one. */
const asNumber = (element: TlvElement | undefined, what: string, largest: number): number =>
  (element?.type === 'uint' || element?.type === 'int') && element.value >= 0n && element.value <= BigInt(largest)
    ? Number(element.value)
    : fail(`holds no ${what} from 0 to ${largest}`)

const asArray = (element: TlvElement | undefined, what: string, most: number): readonly TlvElement[] =>
  element?.type === 'array' && element.value.length >= 1 && element.value.length <= most
    ? element.value
    : fail(`holds no array of 1 to ${most} ${what}`)

/** @throws DeclarationError */
export const decodeDeclarationContent = (bytes: Uint8Array): CertificationDeclaration => {
  let root: TlvElement
  try {
    root = decodeTlv(bytes)
  } catch (error) {
    if (error instanceof TlvError) return fail(`cannot be read: ${error.message}`)
    throw error
  }
  if (root.type !== 'structure' || root.tag !== undefined) return fail('holds no anonymous structure')
  const number = (field: NumberField): number => asNumber(member(root, TAG[field]), field, LARGEST[field])
  const certificateId = member(root, TAG.certificateId)
  if (certificateId?.type !== 'text' || certificateId.value.length !== CERTIFICATE_ID)
    return fail(`holds no certificate ID of ${CERTIFICATE_ID} characters`)
  const hasOrigin = [TAG.originVendorId, TAG.originProductId].map((tag) => member(root, tag) !== undefined)
  if (hasOrigin[0] !== hasOrigin[1]) return fail('holds one half of the DAC origin: both IDs or none are allowed')
  const paas = member(root, TAG.authorizedPaas)
  return {
    formatVersion: number('formatVersion'),
    vendorId: number('vendorId'),
    productIds: asArray(member(root, TAG.productIds), 'product IDs', MOST_PRODUCTS).map((element) =>
      asNumber(element, 'product ID', 0xffff),
    ),
    deviceTypeId: number('deviceTypeId'),
    certificateId: certificateId.value,
    securityLevel: number('securityLevel'),
    securityInformation: number('securityInformation'),
    versionNumber: number('versionNumber'),
    certificationType: number('certificationType'),
    ...(hasOrigin[0]
      ? { dacOrigin: { vendorId: number('originVendorId'), productId: number('originProductId') } }
      : {}),
    ...(paas
      ? {
          authorizedPaas: asArray(paas, 'authorized PAAs', MOST_PAAS).map((element) =>
            element.type === 'bytes' && element.value.length === KEY_IDENTIFIER
              ? element.value
              : fail(`holds an authorized PAA that is no key identifier of ${KEY_IDENTIFIER} bytes`),
          ),
        }
      : {}),
  }
}

/** @throws DeclarationError when a value is outside its limits */
export const encodeDeclarationContent = (declaration: CertificationDeclaration): Uint8Array => {
  const { dacOrigin, authorizedPaas, productIds, certificateId } = declaration
  const uint = (value: number): TlvValue => ({ type: 'uint', value: BigInt(value) })
  const numbers: Partial<Record<NumberField, number>> = {
    ...declaration,
    ...(dacOrigin ? { originVendorId: dacOrigin.vendorId, originProductId: dacOrigin.productId } : {}),
  }
  const values: Record<keyof typeof TAG, TlvValue | undefined> = {
    ...(Object.fromEntries(
      (Object.keys(LARGEST) as NumberField[]).map((field) => {
        const value = numbers[field]
        if (value !== undefined && !(Number.isInteger(value) && value >= 0 && value <= LARGEST[field]))
          fail(`cannot hold ${field} ${value}; 0 to ${LARGEST[field]} are allowed`)
        return [field, value === undefined ? undefined : uint(value)]
      }),
    ) as Record<NumberField, TlvValue | undefined>),
    productIds: { type: 'array', value: productIds.map((id) => ({ tag: undefined, ...uint(id) })) },
    certificateId: { type: 'text', value: certificateId },
    authorizedPaas: authorizedPaas && {
      type: 'array',
      value: authorizedPaas.map((id) => ({ tag: undefined, type: 'bytes', value: id })),
    },
  }
  const items = (Object.keys(TAG) as (keyof typeof TAG)[]).flatMap((field): TlvElement[] => {
    const value = values[field]
    return value ? [{ tag: TAG[field], ...value }] : []
  })
  const bytes = encodeTlv({ tag: undefined, type: 'structure', value: items })
  decodeDeclarationContent(bytes)
  return bytes
}

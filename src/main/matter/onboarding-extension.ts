/**
 * What a QR code may carry after its 88 bits (Matter core specification, section 5.1.5): an anonymous TLV structure with
 * context-specific tags, those from 128 on a vendor's own.
 */
import { OnboardingError } from './onboarding-error.ts'
import { ITERATIONS, SALT_LENGTHS } from './spake2p.ts'
import { decodeTlv, TlvError, type TlvElement, type TlvValue } from './tlv.ts'
import { encodeTlv } from './tlv-encode.ts'

export interface OnboardingExtension {
  /** Text of 1 to 32 bytes, or a number. */
  readonly serialNumber?: string | number | undefined
  /** Of PBKDF2: 1,000 to 100,000. */
  readonly iterations?: number | undefined
  /** Of PBKDF2: 16 to 32 bytes. */
  readonly salt?: Uint8Array | undefined
  readonly numberOfDevices?: number | undefined
  /** Seconds. */
  readonly commissioningTimeout?: number | undefined
  /** Elements with other tags, as they are. */
  readonly others?: readonly TlvElement[] | undefined
}

const TAG = { serialNumber: 0, iterations: 1, salt: 2, numberOfDevices: 3, commissioningTimeout: 4 } as const
type Name = keyof typeof TAG
const NAMES = new Map<unknown, Name>((Object.keys(TAG) as Name[]).map((name) => [TAG[name], name]))

const LIMITS = {
  serialNumber: [0, 0xffffffff],
  iterations: [ITERATIONS.least, ITERATIONS.most],
  numberOfDevices: [1, 0xff],
  commissioningTimeout: [0, 0xffff],
} as const
const LONGEST_SERIAL = 32

const WORDS: Readonly<Record<Name, string>> = {
  serialNumber: 'serial number',
  iterations: 'iteration count',
  salt: 'salt',
  numberOfDevices: 'number of devices',
  commissioningTimeout: 'commissioning timeout',
}

const within = (name: keyof typeof LIMITS, value: number | undefined): void => {
  const [least, most] = LIMITS[name]
  if (value !== undefined && (!Number.isInteger(value) || value < least || value > most))
    throw new OnboardingError('range', `${WORDS[name]} ${value} is not allowed; ${least} to ${most} are`)
}

const lengthWithin = (what: string, length: number, least: number, most: number): void => {
  if (length < least || length > most)
    throw new OnboardingError('range', `the ${what} has ${length} bytes; ${least} to ${most} are allowed`)
}

/** @throws OnboardingError naming the value and what is allowed */
export const checkExtension = (extension: OnboardingExtension): void => {
  const { serialNumber, salt } = extension
  if (typeof serialNumber === 'string')
    lengthWithin(WORDS.serialNumber, Buffer.byteLength(serialNumber), 1, LONGEST_SERIAL)
  else within('serialNumber', serialNumber)
  within('iterations', extension.iterations)
  if (salt) lengthWithin(WORDS.salt, salt.length, SALT_LENGTHS.least, SALT_LENGTHS.most)
  within('numberOfDevices', extension.numberOfDevices)
  within('commissioningTimeout', extension.commissioningTimeout)
  const taken = extension.others?.find((element) => NAMES.has(element.tag))
  if (taken)
    throw new OnboardingError('range', `tag ${String(taken.tag)} is the ${WORDS[NAMES.get(taken.tag) ?? 'salt']}`)
}

const valueOf = (value: string | number | Uint8Array): TlvValue => {
  if (typeof value === 'string') return { type: 'text', value }
  return typeof value === 'number' ? { type: 'uint', value: BigInt(value) } : { type: 'bytes', value }
}

export const encodeExtension = (extension: OnboardingExtension): Uint8Array => {
  checkExtension(extension)
  const items = (Object.keys(TAG) as Name[]).flatMap((name): TlvElement[] => {
    const value = extension[name]
    return value === undefined ? [] : [{ tag: TAG[name], ...valueOf(value) }]
  })
  return encodeTlv({ tag: undefined, type: 'structure', value: [...items, ...(extension.others ?? [])] })
}

const numberOf = (name: Name, element: TlvElement): number => {
  // A number may also have been written as a signed one.
  if ((element.type === 'uint' || element.type === 'int') && element.value >= 0n && element.value <= 0xffffffffn)
    return Number(element.value)
  throw new OnboardingError('value', `the ${WORDS[name]} of the QR payload is no number that is allowed`)
}

const saltOf = (element: TlvElement): Uint8Array => {
  if (element.type === 'bytes') return element.value
  throw new OnboardingError('value', 'the salt of the QR payload is no byte string')
}

/** @throws OnboardingError saying what is wrong */
export const decodeExtension = (bytes: Uint8Array): OnboardingExtension => {
  let root: TlvElement
  try {
    root = decodeTlv(bytes)
  } catch (error) {
    if (error instanceof TlvError)
      throw new OnboardingError('value', `the TLV part of the QR payload cannot be read: ${error.message}`)
    throw error
  }
  if (root.type !== 'structure' || root.tag !== undefined)
    throw new OnboardingError('value', 'the TLV part of the QR payload is no anonymous structure')
  const found: { -readonly [Key in keyof OnboardingExtension]: OnboardingExtension[Key] } = {}
  const others: TlvElement[] = []
  for (const element of root.value) {
    const name = NAMES.get(element.tag)
    if (name !== undefined && found[name] !== undefined)
      throw new OnboardingError('value', `the QR payload holds the ${WORDS[name]} twice`)
    if (name === undefined) others.push(element)
    else if (name === 'serialNumber') found[name] = element.type === 'text' ? element.value : numberOf(name, element)
    else if (name === 'salt') found[name] = saltOf(element)
    else found[name] = numberOf(name, element)
  }
  const extension = others.length > 0 ? { ...found, others } : found
  checkExtension(extension)
  return extension
}

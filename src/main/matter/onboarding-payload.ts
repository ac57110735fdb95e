/**
 * The onboarding payload as a QR code's text and as a manual pairing code (Matter core specification, sections 5.1.3 and 5.1.4).
 * The fields of the packed payload are a table; encoder and decoder follow it.
 */
import { decodeBase38, encodeBase38 } from './base38.ts'
import { checkExtension, decodeExtension, encodeExtension, type OnboardingExtension } from './onboarding-extension.ts'
import { OnboardingError } from './onboarding-error.ts'
import { isValidPasscode, LARGEST_DISCRIMINATOR } from './passcode.ts'
import { verhoeffDigit } from './verhoeff.ts'

/** 0 standard, 1 user intent, 2 custom. */
export type CommissioningFlow = 0 | 1 | 2

export interface OnboardingPayload {
  readonly vendorId: number
  readonly productId: number
  readonly flow: CommissioningFlow
  /** Bit mask: 2 BLE, 4 on-network, 8 Wi-Fi PAF, 16 NFC, 32 Thread. */
  readonly discovery: number
  readonly discriminator: number
  readonly passcode: number
  /** In the QR code only. */
  readonly extension?: OnboardingExtension | undefined
}

/** The bits of `discovery`. Bit 0 was a soft access point and is reserved now. */
export const DISCOVERY = { ble: 2, onNetwork: 4, wifiPaf: 8, nfc: 16, thread: 32 } as const

type Field = Exclude<keyof OnboardingPayload, 'extension'> | 'version' | 'padding'

/** From the lowest bit (table 37 'Packed Binary Data Structure for Onboarding Payload'). */
const LAYOUT: readonly { readonly field: Field; readonly bits: number }[] = [
  { field: 'version', bits: 3 },
  { field: 'vendorId', bits: 16 },
  { field: 'productId', bits: 16 },
  { field: 'flow', bits: 2 },
  { field: 'discovery', bits: 8 },
  { field: 'discriminator', bits: 12 },
  { field: 'passcode', bits: 27 },
  { field: 'padding', bits: 4 },
]
const PACKED_BYTES = 11
const PREFIX = 'MT:'

/** @throws OnboardingError naming the value and what is allowed */
export const checkOnboarding = (payload: OnboardingPayload): void => {
  const within = (name: string, value: number, least: number, most: number): void => {
    if (!Number.isInteger(value) || value < least || value > most)
      throw new OnboardingError('range', `${name} ${value} is not allowed; ${least} to ${most} are`)
  }
  within('vendor ID', payload.vendorId, 0, 0xffff)
  within('product ID', payload.productId, 0, 0xffff)
  within('commissioning flow', payload.flow, 0, 2)
  within('discovery', payload.discovery, 0, 0xff)
  within('discriminator', payload.discriminator, 0, LARGEST_DISCRIMINATOR)
  if (!isValidPasscode(payload.passcode))
    throw new OnboardingError(
      'range',
      'the passcode is not allowed; 1 to 99999998 are, but for the twelve trivial ones',
    )
  if (payload.extension) checkExtension(payload.extension)
}

/** The text of the QR code: `MT:` and 19 characters, more with an extension. */
export const encodeQrPayload = (payload: OnboardingPayload): string => {
  checkOnboarding(payload)
  const { extension, ...fields } = payload
  const values: Record<Field, number> = { ...fields, version: 0, padding: 0 }
  let packed = 0n
  let shift = 0n
  for (const { field, bits } of LAYOUT) {
    packed |= BigInt(values[field]) << shift
    shift += BigInt(bits)
  }
  const bytes = new Uint8Array(PACKED_BYTES)
  for (let index = 0; index < PACKED_BYTES; index++) bytes[index] = Number((packed >> BigInt(8 * index)) & 0xffn)
  return PREFIX + encodeBase38(extension ? Buffer.concat([bytes, encodeExtension(extension)]) : bytes)
}

/** @throws OnboardingError saying what is wrong with the text */
export const parseQrPayload = (text: string): OnboardingPayload => {
  if (!text.startsWith(PREFIX)) throw new OnboardingError('character', `a Matter QR code begins with '${PREFIX}'`)
  const bytes = decodeBase38(text.slice(PREFIX.length))
  if (bytes.length < PACKED_BYTES)
    throw new OnboardingError(
      'length',
      `the QR payload holds ${bytes.length} bytes; at least ${PACKED_BYTES} are needed`,
    )
  let packed = 0n
  for (let index = PACKED_BYTES - 1; index >= 0; index--) packed = (packed << 8n) | BigInt(bytes[index] ?? 0)
  const values = {} as Record<Field, number>
  for (const { field, bits } of LAYOUT) {
    values[field] = Number(packed & ((1n << BigInt(bits)) - 1n))
    packed >>= BigInt(bits)
  }
  const { version, padding, ...payload } = values
  if (version !== 0) throw new OnboardingError('version', `the QR payload has version ${version}; 0 is known`)
  if (padding !== 0) throw new OnboardingError('value', 'the padding bits of the QR payload are not zero')
  const rest = bytes.subarray(PACKED_BYTES)
  const result = {
    ...payload,
    flow: payload.flow as CommissioningFlow,
    ...(rest.length > 0 ? { extension: decodeExtension(rest) } : {}),
  }
  checkOnboarding(result)
  return result
}

const digits = (value: number, length: number): string => String(value).padStart(length, '0')

/**
 * The manual pairing code: 11 digits for the standard flow, 21 with vendor and product ID for the others. It carries the upper four
 * bits of the discriminator only.
 */
export const encodeManualCode = (payload: OnboardingPayload): string => {
  checkOnboarding(payload)
  const long = payload.flow !== 0
  const discriminator = payload.discriminator >> 8
  const body =
    digits((long ? 4 : 0) | (discriminator >> 2), 1) +
    digits(((discriminator & 3) << 14) | (payload.passcode & 0x3fff), 5) +
    digits(payload.passcode >> 14, 4) +
    (long ? digits(payload.vendorId, 5) + digits(payload.productId, 5) : '')
  return body + verhoeffDigit(body)
}

export interface ManualCode {
  /** The upper four bits. */
  readonly shortDiscriminator: number
  readonly passcode: number
  readonly vendorId: number | undefined
  readonly productId: number | undefined
}

/** Reads a manual pairing code with or without dashes and spaces. @throws OnboardingError */
export const parseManualCode = (text: string): ManualCode => {
  const code = text.replace(/[\s-]/gu, '')
  if (!/^\d*$/u.test(code))
    throw new OnboardingError('character', 'a manual pairing code holds digits, dashes and spaces only')
  if (code.length !== 11 && code.length !== 21)
    throw new OnboardingError('length', `the manual pairing code has ${code.length} digits; 11 or 21 are allowed`)
  if (verhoeffDigit(code.slice(0, -1)) !== code.at(-1))
    throw new OnboardingError('check-digit', 'the last digit of the manual pairing code does not agree with the others')
  const first = Number(code[0])
  const second = Number(code.slice(1, 6))
  const third = Number(code.slice(6, 10))
  const long = code.length === 21
  if (first > 7 || first >> 2 !== (long ? 1 : 0) || second > 0xffff || third > 0x1fff)
    throw new OnboardingError(
      'value',
      'the manual pairing code holds a number that is too large or a length that its first digit does not allow',
    )
  const passcode = (third << 14) | (second & 0x3fff)
  if (!isValidPasscode(passcode))
    throw new OnboardingError('range', 'the manual pairing code holds a passcode that is not allowed')
  const vendorId = long ? Number(code.slice(10, 15)) : undefined
  const productId = long ? Number(code.slice(15, 20)) : undefined
  if ((vendorId ?? 0) > 0xffff || (productId ?? 0) > 0xffff)
    throw new OnboardingError('value', 'the manual pairing code holds a vendor or product ID above 65535')
  return { shortDiscriminator: ((first & 3) << 2) | (second >> 14), passcode, vendorId, productId }
}

/** As printed: `1234-567-8901`, and for 21 digits a second line `2345-678-90-1`. */
export const formatManualCode = (code: string): string[] => {
  const lines = [`${code.slice(0, 4)}-${code.slice(4, 7)}-${code.slice(7, 11)}`]
  if (code.length === 21)
    lines.push(`${code.slice(11, 15)}-${code.slice(15, 18)}-${code.slice(18, 20)}-${code.slice(20)}`)
  return lines
}

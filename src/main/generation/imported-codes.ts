/** Codes that came with a device: read, and held against each other and against what else is known. */
import { parseManualCode, parseQrPayload } from '../matter/onboarding-payload.ts'
import { GenerationError } from './generation-error.ts'

/** A value with the place where it stands. */
export interface Placed<T> {
  readonly value: T
  readonly where: string
}

export interface CodeSources {
  readonly qrCode?: Placed<string> | undefined
  readonly manualCode?: Placed<string> | undefined
  readonly passcode?: Placed<number> | undefined
  /** From each place where it stands. */
  readonly discriminators: readonly (Placed<number> | undefined)[]
  readonly vendorId?: Placed<number> | undefined
  readonly productId?: Placed<number> | undefined
}

export interface KnownCodes {
  readonly passcode: number | undefined
  readonly discriminator: number | undefined
  readonly vendorId: number | undefined
  readonly productId: number | undefined
}

const read = <T>({ value, where }: Placed<string>, parse: (text: string) => T): T => {
  try {
    return parse(value)
  } catch (error) {
    throw new GenerationError(`${where}: ${error instanceof Error ? error.message : 'it cannot be read'}`)
  }
}

/** The one value of several sources. @param secret is the value kept out of the message? */
const agreed = (
  what: string,
  sources: readonly (Placed<number | undefined> | undefined)[],
  secret = false,
): number | undefined => {
  const known = sources.flatMap((source) => (source?.value === undefined ? [] : [{ ...source, value: source.value }]))
  const [first] = known
  const other = known.find(({ value }) => value !== first?.value)
  if (first && other) {
    const values = secret ? '' : ` (${first.value} and ${other.value})`
    throw new GenerationError(
      `${other.where}: the ${what} is not that of ${first.where}${values}; label and device would disagree`,
    )
  }
  return first?.value
}

/** @throws GenerationError naming both places where two sources disagree */
export const knownCodes = (sources: CodeSources): KnownCodes => {
  const { qrCode, manualCode } = sources
  const qr = qrCode && { where: qrCode.where, ...read(qrCode, parseQrPayload) }
  const manual = manualCode && { where: manualCode.where, ...read(manualCode, parseManualCode) }
  const of = <K extends string>(code: ({ where: string } & { [Key in K]: number | undefined }) | undefined, key: K) =>
    code && { where: code.where, value: code[key] }
  const discriminator = agreed('discriminator', [of(qr, 'discriminator'), ...sources.discriminators])
  if (manual && discriminator !== undefined)
    agreed('upper part of the discriminator', [
      { where: (qr ?? sources.discriminators.find((source) => source) ?? manual).where, value: discriminator >> 8 },
      of(manual, 'shortDiscriminator'),
    ])
  return {
    discriminator,
    passcode: agreed('passcode', [of(qr, 'passcode'), of(manual, 'passcode'), sources.passcode], true),
    vendorId: agreed('vendor ID', [of(qr, 'vendorId'), of(manual, 'vendorId'), sources.vendorId]),
    productId: agreed('product ID', [of(qr, 'productId'), of(manual, 'productId'), sources.productId]),
  }
}

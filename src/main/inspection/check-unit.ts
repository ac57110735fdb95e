/** A spot check: do a label, the device that it stands on, and the records agree? Pure comparison, each point a finding. */
import { CHECK_SENTENCES, fillIn, type CheckSentence, type Values } from '../../contract/index.ts'
import type { FoundFactoryData } from '../espressif/factory-partition-read.ts'
import { OnboardingError } from '../matter/onboarding-error.ts'
import { parseManualCode, parseQrPayload } from '../matter/onboarding-payload.ts'
import { verifierMatches } from '../matter/spake2p.ts'

/** What a label's code says; what it does not say is undefined. */
export interface LabelClaim {
  readonly vendorId: number | undefined
  readonly productId: number | undefined
  readonly discriminator: number | undefined
  /** The upper four bits, from a manual pairing code. */
  readonly shortDiscriminator: number
  readonly passcode: number
}

/** What was read from the device. */
export interface DeviceFacts {
  readonly mac: string | null
  readonly factory: FoundFactoryData
  /** What is wrong with the partition itself. */
  readonly faults: readonly string[]
}

/** What the records say of the unit whose label was scanned. */
export interface RecordedFacts {
  readonly mac: string
  readonly serial: string
  /** Did its last run end with a pass? */
  readonly passed: boolean
}

export const CHECK_POINTS = [
  'partition',
  'vendor-and-product',
  'discriminator',
  'passcode',
  'record',
  'serial',
  'mac',
] as const
export type CheckPoint = (typeof CHECK_POINTS)[number]

export interface CheckFinding {
  readonly point: CheckPoint
  /** Null where it could not be checked. */
  readonly right: boolean | null
  readonly code: CheckSentence
  readonly values: Values
}

/** In English. */
export const checkText = ({ code, values }: Pick<CheckFinding, 'code' | 'values'>): string =>
  fillIn(CHECK_SENTENCES[code], values)

/** The text is no code of a label: what is wrong with it. */
export class LabelTextError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'LabelTextError'
  }
}

/** @param text of a QR code, or a manual pairing code with or without dashes @throws LabelTextError */
export const readLabelText = (text: string): LabelClaim => {
  const trimmed = text.trim()
  try {
    if (!trimmed.startsWith('MT:')) return { ...parseManualCode(trimmed), discriminator: undefined }
    const { vendorId, productId, discriminator, passcode } = parseQrPayload(trimmed)
    return { vendorId, productId, discriminator, shortDiscriminator: discriminator >> 8, passcode }
  } catch (error) {
    if (error instanceof OnboardingError) throw new LabelTextError(error.message)
    throw error
  }
}

const id = (value: number | undefined): string =>
  value === undefined ? 'none' : value.toString(16).toUpperCase().padStart(4, '0')

const finding = (
  point: CheckPoint,
  right: boolean,
  codes: readonly [good: CheckSentence, bad: CheckSentence],
  values: Values = {},
): CheckFinding => ({ point, right, code: codes[right ? 0 : 1], values })

const checkPartition = ({ faults }: DeviceFacts): CheckFinding =>
  finding('partition', faults.length === 0, ['partition-whole', 'partition-faulty'], { detail: faults.join('; ') })

const checkProduct = (label: LabelClaim, { factory }: DeviceFacts): CheckFinding => {
  const point = 'vendor-and-product'
  if (label.vendorId === undefined) return { point, right: null, code: 'product-not-said', values: {} }
  const onLabel = `${id(label.vendorId)}/${id(label.productId)}`
  const onDevice = `${id(factory.vendorId)}/${id(factory.productId)}`
  return finding(point, onLabel === onDevice, ['product-same', 'product-differs'], { label: onLabel, device: onDevice })
}

const checkDiscriminator = (label: LabelClaim, { factory }: DeviceFacts): CheckFinding => {
  const { discriminator: device } = factory
  const point = 'discriminator'
  if (device === undefined) return { point, right: false, code: 'discriminator-missing', values: {} }
  const { discriminator, shortDiscriminator } = label
  return discriminator === undefined
    ? finding(point, shortDiscriminator === device >> 8, ['discriminator-same', 'discriminator-differs-short'], {
        label: shortDiscriminator,
        device,
      })
    : finding(point, discriminator === device, ['discriminator-same', 'discriminator-differs'], {
        label: discriminator,
        device,
      })
}

const checkPasscode = (label: LabelClaim, { factory }: DeviceFacts): CheckFinding => {
  const point = 'passcode'
  const { verifier, salt, iterations } = factory
  if (!verifier || !salt || iterations === undefined)
    return { point, right: false, code: 'verifier-missing', values: {} }
  let matches: boolean
  try {
    matches = verifierMatches(verifier, { passcode: label.passcode, salt, iterations })
  } catch (error) {
    return { point, right: false, code: 'verifier-not-allowed', values: { detail: String(error) } }
  }
  return finding(point, matches, ['passcode-opens', 'passcode-does-not-open'])
}

const checkRecord = ({ mac, factory }: DeviceFacts, record: RecordedFacts | null | undefined): CheckFinding[] => {
  if (record === undefined) return []
  if (record === null) return [{ point: 'record', right: false, code: 'record-missing', values: {} }]
  const { serialNumber } = factory
  return [
    finding('record', record.passed, ['record-passed', 'record-not-passed'], { serial: record.serial }),
    serialNumber === undefined
      ? { point: 'serial', right: false, code: 'serial-missing', values: { label: record.serial } }
      : finding('serial', serialNumber === record.serial, ['serial-same', 'serial-differs'], {
          label: record.serial,
          device: serialNumber,
        }),
    mac === null
      ? { point: 'mac', right: null, code: 'mac-not-told', values: {} }
      : finding('mac', mac === record.mac, ['mac-same', 'mac-differs'], { label: record.mac, device: mac }),
  ]
}

/**
 * Compares a label with a device and, where there are any, with the records.
 *
 * @param record undefined where there are no records to ask, null where they know no such unit
 */
export const checkUnit = (
  label: LabelClaim,
  device: DeviceFacts,
  record: RecordedFacts | null | undefined,
): CheckFinding[] => [
  checkPartition(device),
  checkProduct(label, device),
  checkDiscriminator(label, device),
  checkPasscode(label, device),
  ...checkRecord(device, record),
]

/** One word for all: wrong as soon as one point is. */
export const isAllRight = (findings: readonly CheckFinding[]): boolean => findings.every((item) => item.right !== false)

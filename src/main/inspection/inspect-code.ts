/** What a QR code's text or a manual pairing code says. */
import { OnboardingError } from '../matter/onboarding-error.ts'
import {
  DISCOVERY,
  encodeManualCode,
  formatManualCode,
  parseManualCode,
  parseQrPayload,
  type OnboardingPayload,
} from '../matter/onboarding-payload.ts'
import { facts, hex, idWords, type Fact, type Inspection, type InspectedKind } from './inspection.ts'

const FLOWS = ['standard', 'user intent', 'custom'] as const
const DISCOVERY_WORDS: Readonly<Record<keyof typeof DISCOVERY, string>> = {
  ble: 'BLE',
  onNetwork: 'on-network',
  wifiPaf: 'Wi-Fi public action frames',
  nfc: 'NFC',
  thread: 'Thread',
}

const discoveryWords = (discovery: number): string => {
  const known = (Object.keys(DISCOVERY) as (keyof typeof DISCOVERY)[]).filter((bit) => discovery & DISCOVERY[bit])
  return known.length > 0 ? known.map((bit) => DISCOVERY_WORDS[bit]).join(', ') : 'none'
}

const extensionFacts = ({ extension }: OnboardingPayload): Fact[] =>
  facts(
    { name: 'serialNumber', label: 'serial number', value: extension?.serialNumber },
    { name: 'iterations', label: 'iteration count', value: extension?.iterations },
    { name: 'salt', label: 'salt', value: extension?.salt && hex(extension.salt) },
    { name: 'numberOfDevices', label: 'number of devices', value: extension?.numberOfDevices },
    { name: 'commissioningTimeout', label: 'commissioning timeout', value: extension?.commissioningTimeout },
    { name: 'otherElements', label: 'further elements', value: extension?.others?.length },
  )

const passcodeFact = (passcode: number): Fact => ({
  name: 'passcode',
  label: 'passcode',
  value: passcode,
  words: String(passcode).padStart(8, '0'),
  secret: true,
})

const qrCode = (text: string): Inspection => {
  const payload = parseQrPayload(text)
  const { vendorId, productId, discriminator, passcode, flow, discovery } = payload
  return {
    kind: 'qr-code',
    title: 'Matter QR code',
    facts: [
      ...facts(
        { name: 'vendorId', label: 'vendor ID', value: vendorId, words: idWords(vendorId) },
        { name: 'productId', label: 'product ID', value: productId, words: idWords(productId) },
        { name: 'discriminator', label: 'discriminator', value: discriminator },
        { name: 'flow', label: 'commissioning flow', value: flow, words: FLOWS[flow] },
        {
          name: 'discovery',
          label: 'discovery',
          value: discovery,
          words: `${discovery} (${discoveryWords(discovery)})`,
        },
      ),
      passcodeFact(passcode),
      {
        name: 'manualCode',
        label: 'manual code',
        value: formatManualCode(encodeManualCode(payload)).join(' '),
        secret: true,
      },
      ...extensionFacts(payload),
    ],
    problems: [],
    evidence: {
      codes: [{ passcode, discriminator, shortDiscriminator: discriminator >> 8, vendorId, productId }],
    },
  }
}

const manualCode = (text: string): Inspection => {
  const code = parseManualCode(text)
  const { vendorId, productId, shortDiscriminator, passcode } = code
  return {
    kind: 'manual-code',
    title: 'Matter manual pairing code',
    facts: [
      ...facts(
        { name: 'vendorId', label: 'vendor ID', value: vendorId, words: idWords(vendorId ?? 0) },
        { name: 'productId', label: 'product ID', value: productId, words: idWords(productId ?? 0) },
        { name: 'shortDiscriminator', label: 'upper bits of the discriminator', value: shortDiscriminator },
        {
          name: 'flow',
          label: 'commissioning flow',
          value: vendorId === undefined ? 'standard' : 'user intent or custom',
        },
      ),
      passcodeFact(passcode),
    ],
    problems: [],
    evidence: { codes: [{ ...code, discriminator: undefined }] },
  }
}

const READERS: Readonly<Partial<Record<InspectedKind, (text: string) => Inspection>>> = {
  'qr-code': qrCode,
  'manual-code': manualCode,
}

/** The kind of code that a text means to be; undefined when it means to be none. */
export const codeKind = (text: string): 'qr-code' | 'manual-code' | undefined => {
  if (/^MT:/iu.test(text.trim())) return 'qr-code'
  return /^\d[\d\s-]{9,30}$/u.test(text.trim()) ? 'manual-code' : undefined
}

/** @param text for which `codeKind` has an answer */
export const inspectCode = (text: string, kind: 'qr-code' | 'manual-code'): Inspection => {
  try {
    const reader = READERS[kind] ?? qrCode
    return reader(text.trim())
  } catch (error) {
    if (!(error instanceof OnboardingError)) throw error
    const title = kind === 'qr-code' ? 'Matter QR code' : 'Matter manual pairing code'
    return {
      kind,
      title,
      facts: [],
      problems: [{ severity: 'error', code: error.code, message: error.message }],
      evidence: {},
    }
  }
}

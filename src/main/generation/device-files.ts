/** The files of one device, named and filled as the incumbent's. */
import { join } from 'node:path'
import { nvsKeysFrom, writeNvsKeys } from '../espressif/nvs-keys.ts'
import { writeNvs } from '../espressif/nvs-write.ts'
import { certificatePem } from '../matter/certificate-issue.ts'
import { encodeManualCode, encodeQrPayload, formatManualCode } from '../matter/onboarding-payload.ts'
import { matterSecureCertEntries, type SecureCertCommissioning } from '../espressif/secure-cert-matter.ts'
import { writeSecureCert } from '../espressif/secure-cert-write.ts'
import { csvLine } from './csv-line.ts'
import { dacKeyDer, dacKeyPem } from './dac-key-files.ts'
import { partitionData, type Device } from './device.ts'
import { keyedRows, partitionRows, type PartitionRow } from './partition-rows.ts'
import type { GenerationPlan, GivenDevice } from './plan.ts'
import { qrPicture } from './qr-picture.ts'

export interface OutputFile {
  /** Within the device's folder. */
  readonly name: string
  readonly bytes: Uint8Array | string
  /** Holds a key in clear: only its owner may read it. */
  readonly secret: boolean
}

export interface Codes {
  readonly qr: string
  /** As printed: with dashes, and in two lines where it has 21 digits. */
  readonly manual: string
}

export interface DeviceOutput {
  readonly files: readonly OutputFile[]
  readonly rows: readonly PartitionRow[]
  /** Undefined where the firmware makes its own passcodes. */
  readonly codes: Codes | undefined
}

const INTERNAL = 'internal'

/** What stands on the label: always made from the values that are in the partition. */
export const codesOf = (plan: GenerationPlan, device: Device): Codes | undefined => {
  const { vendorId, productId, flow, discovery } = plan
  const { passcode, discriminator } = device
  if (passcode === undefined) return undefined
  const payload = { vendorId, productId, flow, discovery, discriminator, passcode }
  return { qr: encodeQrPayload(payload), manual: formatManualCode(encodeManualCode(payload)).join('\n') }
}

const RANDOM = 32

/** @throws Error when the device was made without them */
const secureCertCommissioning = (device: Device): SecureCertCommissioning => {
  const { discriminator, iterations, salt, verifier, rotatingId, secureCertRandom: random } = device
  if (!verifier || !rotatingId || !random) throw new Error('the device has no commissioning data for esp_secure_cert')
  const values = [random.subarray(0, RANDOM), random.subarray(RANDOM)] as const
  return { discriminator, iterations, salt, verifier, rotatingId, random: values }
}

/** The rows of a device's partition. They name files where they will be, not where they are written first. */
export const rowsOf = (plan: GenerationPlan, given: GivenDevice, device: Device): PartitionRow[] => {
  const place = (name: string): string => join(plan.folder, device.id, INTERNAL, name)
  return partitionRows(partitionData(plan, given, device), given.own, {
    'dac-cert': place('DAC_cert.der'),
    'dac-key': place('DAC_private_key.bin'),
    'dac-pub-key': place('DAC_public_key.bin'),
    'pai-cert': place('PAI_cert.der'),
    'cert-dclrn': plan.certificationDeclaration?.path,
  })
}

const attestationFiles = (plan: GenerationPlan, { dac }: Device): OutputFile[] => {
  if (!dac || !plan.attestation) return []
  const file = (name: string, bytes: Uint8Array | string, secret = false): OutputFile => ({
    name: join(INTERNAL, name),
    bytes,
    secret,
  })
  return [
    file('DAC_cert.pem', certificatePem(dac.certificate)),
    file('DAC_cert.der', dac.certificate),
    file('DAC_public_key.bin', dac.publicKey),
    file('PAI_cert.der', plan.attestation.paiCertificate),
    ...(plan.keyFiles
      ? [
          file('DAC_key.pem', dacKeyPem(dac), true),
          file('DAC_key.der', dacKeyDer(dac), true),
          file('DAC_private_key.bin', dac.privateKey, true),
        ]
      : []),
  ]
}

const partitionFiles = (plan: GenerationPlan, device: Device, rows: readonly PartitionRow[]): OutputFile[] => {
  const { size, image } = plan.partition
  if (!image) return []
  const keys = device.nvsKeys && nvsKeysFrom(device.nvsKeys)
  const bytes = writeNvs(
    rows.map(({ item }) => item),
    { size, version: 2, keys },
  )
  const holdsKey = device.dac !== undefined && !plan.secureCert
  return [
    { name: `${device.id}-partition.bin`, bytes, secret: holdsKey && !keys },
    ...(keys ? [{ name: `${device.id}-keys-partition.bin`, bytes: writeNvsKeys(keys), secret: true }] : []),
  ]
}

const secureCertFile = ({ secureCert, attestation }: GenerationPlan, device: Device): OutputFile[] => {
  const { id, dac } = device
  if (!secureCert || !attestation || !dac) return []
  const { efuseKeyId } = secureCert
  const entries = matterSecureCertEntries({
    dacCertificate: dac.certificate,
    paiCertificate: attestation.paiCertificate,
    key: efuseKeyId === undefined ? dac : { efuseKeyId },
    commissioning: secureCert.commissioning ? secureCertCommissioning(device) : undefined,
  })
  const bytes = writeSecureCert(entries)
  return [{ name: `${id}_esp_secure_cert.bin`, bytes, secret: efuseKeyId === undefined }]
}

const codeFiles = ({ id, discriminator, passcode }: Device, codes: Codes | undefined): OutputFile[] => {
  if (!codes) return []
  const table =
    csvLine(['qrcode', 'manualcode', 'discriminator', 'passcode'], '\n') +
    csvLine([codes.qr, codes.manual, String(discriminator), String(passcode)], '\n')
  return [
    { name: `${id}-onb_codes.csv`, bytes: table, secret: false },
    { name: `${id}-qrcode.png`, bytes: qrPicture(codes.qr), secret: false },
  ]
}

const partitionCsv = (rows: readonly PartitionRow[]): string =>
  csvLine(['key', 'type', 'encoding', 'value'], '\r\n') +
  rows
    .map(({ item, type, encoding, value }) =>
      csvLine([item.type === 'namespace' ? item.namespace : item.key, type, encoding, value], '\r\n'),
    )
    .join('')

/** @throws NvsError when the data does not fit into the partition */
export const deviceOutput = (plan: GenerationPlan, given: GivenDevice, device: Device): DeviceOutput => {
  const rows = rowsOf(plan, given, device)
  const codes = codesOf(plan, device)
  return {
    rows,
    codes,
    files: [
      ...partitionFiles(plan, device, rows),
      ...secureCertFile(plan, device),
      ...codeFiles(device, codes),
      ...attestationFiles(plan, device),
      { name: join(INTERNAL, 'partition.csv'), bytes: partitionCsv(rows), secret: false },
    ],
  }
}

/** The device's row of the summary: its partition's keys, then the codes, then what is in esp_secure_cert only. */
export const summaryColumns = (
  plan: GenerationPlan,
  device: Device,
  { rows, codes }: DeviceOutput,
): { key: string; value: string }[] => [
  ...keyedRows(rows),
  ...(codes
    ? [
        { key: 'pincode', value: String(device.passcode) },
        { key: 'qrcode', value: codes.qr },
        { key: 'manualcode', value: codes.manual },
      ]
    : []),
  ...(plan.secureCert?.commissioning
    ? [
        { key: 'discriminator', value: String(device.discriminator) },
        { key: 'iteration-count', value: String(device.iterations) },
        { key: 'salt', value: Buffer.from(device.salt).toString('base64') },
      ]
    : []),
  ...(plan.secureCert?.commissioning && device.rotatingId
    ? [{ key: 'rd-id-uid', value: Buffer.from(device.rotatingId).toString('hex') }]
    : []),
]

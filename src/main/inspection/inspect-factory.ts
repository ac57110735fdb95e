/** What a Matter manufacturing partition holds, in words that a person knows from the product. */
import { readFactory, type FoundFactoryData } from '../espressif/factory-partition-read.ts'
import { checkFactoryData, FactoryDataError } from '../espressif/factory-partition-check.ts'
import { FACTORY_NAMESPACES } from '../espressif/factory-partition.ts'
import type { NvsPartition } from '../espressif/nvs-read.ts'
import { KeyError, keyPairFromScalar } from '../matter/key-pair.ts'
import { verifierFault } from '../matter/spake2p.ts'
import { inspectCertificate } from './inspect-certificate.ts'
import { inspectDeclaration } from './inspect-declaration.ts'
import { facts, hex, idWords, type Evidence, type Fact, type Inspection, type Problem } from './inspection.ts'

export const holdsFactoryData = (partition: NvsPartition): boolean =>
  [...partition.namespaces.values()].includes(FACTORY_NAMESPACES.factory)

const factsOf = (data: FoundFactoryData): Fact[] => {
  const { vendorId, productId, salt, verifier, rotatingId, attestation } = data
  return facts(
    { name: 'vendorId', label: 'vendor ID', value: vendorId, words: idWords(vendorId ?? 0) },
    { name: 'vendorName', label: 'vendor name', value: data.vendorName },
    { name: 'productId', label: 'product ID', value: productId, words: idWords(productId ?? 0) },
    { name: 'productName', label: 'product name', value: data.productName },
    { name: 'serialNumber', label: 'serial number', value: data.serialNumber },
    { name: 'hardwareVersion', label: 'hardware version', value: data.hardwareVersion },
    { name: 'hardwareVersionString', label: 'hardware version text', value: data.hardwareVersionString },
    { name: 'manufacturingDate', label: 'manufactured', value: data.manufacturingDate },
    { name: 'partNumber', label: 'part number', value: data.partNumber },
    { name: 'productLabel', label: 'product label', value: data.productLabel },
    { name: 'productUrl', label: 'product URL', value: data.productUrl },
    { name: 'productFinish', label: 'product finish', value: data.productFinish },
    { name: 'productColor', label: 'product color', value: data.productColor },
    { name: 'discriminator', label: 'discriminator', value: data.discriminator },
    { name: 'iterations', label: 'iteration count', value: data.iterations },
    { name: 'salt', label: 'salt', value: salt && hex(salt) },
    { name: 'verifier', label: 'verifier', value: verifier && hex(verifier), secret: true },
    { name: 'rotatingId', label: 'unique id for rotating ids', value: rotatingId && hex(rotatingId), secret: true },
    { name: 'calendarTypes', label: 'calendar types', value: data.calendarTypes },
    { name: 'locales', label: 'locales', value: data.locales },
    {
      name: 'fixedLabels',
      label: 'fixed labels',
      value: data.fixedLabels?.map(({ endpoint, label, value }) => `${endpoint}/${label}/${value}`),
    },
    {
      name: 'supportedModes',
      label: 'supported modes',
      value: data.supportedModes?.map(({ endpoint, label, mode }) => `${mode}/${label}/${endpoint}`),
    },
    { name: 'locationCapability', label: 'location capability', value: data.locationCapability },
    { name: 'mqttHost', label: 'MQTT host', value: data.mqttHost },
    { name: 'uniqueId', label: 'unique ID', value: data.uniqueId },
    {
      name: 'dacPrivateKey',
      label: 'private key of the DAC',
      value: attestation?.dacPrivateKey && hex(attestation.dacPrivateKey),
      secret: true,
    },
  )
}

const error = (code: string, message: string): Problem => ({ severity: 'error', code, message })

const keyProblems = ({ attestation }: FoundFactoryData): { problems: Problem[]; publicKeys: Uint8Array[] } => {
  if (!attestation?.dacPrivateKey) return { problems: [], publicKeys: [] }
  try {
    const { publicKey } = keyPairFromScalar(attestation.dacPrivateKey)
    const stated = attestation.dacPublicKey
    const differs = stated && Buffer.compare(stated, publicKey) !== 0
    const message = "the public key of the DAC ('dac-pub-key') does not belong to its private key ('dac-key')"
    return { problems: differs ? [error('key-differs', message)] : [], publicKeys: [publicKey] }
  } catch (failure) {
    if (!(failure instanceof KeyError)) throw failure
    return { problems: [error('key', "the private key of the DAC ('dac-key') is no P-256 key")], publicKeys: [] }
  }
}

/** What the firmware would refuse, and what a working device needs. */
const contentProblems = (data: FoundFactoryData): Problem[] => {
  const problems: Problem[] = []
  if (data.vendorId === undefined || data.productId === undefined)
    problems.push(error('product-missing', "vendor or product ID is missing ('vendor-id', 'product-id')"))
  try {
    checkFactoryData({ vendorId: 1, productId: 1, ...data, attestation: undefined })
  } catch (failure) {
    if (!(failure instanceof FactoryDataError)) throw failure
    problems.push(error('value', failure.message))
  }
  const fault = data.verifier && verifierFault(data.verifier)
  if (fault !== undefined) problems.push(error('verifier', fault))
  if (!data.verifier && (data.salt || data.iterations !== undefined))
    problems.push({
      severity: 'note',
      code: 'no-verifier',
      message: 'there is no verifier: the firmware makes a passcode of its own, or keeps it in esp_secure_cert',
    })
  return problems
}

/** @param size of the partition in bytes */
export const inspectFactory = (partition: NvsPartition, size: number, encrypted: boolean, now: Date): Inspection => {
  const { data, others, faults } = readFactory(partition.entries)
  const { attestation, vendorId, productId, certificationDeclaration } = data
  const { problems, publicKeys } = keyProblems(data)
  const parts = [
    ...(attestation?.dacCertificate ? [inspectCertificate(attestation.dacCertificate, now, 'dac')] : []),
    ...(attestation?.paiCertificate ? [inspectCertificate(attestation.paiCertificate, now, 'pai')] : []),
    ...(certificationDeclaration ? [inspectDeclaration(certificationDeclaration)] : []),
  ]
  const evidence: Evidence = {
    publicKeys,
    commissioning: {
      discriminator: data.discriminator,
      verifier: data.verifier,
      salt: data.salt,
      iterations: data.iterations,
    },
    ...(vendorId !== undefined && productId !== undefined ? { product: { vendorId, productId } } : {}),
  }
  return {
    kind: 'factory-partition',
    title: `Matter manufacturing partition, ${size} bytes of NVS${encrypted ? ', encrypted' : ''}`,
    facts: [
      ...factsOf(data),
      ...facts({
        name: 'otherKeys',
        label: 'other keys',
        value: others.length > 0 ? others.map(({ namespace, key }) => `${namespace}/${key}`) : undefined,
      }),
    ],
    problems: [
      ...partition.findings,
      ...faults.map((message) => error('type', message)),
      ...contentProblems(data),
      ...problems,
    ],
    parts,
    evidence,
  }
}

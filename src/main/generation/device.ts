/** One device's values: given ones as they are, all others from a cryptographic source of randomness. */
import { createECDH, type KeyObject } from 'node:crypto'
import type { FactoryData } from '../espressif/factory-partition.ts'
import { serialNumberFrom } from '../matter/certificate-issue.ts'
import { readCertificate } from '../matter/certificate-read.ts'
import { generateDiscriminator, generatePasscode, type RandomBytes } from '../matter/passcode.ts'
import { computeVerifier } from '../matter/spake2p.ts'
import { dacIssuing } from './dac-template.ts'
import type { Dac, GenerationPlan, GivenDevice } from './plan.ts'

/** What makes a device this one. Nothing of it can be made again once it is lost. */
export interface Device {
  /** A UUID: the name of its folder and, for a DAC made here, the DAC's common name. */
  readonly id: string
  readonly serial: string
  /** Undefined where the firmware makes its own. */
  readonly passcode: number | undefined
  readonly discriminator: number
  readonly iterations: number
  readonly salt: Uint8Array
  readonly verifier: Uint8Array | undefined
  readonly rotatingId: Uint8Array | undefined
  readonly dac: Dac | undefined
  /** 64 bytes, of an encrypted partition. */
  readonly nvsKeys: Uint8Array | undefined
  /** 64 bytes beside the commissioning data in esp_secure_cert. */
  readonly secureCertRandom: Uint8Array | undefined
}

const LENGTHS = {
  id: 16,
  serial: 16,
  salt: 32,
  rotatingId: 16,
  certificateSerial: 20,
  nvsKeys: 64,
  secureCertRandom: 64,
} as const
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/iu

const newUuid = (randomBytes: RandomBytes): string => {
  const bytes = Buffer.from(randomBytes(LENGTHS.id))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/u, '$1-$2-$3-$4-')
}

/** Set up once, since that costs as much as a key. */
const curve = createECDH('prime256v1')

/** A P-256 key of the system's own source of randomness. */
export const newKeyPair = (): Omit<Dac, 'certificate'> => {
  const publicKey = curve.generateKeys()
  const scalar = curve.getPrivateKey()
  // Zeros in front are left out by the library.
  const privateKey = scalar.length === 32 ? scalar : Buffer.concat([Buffer.alloc(32 - scalar.length), scalar])
  return { privateKey, publicKey }
}

/** The common name of a given DAC names the folder, if it is a UUID. */
export const folderIdOf = (dac: Dac | undefined): string | undefined => {
  const name = dac && readCertificate(dac.certificate, 'the DAC').commonName
  return name !== undefined && UUID.test(name) ? name : undefined
}

/** A device's commissioning data: what takes nearly all of the time to make. */
export type Commissioning = Pick<Device, 'passcode' | 'iterations' | 'salt' | 'verifier'>

export const makeCommissioning = (
  plan: GenerationPlan,
  given: GivenDevice,
  randomBytes: RandomBytes,
): Commissioning => {
  const { data } = given
  const iterations = data.iterations ?? plan.iterations
  const salt = data.salt ?? randomBytes(LENGTHS.salt)
  const passcode = plan.dynamicPasscode ? undefined : (given.passcode ?? generatePasscode(randomBytes))
  // A verifier that was given has been compared with its passcode and salt already.
  const verifier =
    data.verifier ?? (passcode === undefined ? undefined : computeVerifier({ passcode, salt, iterations }))
  return { passcode, iterations, salt, verifier }
}

/** Signs a new DAC of this common name; undefined where the devices have none, or all are given. */
export type DacMaker = ((commonName: string) => Dac) | undefined

/** @param key of the plan's issuer, to sign with */
export const dacMaker = (plan: GenerationPlan, key: KeyObject, randomBytes: RandomBytes): DacMaker => {
  const issuer = plan.attestation?.issuer
  if (!issuer) return undefined
  const issue = dacIssuing(issuer, plan, key)
  return (commonName) => {
    const pair = newKeyPair()
    const serialNumber = serialNumberFrom(randomBytes(LENGTHS.certificateSerial))
    return { ...pair, certificate: issue({ serialNumber, commonName, publicKey: pair.publicKey }) }
  }
}

/** The whole device. */
export const makeDevice = (
  plan: GenerationPlan,
  given: GivenDevice,
  commissioning: Commissioning,
  makeDac: DacMaker,
  randomBytes: RandomBytes,
): Device => {
  const { data } = given
  const id = folderIdOf(given.dac) ?? newUuid(randomBytes)
  return {
    ...commissioning,
    id,
    serial: data.serialNumber ?? Buffer.from(randomBytes(LENGTHS.serial)).toString('hex'),
    discriminator: data.discriminator ?? generateDiscriminator(randomBytes),
    rotatingId: data.rotatingId ?? (plan.withRotatingId ? randomBytes(LENGTHS.rotatingId) : undefined),
    dac: given.dac ?? makeDac?.(id),
    nvsKeys: plan.partition.encrypt ? randomBytes(LENGTHS.nvsKeys) : undefined,
    secureCertRandom: plan.secureCert?.commissioning ? randomBytes(LENGTHS.secureCertRandom) : undefined,
  }
}

/** What the device's manufacturing partition holds; what goes into esp_secure_cert is left out. */
export const partitionData = (plan: GenerationPlan, given: GivenDevice, device: Device): FactoryData => {
  const { secureCert } = plan
  const commissionable = secureCert?.commissioning
    ? {}
    : {
        discriminator: device.discriminator,
        iterations: device.iterations,
        salt: device.salt,
        verifier: device.verifier,
      }
  return {
    ...plan.common,
    ...given.data,
    vendorId: plan.vendorId,
    productId: plan.productId,
    discriminator: undefined,
    iterations: undefined,
    salt: undefined,
    verifier: undefined,
    ...commissionable,
    serialNumber: device.serial,
    rotatingId: secureCert?.commissioning ? undefined : device.rotatingId,
    attestation:
      device.dac && plan.attestation && !secureCert
        ? {
            dacCertificate: device.dac.certificate,
            dacPrivateKey: device.dac.privateKey,
            dacPublicKey: device.dac.publicKey,
            paiCertificate: plan.attestation.paiCertificate,
          }
        : undefined,
    certificationDeclaration: plan.certificationDeclaration?.bytes,
  }
}

/** What a Matter device keeps in esp_secure_cert, and the entries that hold it, in the incumbent's order. */
import { privateKeyDer, type KeyPair } from '../matter/key-pair.ts'
import {
  KEY_FLAG,
  MATTER_SUBTYPE,
  SECURE_CERT_TYPE,
  SecureCertError,
  type SecureCertEntry,
} from './secure-cert-entry.ts'

/** Commissioning data and rotating id, when they are kept here and not in NVS. */
export interface SecureCertCommissioning {
  readonly discriminator: number
  /** 97 bytes. */
  readonly verifier: Uint8Array
  /** 16 to 32 bytes. */
  readonly salt: Uint8Array
  readonly iterations: number
  /** 16 bytes. */
  readonly rotatingId: Uint8Array
  /** Twice 32 bytes of a cryptographic source. */
  readonly random: readonly [Uint8Array, Uint8Array]
}

export interface MatterSecureCert {
  /** DER. */
  readonly dacCertificate: Uint8Array
  /** DER. */
  readonly paiCertificate: Uint8Array
  /** The key itself, or the eFuse block (0 to 5) from which the ECDSA peripheral takes it: then the image does not hold it. */
  readonly key: KeyPair | { readonly efuseKeyId: number }
  readonly commissioning?: SecureCertCommissioning | undefined
}

const SECURITY_CONFIGURATION = 40
/** Key block 0 is eFuse block 4. */
const FIRST_KEY_BLOCK = 4
const LARGEST_EFUSE_KEY = 5
const NO_KEY = new Uint8Array(0)

const entry = (type: number, data: Uint8Array, subtype = 0, flags = 0): SecureCertEntry => ({
  type,
  subtype,
  flags,
  data,
})

const unsigned = (value: number, width: number): Uint8Array => {
  const bytes = Buffer.alloc(width)
  bytes.writeUIntLE(value, 0, width)
  return bytes
}

const sized = (what: string, bytes: Uint8Array, least: number, most = least): Uint8Array => {
  if (bytes.length < least || bytes.length > most)
    throw new SecureCertError(
      `the ${what} has ${bytes.length} bytes; ${least === most ? least : `${least} to ${most}`} are needed`,
    )
  return bytes
}

const commissioningEntries = (data: SecureCertCommissioning): SecureCertEntry[] => {
  const matter = (subtype: number, bytes: Uint8Array): SecureCertEntry => entry(SECURE_CERT_TYPE.matter, bytes, subtype)
  return [
    matter(MATTER_SUBTYPE.discriminator, unsigned(data.discriminator, 2)),
    matter(MATTER_SUBTYPE.verifier, sized('verifier', data.verifier, 97)),
    matter(MATTER_SUBTYPE.salt, sized('salt', data.salt, 16, 32)),
    matter(MATTER_SUBTYPE.iterations, unsigned(data.iterations, 4)),
    matter(MATTER_SUBTYPE.rotatingId, sized('rotating id', data.rotatingId, 16)),
    matter(MATTER_SUBTYPE.random1, sized('first random value', data.random[0], 32)),
    matter(MATTER_SUBTYPE.random2, sized('second random value', data.random[1], 32)),
  ]
}

/**
 * The entries of a Matter device. With a key in eFuse its entry is empty and only says so: the firmware asks it where the key is.
 *
 * @throws SecureCertError when a value has the wrong length
 */
export const matterSecureCertEntries = (content: MatterSecureCert): SecureCertEntry[] => {
  const { key } = content
  const inEfuse = 'efuseKeyId' in key
  if (inEfuse && !(Number.isInteger(key.efuseKeyId) && key.efuseKeyId >= 0 && key.efuseKeyId <= LARGEST_EFUSE_KEY))
    throw new SecureCertError(`eFuse key id ${key.efuseKeyId} is not allowed; 0 to ${LARGEST_EFUSE_KEY} are`)
  const configuration = new Uint8Array(SECURITY_CONFIGURATION)
  if (inEfuse) configuration[0] = key.efuseKeyId + FIRST_KEY_BLOCK
  return [
    ...(inEfuse ? [entry(SECURE_CERT_TYPE.securityConfiguration, configuration)] : []),
    entry(SECURE_CERT_TYPE.deviceCertificate, content.dacCertificate),
    entry(SECURE_CERT_TYPE.caCertificate, content.paiCertificate),
    inEfuse
      ? entry(SECURE_CERT_TYPE.privateKey, NO_KEY, 0, KEY_FLAG.ecdsaPeripheral)
      : entry(SECURE_CERT_TYPE.privateKey, privateKeyDer(key)),
    ...(content.commissioning ? commissioningEntries(content.commissioning) : []),
  ]
}

/** What could be found of it; keys and certificates as they are stored, without the NUL that ends those in PEM. */
export interface FoundSecureCert {
  readonly dacCertificate: Uint8Array | undefined
  readonly paiCertificate: Uint8Array | undefined
  /** undefined also when the key is in eFuse. */
  readonly privateKey: Uint8Array | undefined
  readonly keyFlags: number | undefined
  readonly efuseKeyId: number | undefined
  readonly discriminator: number | undefined
  readonly verifier: Uint8Array | undefined
  readonly salt: Uint8Array | undefined
  readonly iterations: number | undefined
  readonly rotatingId: Uint8Array | undefined
}

const withoutNul = (bytes: Uint8Array): Uint8Array => (bytes.at(-1) === 0 ? bytes.subarray(0, -1) : bytes)

/** The Matter values among an image's entries; of repeated ones the first, as the device takes it. */
export const matterContentOf = (entries: readonly SecureCertEntry[]): FoundSecureCert => {
  const find = (type: number, subtype = 0): SecureCertEntry | undefined =>
    entries.find((candidate) => candidate.type === type && candidate.subtype === subtype)
  const matter = (subtype: number): Uint8Array | undefined => find(SECURE_CERT_TYPE.matter, subtype)?.data
  const number = (bytes: Uint8Array | undefined): number | undefined =>
    bytes && bytes.length >= 1 && bytes.length <= 4 ? Buffer.from(bytes).readUIntLE(0, bytes.length) : undefined
  const text = (type: number): Uint8Array | undefined => {
    const data = find(type)?.data
    return data && data.length > 0 ? (data[0] === 0x2d ? withoutNul(data) : data) : undefined
  }
  const block = find(SECURE_CERT_TYPE.securityConfiguration)?.data[0]
  return {
    dacCertificate: text(SECURE_CERT_TYPE.deviceCertificate),
    paiCertificate: text(SECURE_CERT_TYPE.caCertificate),
    privateKey: text(SECURE_CERT_TYPE.privateKey),
    keyFlags: find(SECURE_CERT_TYPE.privateKey)?.flags,
    efuseKeyId: block === undefined ? undefined : block - FIRST_KEY_BLOCK,
    discriminator: number(matter(MATTER_SUBTYPE.discriminator)),
    verifier: matter(MATTER_SUBTYPE.verifier),
    salt: matter(MATTER_SUBTYPE.salt),
    iterations: number(matter(MATTER_SUBTYPE.iterations)),
    rotatingId: matter(MATTER_SUBTYPE.rotatingId),
  }
}

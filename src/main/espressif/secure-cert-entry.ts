/**
 * The vocabulary of esp_secure_cert partitions (esp_secure_cert_mgr, https://github.com/espressif/esp_secure_cert_mgr, README and
 * tools/esp_secure_cert/tlv_format.py): entries of type, subtype, length and value. Little-endian.
 */

export const SECURE_CERT_TYPE = {
  caCertificate: 0,
  deviceCertificate: 1,
  privateKey: 2,
  dsData: 3,
  dsContext: 4,
  ecdsaKeySalt: 5,
  securityConfiguration: 6,
  teeStorageKey: 7,
  signatureBlock: 8,
  integrity: 9,
  end: 50,
  userData1: 51,
  userData2: 52,
  userData3: 53,
  userData4: 54,
  userData5: 55,
  matter: 201,
} as const

/** Subtypes of type 201. */
export const MATTER_SUBTYPE = {
  discriminator: 0,
  verifier: 1,
  salt: 2,
  iterations: 3,
  rotatingId: 4,
  random1: 128,
  random2: 129,
} as const

/** Where a private key is kept; none of these is a key in clear. */
export const KEY_FLAG = { hmacEncrypted: 0x80, hmacDerived: 0x40, ecdsaPeripheral: 0x08 } as const

export const TLV_MAGIC = 0xba5eba11
export const TLV_HEADER = 12
export const TLV_FOOTER = 4
/** Data is padded with zeros to whole blocks, so that flash encryption can be applied. */
export const TLV_ALIGNMENT = 16
/** Size of the partition in which the firmware looks. */
export const SECURE_CERT_SIZE = 0x2000

export interface SecureCertEntry {
  readonly type: number
  readonly subtype: number
  readonly flags: number
  readonly data: Uint8Array
}

export type PlacedSecureCertEntry = SecureCertEntry & {
  /** Bytes from the start of the image. */
  readonly offset: number
}

/** Something in an image that is not as it should be. Of an 'error' the device loses a value or a secret. */
export interface SecureCertFinding {
  readonly severity: 'error' | 'note'
  readonly code:
    | 'cut-off'
    | 'checksum'
    | 'stray'
    | 'duplicate'
    | 'integrity'
    | 'signature'
    | 'signature-unchecked'
    | 'key-in-clear'
    | 'too-large'
  readonly message: string
}

/** Why an image cannot be made or is none. */
export class SecureCertError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'SecureCertError'
  }
}

/** Bytes that an entry takes. */
export const tlvSize = (length: number): number =>
  TLV_HEADER + Math.ceil(length / TLV_ALIGNMENT) * TLV_ALIGNMENT + TLV_FOOTER

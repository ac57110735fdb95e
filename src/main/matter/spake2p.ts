/**
 * The SPAKE2+ verifier that a device keeps in place of its passcode (Matter core specification, section 3.10; RFC 9383).
 *
 * PBKDF2-HMAC-SHA256 of the passcode (u32 little-endian) gives 80 bytes; each half modulo the order of P-256 is w0 and w1;
 * the verifier is w0 (32 bytes) followed by L = w1·G uncompressed (65 bytes).
 */
import { createECDH, ECDH, pbkdf2Sync } from 'node:crypto'

export const VERIFIER_LENGTH = 97
export const SALT_LENGTHS = { least: 16, most: 32 } as const
export const ITERATIONS = { least: 1_000, most: 100_000 } as const

const GROUP_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const HALF = 40

const scalar = (bytes: Uint8Array): Buffer => {
  const value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`) % GROUP_ORDER
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex')
}

export interface VerifierInput {
  readonly passcode: number
  /** 16 to 32 bytes. */
  readonly salt: Uint8Array
  /** 1,000 to 100,000. */
  readonly iterations: number
}

/** The verifier, 97 bytes. @throws RangeError for a salt or an iteration count outside the specification's limits */
export const computeVerifier = ({ passcode, salt, iterations }: VerifierInput): Uint8Array => {
  if (salt.length < SALT_LENGTHS.least || salt.length > SALT_LENGTHS.most)
    throw new RangeError(`the salt has ${salt.length} bytes; ${SALT_LENGTHS.least} to ${SALT_LENGTHS.most} are allowed`)
  if (!Number.isInteger(iterations) || iterations < ITERATIONS.least || iterations > ITERATIONS.most)
    throw new RangeError(`${iterations} iterations are not allowed; ${ITERATIONS.least} to ${ITERATIONS.most} are`)
  const password = Buffer.alloc(4)
  password.writeUInt32LE(passcode)
  const derived = pbkdf2Sync(password, salt, iterations, 2 * HALF, 'sha256')
  const curve = createECDH('prime256v1')
  curve.setPrivateKey(scalar(derived.subarray(HALF)))
  return Buffer.concat([scalar(derived.subarray(0, HALF)), curve.getPublicKey()])
}

/** Was this verifier made from this passcode, salt and iteration count? @throws RangeError as `computeVerifier` does */
export const verifierMatches = (verifier: Uint8Array, input: VerifierInput): boolean =>
  Buffer.from(computeVerifier(input)).equals(verifier)

/**
 * Whether these bytes can be a verifier at all: w0 below the order of the group, and L a point of P-256.
 *
 * @returns what is wrong, as a sentence; undefined for a verifier
 */
export const verifierFault = (verifier: Uint8Array): string | undefined => {
  if (verifier.length !== VERIFIER_LENGTH)
    return `the verifier has ${verifier.length} bytes; ${VERIFIER_LENGTH} are needed`
  if (BigInt(`0x${Buffer.from(verifier.subarray(0, 32)).toString('hex')}`) >= GROUP_ORDER)
    return 'the verifier begins with a number that is not below the order of P-256'
  try {
    ECDH.convertKey(verifier.subarray(32), 'prime256v1')
  } catch {
    return 'the verifier does not end in a point of P-256'
  }
  return verifier[32] === 4 ? undefined : 'the point of the verifier is not in its uncompressed form'
}

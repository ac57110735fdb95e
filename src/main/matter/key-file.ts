/** Any file that holds a private key: PKCS#12 with its certificates, or one of the forms of `private-key-read.ts`. */
import { certificatesIn } from './certificate-read.ts'
import { childrenOf, DerError, readDer, smallIntegerOf } from './der-read.ts'
import { KeyError, type KeyPair } from './key-pair.ts'
import { readPkcs12 } from './pkcs12.ts'
import { readPrivateKeyFile } from './private-key-read.ts'

export interface KeyFile {
  readonly key: KeyPair
  /** DER of the certificates in the same file, in its order. */
  readonly certificates: readonly Uint8Array[]
}

const PFX_VERSION = 3

/** Does it begin as a PKCS#12 file does? */
export const isPkcs12 = (bytes: Uint8Array): boolean => {
  try {
    const [version, content] = childrenOf(readDer(bytes), 'it')
    return content?.tag === 0x30 && smallIntegerOf(version, 'the version') === PFX_VERSION
  } catch (error) {
    if (error instanceof DerError) return false
    throw error
  }
}

/**
 * The one key of a file, with the certificates beside it.
 *
 * @param name of the file, for the error
 * @throws KeyError naming the file and what is allowed
 */
export const readKeyFile = (bytes: Uint8Array, name: string, password?: string): KeyFile => {
  if (!isPkcs12(bytes)) {
    const certificates = certificatesIn(bytes).filter((der) => der !== bytes)
    return { key: readPrivateKeyFile(bytes, name, password), certificates }
  }
  const { keys, certificates } = readPkcs12(bytes, name, password)
  const [key, another] = keys
  if (!key || another) throw new KeyError(`${name}: it holds ${keys.length} private keys; one is needed`)
  return { key, certificates }
}

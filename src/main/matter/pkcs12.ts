/** PKCS#12 files (RFC 7292) with a P-256 key and its certificates: node-forge decrypts, the elliptic-curve parts are read here. */
import forge from 'node-forge'
import { checkIterations } from './key-iterations.ts'
import { KeyError, type KeyPair } from './key-pair.ts'
import { privateKeyFromDer } from './private-key-read.ts'

export interface Pkcs12Content {
  readonly keys: readonly KeyPair[]
  /** DER, in the order of the file. */
  readonly certificates: readonly Uint8Array[]
}

const derOf = (node: forge.asn1.Asn1): Uint8Array => Buffer.from(forge.asn1.toDer(node).getBytes(), 'latin1')

/** forge knows RSA keys only and leaves others as the ASN.1 that it found. */
const elementsOf = (file: forge.pkcs12.Pkcs12Pfx, bagType: string): Uint8Array[] =>
  (file.getBags({ bagType })[bagType] ?? []).flatMap(({ asn1, key, cert }) => {
    if (key) throw new KeyError('its key is not a P-256 key; Matter attestation allows no other')
    if (cert) return [derOf(forge.pki.certificateToAsn1(cert))]
    return asn1 ? [derOf(asn1)] : []
  })

/**
 * All keys and certificates of a PKCS#12 file.
 *
 * @param name of the file, for the error
 * @throws KeyError naming the file and what is wrong
 */
export const readPkcs12 = (bytes: Uint8Array, name: string, password?: string): Pkcs12Content => {
  try {
    checkIterations(bytes)
    const file = forge.pkcs12.pkcs12FromAsn1(
      forge.asn1.fromDer(Buffer.from(bytes).toString('latin1')),
      true,
      password ?? '',
    )
    const { keyBag, pkcs8ShroudedKeyBag, certBag } = forge.pki.oids
    return {
      keys: [keyBag, pkcs8ShroudedKeyBag].flatMap((type) =>
        elementsOf(file, type ?? '').map((der) => privateKeyFromDer(der, undefined)),
      ),
      certificates: elementsOf(file, certBag ?? ''),
    }
  } catch (error) {
    if (error instanceof KeyError) throw new KeyError(`${name}: ${error.message}`, error.code)
    const wrongPassword = error instanceof Error && /password|MAC/iu.test(error.message)
    if (!wrongPassword) throw new KeyError(`${name}: no PKCS#12 content could be read`)
    throw password === undefined
      ? new KeyError(`${name}: it is encrypted; its password is needed`, 'password-needed')
      : new KeyError(`${name}: the password does not open it`, 'password-wrong')
  }
}

/**
 * Certification Declarations (Matter core specification, section 6.3): CMS SignedData (RFC 5652) around the TLV of
 * `declaration-content.ts`, signed by a key of the Connectivity Standards Alliance.
 */
import type { KeyObject } from 'node:crypto'
import { der, integer, octets, oid, sequence, TAG } from './der.ts'
import { childrenOf, contentOf, DerError, oidOf, readDer, smallIntegerOf, type DerNode } from './der-read.ts'
import {
  DeclarationError,
  decodeDeclarationContent,
  encodeDeclarationContent,
  type CertificationDeclaration,
} from './declaration-content.ts'
import { ecdsaSign } from './key-pair.ts'

const OID = {
  signedData: '1.2.840.113549.1.7.2',
  data: '1.2.840.113549.1.7.1',
  sha256: '2.16.840.1.101.3.4.2.1',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
} as const
const CMS_VERSION = 3
const CONTEXT_0 = 0xa0
const KEY_IDENTIFIER = 0x80

export interface SignedDeclaration {
  readonly declaration: CertificationDeclaration
  /** What is signed. */
  readonly content: Uint8Array
  /** Subject key identifier of the signing certificate, 20 bytes. */
  readonly signerKeyIdentifier: Uint8Array
  /** ECDSA with SHA-256, DER. */
  readonly signature: Uint8Array
}

const checkAlgorithm = (node: DerNode | undefined, expected: string, what: string): void => {
  const found = oidOf(childrenOf(node, what)[0], what)
  if (found !== expected) throw new DerError(`${what} is ${found}; ${expected} is needed`)
}

const checkVersion = (node: DerNode | undefined, what: string): void => {
  const version = smallIntegerOf(node, `the version of ${what}`)
  if (version !== CMS_VERSION) throw new DerError(`${what} is of version ${version}; ${CMS_VERSION} is needed`)
}

const only = (nodes: readonly DerNode[], what: string): DerNode => {
  const [node] = nodes
  if (!node || nodes.length > 1) throw new DerError(`it holds ${nodes.length} ${what}; one is needed`)
  return node
}

const unwrap = (bytes: Uint8Array): Omit<SignedDeclaration, 'declaration'> => {
  const [type, wrapped] = childrenOf(readDer(bytes), 'the CMS content')
  if (oidOf(type, 'the type of the CMS content') !== OID.signedData) throw new DerError('it is no signed data')
  const signedData = childrenOf(childrenOf(wrapped, 'the signed data', CONTEXT_0)[0], 'the signed data')
  const [version, digests, encapsulated, signers] = signedData
  checkVersion(version, 'the signed data')
  checkAlgorithm(only(childrenOf(digests, 'the digests', TAG.set), 'digests'), OID.sha256, 'its digest')
  const [innerType, inner] = childrenOf(encapsulated, 'the content')
  if (oidOf(innerType, 'the type of the content') !== OID.data) throw new DerError('its content is no plain data')
  const content = contentOf(childrenOf(inner, 'the content', CONTEXT_0)[0], TAG.octetString, 'the content')
  if (signedData.length > 4) throw new DerError('it carries certificates or revocation lists, which it must not')
  const signer = childrenOf(only(childrenOf(signers, 'the signers', TAG.set), 'signers'), 'the signer')
  const [signerVersion, identifier, digest, algorithm, signature] = signer
  checkVersion(signerVersion, 'the signer')
  checkAlgorithm(digest, OID.sha256, 'the digest of the signer')
  checkAlgorithm(algorithm, OID.ecdsaWithSha256, 'the algorithm of the signer')
  if (signer.length > 5) throw new DerError('its signer has attributes, which it must not')
  return {
    content,
    signerKeyIdentifier: contentOf(identifier, KEY_IDENTIFIER, 'the key identifier of the signer'),
    signature: contentOf(signature, TAG.octetString, 'the signature'),
  }
}

/** @throws DeclarationError saying what is wrong with it */
export const readDeclaration = (bytes: Uint8Array): SignedDeclaration => {
  try {
    const signed = unwrap(bytes)
    return { ...signed, declaration: decodeDeclarationContent(signed.content) }
  } catch (error) {
    if (error instanceof DerError)
      throw new DeclarationError(`the Certification Declaration cannot be read: ${error.message}`)
    throw error
  }
}

/**
 * A Certification Declaration, DER. Those of products are made by the Alliance; ours are for tests.
 *
 * @param signer key and subject key identifier of the signing certificate
 * @throws DeclarationError when a value is outside its limits
 */
export const signDeclaration = (
  declaration: CertificationDeclaration,
  signer: { readonly key: KeyObject; readonly keyIdentifier: Uint8Array },
): Uint8Array => {
  const content = encodeDeclarationContent(declaration)
  const sha256 = sequence(oid(OID.sha256))
  const signerInfo = sequence(
    integer(CMS_VERSION),
    der(KEY_IDENTIFIER, signer.keyIdentifier),
    sha256,
    sequence(oid(OID.ecdsaWithSha256)),
    octets(ecdsaSign(signer.key, content)),
  )
  const signedData = sequence(
    integer(CMS_VERSION),
    der(TAG.set, sha256),
    sequence(oid(OID.data), der(CONTEXT_0, octets(content))),
    der(TAG.set, signerInfo),
  )
  return sequence(oid(OID.signedData), der(CONTEXT_0, signedData))
}

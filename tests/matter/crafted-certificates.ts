/** Certificates with any one rule broken, for tests: a right chain by default, every part of which can be replaced. */
import { bits, der, integer, octets, oid, sequence, time, utf8, yes } from '../../src/main/matter/der.ts'
import { keyIdentifier } from '../../src/main/matter/certificate-issue.ts'
import { ecdsaSign, keyPairFromScalar, signingKey, type KeyPair } from '../../src/main/matter/key-pair.ts'

export const ECDSA = sequence(oid('1.2.840.10045.4.3.2'))
export const P256 = sequence(oid('1.2.840.10045.2.1'), oid('1.2.840.10045.3.1.7'))
const VENDOR = '1.3.6.1.4.1.37244.2.1'
const PRODUCT = '1.3.6.1.4.1.37244.2.2'
const COMMON_NAME = '2.5.4.3'

export const pairs = {
  paa: keyPairFromScalar(Buffer.alloc(32, 1)),
  pai: keyPairFromScalar(Buffer.alloc(32, 2)),
  dac: keyPairFromScalar(Buffer.alloc(32, 3)),
  stranger: keyPairFromScalar(Buffer.alloc(32, 4)),
}

export const name = (commonName: string, ...ids: [vendor: string, product?: string]): Uint8Array =>
  attributes([
    [COMMON_NAME, commonName],
    ...(ids[0] ? [[VENDOR, ids[0]] as const] : []),
    ...(ids[1] ? [[PRODUCT, ids[1]] as const] : []),
  ])
export const attributes = (list: readonly (readonly [type: string, text: string])[]): Uint8Array =>
  sequence(...list.map(([type, text]) => der(0x31, sequence(oid(type), utf8(text)))))
export { VENDOR, PRODUCT, COMMON_NAME }

export const extension = (type: string, critical: boolean, value: Uint8Array): Uint8Array =>
  sequence(oid(type), ...(critical ? [yes()] : []), octets(value))

export interface Parts {
  version: Uint8Array | undefined
  algorithm: Uint8Array
  outerAlgorithm: Uint8Array
  issuer: Uint8Array
  subject: Uint8Array
  from: Date
  to: Date
  key: Uint8Array
  publicKey: Uint8Array
  basicConstraints: Uint8Array | undefined
  keyUsage: Uint8Array | undefined
  subjectKeyIdentifier: Uint8Array | undefined
  authorityKeyIdentifier: Uint8Array | undefined
  more: Uint8Array[]
  signer: KeyPair
}

const basicConstraints = (...content: Uint8Array[]): Uint8Array => extension('2.5.29.19', true, sequence(...content))
const keyUsage = (byte: number): Uint8Array => extension('2.5.29.15', true, bits(Uint8Array.of(byte)))
const skid = (id: Uint8Array): Uint8Array => extension('2.5.29.14', false, octets(id))
const akid = (id: Uint8Array): Uint8Array => extension('2.5.29.35', false, sequence(der(0x80, id)))
export const make = { basicConstraints, keyUsage, skid, akid }

const SUBJECTS = {
  paa: name('Crafted PAA', 'FFF1'),
  pai: name('Crafted PAI', 'FFF1', '8000'),
  dac: name('Crafted DAC', 'FFF1', '8000'),
}
const ISSUERS = { paa: 'paa', pai: 'paa', dac: 'pai' } as const

export const DAY = new Date('2026-06-01T00:00:00Z')

const rightParts = (role: 'paa' | 'pai' | 'dac'): Parts => {
  const issuer = ISSUERS[role]
  return {
    version: der(0xa0, integer(2)),
    algorithm: ECDSA,
    outerAlgorithm: ECDSA,
    issuer: SUBJECTS[issuer],
    subject: SUBJECTS[role],
    from: new Date('2026-01-01T00:00:00Z'),
    to: new Date('2036-01-01T00:00:00Z'),
    key: P256,
    publicKey: pairs[role].publicKey,
    basicConstraints: role === 'dac' ? basicConstraints() : basicConstraints(yes(), integer(role === 'paa' ? 1 : 0)),
    keyUsage: keyUsage(role === 'dac' ? 0x80 : 0x06),
    subjectKeyIdentifier: skid(keyIdentifier(pairs[role].publicKey)),
    authorityKeyIdentifier: akid(keyIdentifier(pairs[issuer].publicKey)),
    more: [],
    signer: pairs[issuer],
  }
}

/** A certificate of this role, right but for the parts that are given. */
export const craft = (role: 'paa' | 'pai' | 'dac', changes: Partial<Parts> = {}): Uint8Array => {
  const parts = { ...rightParts(role), ...changes }
  const extensions = [
    parts.basicConstraints,
    parts.keyUsage,
    parts.subjectKeyIdentifier,
    parts.authorityKeyIdentifier,
    ...parts.more,
  ].filter((item) => item !== undefined)
  const tbs = sequence(
    ...(parts.version ? [parts.version] : []),
    integer(7),
    parts.algorithm,
    parts.issuer,
    sequence(time(parts.from), time(parts.to)),
    parts.subject,
    sequence(parts.key, bits(parts.publicKey)),
    der(0xa3, sequence(...extensions)),
  )
  return sequence(tbs, parts.outerAlgorithm, bits(ecdsaSign(signingKey(parts.signer), tbs)))
}

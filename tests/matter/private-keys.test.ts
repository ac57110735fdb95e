import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkIterations } from '../../src/main/matter/key-iterations.ts'
import { isPkcs12, readKeyFile } from '../../src/main/matter/key-file.ts'
import { KeyError } from '../../src/main/matter/key-pair.ts'
import { readPrivateKeyFile } from '../../src/main/matter/private-key-read.ts'
import { der, integer, octets, oid, sequence } from '../../src/main/matter/der.ts'
import { certificatesIn, readCertificate } from '../../src/main/matter/certificate-read.ts'

const vector = (name: string): Buffer => readFileSync(new URL(`../vectors/${name}`, import.meta.url))
const key = (name: string): Buffer => vector(`keys/${name}`)
const certificate = readCertificate(vector('certs/DAC_cert.pem'), 'DAC')

describe('private keys', () => {
  test.each([
    ['sec1.pem', undefined],
    ['sec1.der', undefined],
    ['p8.pem', undefined],
    ['p8.der', undefined],
    ['p8enc.pem', 'secrét'],
    ['p8enc.der', 'secret'],
    ['p8des.pem', 'secret'],
    ['p8v1.pem', 'secret'],
    ['trad-aes128.pem', 'secret'],
    ['trad-aes256.pem', 'secret'],
    ['trad-des3.pem', 'secret'],
  ])('%s is the key of the DAC', (name, password) => {
    const { publicKey } = readPrivateKeyFile(key(name), name, password)
    expect(Buffer.from(publicKey)).toEqual(Buffer.from(certificate.publicKey))
    if (password === undefined) return
    expect(() => readPrivateKeyFile(key(name), name)).toThrow(`${name}: it is encrypted; its password is needed`)
    expect(() => readPrivateKeyFile(key(name), name, 'wrong')).toThrow(`${name}: the password does not open it`)
  })

  test('the bare scalar will do', () => {
    const { privateKey } = readPrivateKeyFile(key('sec1.pem'), 'key')
    expect(readPrivateKeyFile(privateKey, 'DAC_private_key.bin').privateKey).toEqual(privateKey)
    expect(() => readPrivateKeyFile(new Uint8Array(32), 'zero.bin')).toThrow(
      /zero\.bin: the private key is not a P-256/u,
    )
  })

  test.each(['new.p12', 'old.p12', 'none.p12'])('%s gives the key with its certificates', (name) => {
    const { key: pair, certificates } = readKeyFile(key(name), name, 'secret')
    expect(Buffer.from(pair.publicKey)).toEqual(Buffer.from(certificate.publicKey))
    const expected = ['certs/DAC_cert.pem', 'certs/Chip-Test-PAI-FFF2-8001-Cert.pem'].flatMap((file) =>
      certificatesIn(vector(file)),
    )
    expect(certificates.map((bytes) => Buffer.from(bytes).toString('hex')).sort()).toEqual(
      expected.map((bytes) => Buffer.from(bytes).toString('hex')).sort(),
    )
    expect(() => readKeyFile(key(name), name, 'wrong')).toThrow(`${name}: the password does not open it`)
    expect(() => readKeyFile(key(name), name)).toThrow(`${name}: it is encrypted; its password is needed`)
  })

  test('a text of many beginnings and no end is refused at once', () => {
    const text = '-----BEGIN EC PRIVATE KEY-----\n'.repeat(20_000)
    expect(() => readKeyFile(Buffer.from(text), 'long.pem')).toThrow(/long\.pem: no private key could be read/u)
  })

  test('a PEM file gives the certificates that stand beside the key', () => {
    const both = Buffer.concat([vector('certs/DAC_cert.pem'), key('sec1.pem')])
    expect(readKeyFile(both, 'both.pem').certificates).toHaveLength(1)
    expect(readKeyFile(key('p8.der'), 'p8.der').certificates).toEqual([])
  })

  test.each([
    ['p384.pem', undefined, /is not a P-256 key/u],
    ['rsa.pem', undefined, /is not a P-256 key/u],
    ['rsa.p12', 'secret', /is not a P-256 key/u],
  ])('%s is refused', (name, password, message) => {
    expect(() => readKeyFile(key(name), name, password)).toThrow(KeyError)
    expect(() => readKeyFile(key(name), name, password)).toThrow(message)
  })

  test('a key whose public part is another one is refused', () => {
    const changed = Buffer.from(key('sec1.der'))
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
    expect(() => readPrivateKeyFile(changed, 'k')).toThrow(/public key in it does not belong/u)
  })

  test('an iteration count that would keep the machine busy is refused, wherever it stands', () => {
    const parameters = sequence(octets(new Uint8Array(8)), integer(2_000_001))
    const scheme = sequence(oid('1.2.840.113549.1.5.13'), sequence(sequence(oid('1.2.840.113549.1.5.12'), parameters)))
    const encrypted = sequence(scheme, octets(new Uint8Array(16)))
    expect(() => readPrivateKeyFile(encrypted, 'slow.der', 'x')).toThrow(/slow\.der: it asks for 2000001 iterations/u)
    const allowed = sequence(octets(new Uint8Array(8)), integer(2_000_000))
    expect(() => checkIterations(der(0x30, octets(sequence(allowed))))).not.toThrow()
    expect(() => checkIterations(der(0x30, octets(sequence(parameters))))).toThrow(KeyError)
  })

  test('random, cut and mutated files give a key or a typed error', () => {
    const read = (bytes: Uint8Array): void => {
      try {
        readKeyFile(bytes, 'file', 'secret')
      } catch (error) {
        expect(error).toBeInstanceOf(KeyError)
        expect((error as Error).message).toMatch(/^file: /u)
      }
    }
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), read))
    const names = ['sec1.pem', 'sec1.der', 'p8.der', 'p8enc.der', 'trad-aes128.pem', 'old.p12', 'none.p12']
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(), fc.nat(255), (name, place, value) => {
        const bytes = Uint8Array.from(key(name))
        const at = place % bytes.length
        read(bytes.subarray(0, at))
        bytes[at] = value
        read(bytes)
      }),
      { numRuns: 150 },
    )
    expect(isPkcs12(key('sec1.der'))).toBe(false)
    expect(isPkcs12(key('new.p12'))).toBe(true)
  })
})

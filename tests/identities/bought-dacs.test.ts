/** DACs that were bought are read and verified once for what their files hold. */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readBoughtDacs } from '../../src/main/identities/bought-dacs.ts'
import { newDac } from '../../src/main/identities/make-identity.ts'
import { certificatePem } from '../../src/main/matter/certificate-issue.ts'
import { readCertificate } from '../../src/main/matter/certificate-read.ts'
import { readKeyFile } from '../../src/main/matter/key-file.ts'
import { privateKeyPem, signingKey } from '../../src/main/matter/key-pair.ts'
import { resource } from '../../src/main/resources.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'imprint-bought-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const NOW = new Date('2026-11-24')
const PRODUCT = { vendorId: 0xfff1, productId: 0x8000 }
const pai = readCertificate(readFileSync(resource('demo', 'test-pai-cert.pem')), 'PAI')
const { key } = readKeyFile(readFileSync(resource('demo', 'test-pai-key.pem')), 'PAI key')
const issuer = {
  subject: pai.subject,
  key: signingKey(key),
  keyIdentifier: pai.subjectKeyIdentifier ?? new Uint8Array(),
}

const buy = (name: string, validTo = '2040-01-01'): void => {
  const plan = { orderId: '', ...PRODUCT, iterations: 1000, validTo: new Date(validTo) }
  const dac = newDac(plan, issuer, name, new Date('2026-01-01'), randomBytes)
  writeFileSync(join(folder, `${name}.crt`), certificatePem(dac.certificate))
  writeFileSync(join(folder, `${name}.key`), privateKeyPem(dac))
}
const read = (change: object = {}) =>
  readBoughtDacs({ path: folder, pai: pai.der, product: PRODUCT, password: undefined, now: NOW, ...change })
const dacs = async (change: object = {}) => {
  const answer = await read(change)
  if ('fault' in answer) throw new Error(answer.fault)
  return answer.dacs
}

describe('DACs whose files', () => {
  test('are as they were are not read again', async () => {
    buy('a')
    buy('b')
    const first = await dacs()
    expect(first).toHaveLength(2)
    // The very same, not equal ones.
    expect(await dacs()).toBe(first)
    expect(await dacs({ now: new Date('2030-01-01') })).toBe(first)
  })

  test.each([
    ['one more', () => buy('c'), 3],
    ['one less', () => ['crt', 'key'].forEach((end) => rmSync(join(folder, `b.${end}`))), 1],
    ['one replaced', () => buy('b'), 2],
  ])('have changed are: %s', async (_, change, count) => {
    buy('a')
    buy('b')
    const first = await dacs()
    change()
    const second = await dacs()
    expect(second).not.toBe(first)
    expect(second).toHaveLength(count)
  })

  test('hold another key than before are refused, and read when it is put back', async () => {
    buy('a')
    buy('b')
    await dacs()
    renameSync(join(folder, 'a.key'), join(folder, 'kept'))
    expect(await read()).toMatchObject({
      fault: expect.stringMatching(/a\.crt: no file of .* holds the key/u) as string,
    })
    renameSync(join(folder, 'kept'), join(folder, 'a.key'))
    expect(await dacs()).toHaveLength(2)
  })

  test('were right for another product, or have expired meanwhile, are refused', async () => {
    buy('a')
    buy('b', '2027-01-01')
    await dacs()
    expect(await read({ product: { ...PRODUCT, productId: 0x8001 } })).toMatchObject({
      fault: expect.stringMatching(/0x8001 are needed/u) as string,
    })
    await dacs()
    expect(await read({ now: new Date('2028-01-01') })).toMatchObject({
      fault: expect.stringMatching(/b\.crt: DAC: it was valid until 2027/u) as string,
    })
  })

  test('are named by a table', async () => {
    mkdirSync(join(folder, 'elsewhere'))
    buy('a')
    const path = join(folder, 'elsewhere', 'table.csv')
    writeFileSync(path, 'dac-cert,dac-key\n../a.crt,../a.key\n')
    const first = await dacs({ path })
    expect(await dacs({ path })).toBe(first)
    buy('a')
    const second = await dacs({ path })
    expect(second).not.toEqual(first)
    buy('b')
    writeFileSync(path, 'dac-cert,dac-key\n../a.crt,../a.key\n../b.crt,../b.key\n')
    expect(await dacs({ path })).toHaveLength(2)
  })
})

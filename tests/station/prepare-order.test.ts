/** Bad input is refused before any slot starts, in one sentence that names the file and says what to do. */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parsePartitionTable, writePartitionTable } from '../../src/main/espressif/partition-table.ts'
import { writeDemoRelease } from '../../src/main/firmware/demo-release.ts'
import { certificatePem, issueCertificate, serialNumberFrom } from '../../src/main/matter/certificate-issue.ts'
import { readCertificate } from '../../src/main/matter/certificate-read.ts'
import { keyPairFromScalar, privateKeyPem, signingKey, type KeyPair } from '../../src/main/matter/key-pair.ts'
import { demoAttestation, demoOrder } from '../../src/main/station/demo-order.ts'
import { OrderRefusal, prepareOrder, type OrderRequest } from '../../src/main/station/prepare-order.ts'
import { resource } from '../../src/main/resources.ts'

let folder = ''
const newPair = (): KeyPair => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  return keyPairFromScalar(Buffer.from(String(privateKey.export({ format: 'jwk' }).d), 'base64url'))
}

/** A PAI of the demo's PAA, as a test wants it; gives its files. */
const makePai = (
  name: string,
  change: { vendorId?: number; productId?: number; from?: string; to?: string } = {},
): { paiCertificate: string; paiKey: string } => {
  const paa = readCertificate(readFileSync(resource('demo', 'test-paa-cert.pem')), 'PAA')
  const paaKey = newPair()
  const pair = newPair()
  const certificate = issueCertificate(
    {
      role: 'pai',
      subject: { commonName: name, vendorId: change.vendorId ?? 0xfff1, productId: change.productId ?? 0x8000 },
      publicKey: pair.publicKey,
      serialNumber: serialNumberFrom(randomBytes(20)),
      validity: { from: new Date(change.from ?? '2026-01-01'), to: new Date(change.to ?? '2099-01-01') },
    },
    { subject: paa.subject, key: signingKey(paaKey), keyIdentifier: randomBytes(20) },
  )
  const files = { paiCertificate: join(folder, `${name}-cert.pem`), paiKey: join(folder, `${name}-key.pem`) }
  writeFileSync(files.paiCertificate, certificatePem(certificate))
  writeFileSync(files.paiKey, privateKeyPem(pair))
  return files
}

let release = ''
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'imprint-order-'))
  release = join(folder, 'release')
  await writeDemoRelease(release, { appSize: 60_000 })
})
afterAll(() => rmSync(folder, { recursive: true }))

const refusal = async (change: Partial<OrderRequest>): Promise<OrderRefusal> => {
  const error: unknown = await prepareOrder({ ...demoOrder('WO-1', 5, release), ...change }).catch(
    (reason: unknown) => reason,
  )
  if (!(error instanceof OrderRefusal)) throw new Error(`it was not refused: ${String(error)}`)
  return error
}

/** The release with its manufacturing partition changed. */
const withFactory = (name: string, change: { offset?: number; size?: number }): string => {
  const copy = join(folder, name)
  cpSync(release, copy, { recursive: true })
  const file = join(copy, 'partition_table', 'partition-table.bin')
  const partitions = parsePartitionTable(readFileSync(file))
  writeFileSync(
    file,
    writePartitionTable(partitions.map((item) => (item.label === 'fctry' ? { ...item, ...change } : item))),
  )
  return copy
}

test('a good order is prepared, and says what every unit gets', async () => {
  const { plan } = await prepareOrder(demoOrder('WO-1', 5, release))
  expect(plan).toMatchObject({ chip: 'esp32c3', mark: 'DEMO', release: { factory: { label: 'fctry' } } })
})

describe('attestation', () => {
  test.each([
    [
      'the key of another PAI',
      () => ({ paiKey: makePai('other').paiKey }),
      /other-key\.pem is not the key of .*; give the key/u,
    ],
    [
      'an expired PAI',
      () => makePai('expired', { from: '2020-01-01', to: '2021-01-01' }),
      /expired on 2021-01-01; get a new PAI/u,
    ],
    ['a PAI of the future', () => makePai('future', { from: '2090-01-01' }), /valid from 2090-01-01 on only/u],
    [
      'a PAI of another vendor',
      () => makePai('vendor', { vendorId: 0xfff2 }),
      /names vendor FFF2, the product has FFF1/u,
    ],
    [
      'a PAI of another product',
      () => makePai('product', { productId: 0x8001 }),
      /is for product 8001, the order's is 8000/u,
    ],
    [
      'no PAI',
      () => ({ paiCertificate: join(folder, 'none.pem') }),
      /none\.pem: the PAI certificate is missing; give its path/u,
    ],
    [
      'a key in place of the PAI',
      () => ({ paiCertificate: demoAttestation().paiKey }),
      /test-pai-key\.pem.*no X\.509 certificate/u,
    ],
    [
      'a certificate in place of the key',
      () => ({ paiKey: demoAttestation().paiCertificate }),
      /test-pai-cert\.pem.*no private key/u,
    ],
  ])('%s', async (_, change, sentence) => {
    const { field, message } = await refusal(change())
    expect(field).toBe('attestation')
    expect(message).toMatch(sentence)
  })

  test('test attestation on real boards needs an explicit test build, and marks the labels', async () => {
    expect((await refusal({ simulated: false })).message).toMatch(/may not be sold; say that this is a test build/u)
    const { plan } = await prepareOrder({ ...demoOrder('WO-1', 5, release), simulated: false, testBuild: true })
    expect(plan.mark).toBe('TEST')
  })
})

describe('release', () => {
  test('a manufacturing partition that is too small for a unit', async () => {
    const { field, message } = await refusal({ releaseFolder: withFactory('small', { size: 0x2000 }) })
    expect(field).toBe('release')
    expect(message).toMatch(/'fctry'.*0x2000/u)
  })

  test('one that overlaps an image', async () => {
    expect((await refusal({ releaseFolder: withFactory('overlap', { offset: 0x20000 }) })).message).toMatch(/overlaps/u)
  })

  test('one that is not there', async () => {
    expect((await refusal({ factoryPartition: 'mfg_data' })).message).toMatch(/no data partition 'mfg_data'/u)
  })
})

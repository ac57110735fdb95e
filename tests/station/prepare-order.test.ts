/** Bad input is refused before any slot starts, in one sentence that names the file and says what to do. */
import { createHash, createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { USUAL_CHECKS, type BoardChecks } from '../../src/contract/index.ts'
import { parsePartitionTable, writePartitionTable } from '../../src/main/espressif/partition-table.ts'
import { writeDemoRelease } from '../../src/main/firmware/demo-release.ts'
import { decryptNvs } from '../../src/main/espressif/nvs-encryption.ts'
import { readNvsKeys, writeNvsKeys } from '../../src/main/espressif/nvs-keys.ts'
import { writeNvs } from '../../src/main/espressif/nvs-write.ts'
import { decryptFromFlash } from '../../src/main/flashing/images/flash-encryption.ts'
import { certificatePem, issueCertificate, serialNumberFrom } from '../../src/main/matter/certificate-issue.ts'
import { readCertificate } from '../../src/main/matter/certificate-read.ts'
import { keyPairFromScalar, privateKeyPem, signingKey, type KeyPair } from '../../src/main/matter/key-pair.ts'
import { signDeclaration } from '../../src/main/matter/certification-declaration.ts'
import { verifyDeclaration } from '../../src/main/matter/declaration-check.ts'
import type { CertificationDeclaration } from '../../src/main/matter/declaration-content.ts'
import { demoAttestation, demoOrder, demoProduct } from '../../src/main/station/orders/demo-order.ts'
import { refuseChanges } from '../../src/main/station/orders/order-locks.ts'
import {
  OrderRefusal,
  prepareOrder,
  type OrderRequest,
  type PreparedOrder,
} from '../../src/main/station/orders/prepare-order.ts'
import { resource } from '../../src/main/resources.ts'

let folder = ''
const newPair = (): KeyPair => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  return keyPairFromScalar(Buffer.from(String(privateKey.export({ format: 'jwk' }).d), 'base64url'))
}

/** A PAI of the demo's PAA, as a test wants it; gives its files. */
const makePai = (
  name: string,
  change: { vendorId?: number; productId?: number | undefined; from?: string; to?: string } = {},
): Pick<OrderRequest, 'paiCertificate' | 'dacs'> => {
  const paa = readCertificate(readFileSync(resource('demo', 'test-paa-cert.pem')), 'PAA')
  const paaKey = newPair()
  const pair = newPair()
  const productId = 'productId' in change ? change.productId : 0x8000
  const certificate = issueCertificate(
    {
      role: 'pai',
      subject: {
        commonName: name,
        vendorId: change.vendorId ?? 0xfff1,
        ...(productId === undefined ? {} : { productId }),
      },
      publicKey: pair.publicKey,
      serialNumber: serialNumberFrom(randomBytes(20)),
      validity: { from: new Date(change.from ?? '2026-01-01'), to: new Date(change.to ?? '2099-01-01') },
    },
    { subject: paa.subject, key: signingKey(paaKey), keyIdentifier: randomBytes(20) },
  )
  const [paiCertificate, key] = [join(folder, `${name}-cert.pem`), join(folder, `${name}-key.pem`)]
  writeFileSync(paiCertificate, certificatePem(certificate))
  writeFileSync(key, privateKeyPem(pair))
  return { paiCertificate, dacs: { kind: 'signed', key } }
}

const vectors = fileURLToPath(new URL('../vectors/certs', import.meta.url))
const DEMO_KEY = resource('demo', 'test-pai-key.pem')

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
      () => ({ dacs: makePai('other').dacs }),
      /other-key\.pem is not the key of .*; give the key/u,
    ],
    [
      'an expired PAI',
      () => makePai('expired', { from: '2020-01-01', to: '2021-01-01' }),
      /expired on 2021-01-01; get a new PAI/u,
    ],
    [
      'no DACs that were bought',
      () => ({ dacs: { kind: 'bought', path: join(folder, 'nowhere') } as const }),
      /^\S+nowhere: these DACs cannot be used .*there is no such file/u,
    ],
    [
      'DACs that were bought for another PAI',
      () => ({ dacs: { kind: 'bought', path: vectors } as const }),
      /DAC-FFF1-8000-Cert\.pem: DAC: its issuer is not the subject of the PAI; .*did not sign it/u,
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
    ['a key in place of the PAI', () => ({ paiCertificate: DEMO_KEY }), /test-pai-key\.pem.*no X\.509 certificate/u],
    [
      'a certificate in place of the key',
      () => ({ dacs: { kind: 'signed', key: demoAttestation().paiCertificate } as const }),
      /test-pai-cert\.pem.*no private key/u,
    ],
  ])('%s', async (_, change, sentence) => {
    const { field, message } = await refusal(change())
    expect(field).toBe('attestation')
    expect(message).toMatch(sentence)
  })

  test('an encrypted key is read with its password, and asked for by name without', async () => {
    const plain = createPrivateKey(readFileSync(DEMO_KEY))
    const key = join(folder, 'encrypted-key.pem')
    const dacs = { kind: 'signed', key } as const
    writeFileSync(key, plain.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' }))
    await prepareOrder({ ...demoOrder('WO-1', 5, release), dacs, password: 'open sesame' })
    for (const password of [undefined, 'open barley']) {
      const { field, message } = await refusal({ dacs, password })
      expect(field).toBe('attestation')
      expect(message).toMatch(/encrypted-key\.pem.*password/u)
    }
  })

  test('test attestation on real boards needs an explicit test build, and marks the labels', async () => {
    expect((await refusal({ simulated: false })).message).toMatch(/may not be sold; say that this is a test build/u)
    const { plan } = await prepareOrder({ ...demoOrder('WO-1', 5, release), simulated: false, testBuild: true })
    expect(plan.mark).toBe('TEST')
  })
})

describe('Certification Declaration', () => {
  const { vendorId, productId } = demoProduct
  /** A declaration of the demo's product as a test wants it; gives its file. */
  const makeDeclaration = (name: string, change: Partial<CertificationDeclaration>): string => {
    const file = join(folder, `${name}.der`)
    const declaration: CertificationDeclaration = {
      formatVersion: 1,
      vendorId,
      productIds: [productId],
      deviceTypeId: 0x0101,
      certificateId: 'CSA00000SWC00000-00',
      securityLevel: 0,
      securityInformation: 0,
      versionNumber: 1,
      certificationType: 0,
      ...change,
    }
    const pair = newPair()
    writeFileSync(file, signDeclaration(declaration, { key: signingKey(pair), keyIdentifier: randomBytes(20) }))
    return file
  }

  test('one for development on real boards needs an explicit test build', async () => {
    const product = { ...demoProduct, vendorId: 0x1234 }
    const change = {
      ...makePai('real', { vendorId: 0x1234 }),
      product,
      simulated: false,
      certificationDeclaration: makeDeclaration('development', { vendorId: 0x1234, certificationType: 0 }),
    }
    expect(await refusal(change)).toMatchObject({
      field: 'declaration',
      message: expect.stringMatching(/may not be sold/u),
    })
    await prepareOrder({ ...demoOrder('WO-1', 5, release), ...change, testBuild: true })
    const official = makeDeclaration('official', { vendorId: 0x1234, certificationType: 2 })
    await prepareOrder({ ...demoOrder('WO-1', 5, release), ...change, certificationDeclaration: official })
  })

  test("the demo's own is signed by its signer, fits product, PAI and PAA, and goes into every unit", async () => {
    const [signer, pai, paa] = ['test-cd-signer-cert.pem', 'test-pai-cert.pem', 'test-paa-cert.pem'].map((name) =>
      readCertificate(readFileSync(resource('demo', name)), name),
    )
    const declaration = readFileSync(resource('demo', 'test-cd.der'))
    const context = {
      signers: signer && [signer],
      product: demoProduct,
      dac: demoProduct,
      pai,
      paa: paa?.subjectKeyIdentifier,
    }
    expect(verifyDeclaration(declaration, context)).toEqual([])
    const { plan } = await prepareOrder(demoOrder('WO-1', 5, release))
    expect(plan.attestation?.certificationDeclaration).toBe(declaration.toString('base64'))
  })

  test.each([
    [
      'one of another vendor',
      () => makeDeclaration('vendor', { vendorId: 0xfff2 }),
      /vendor\.der is of vendor FFF2, the product is of FFF1; give the Certification Declaration of this product/u,
    ],
    [
      'one of other products',
      () => makeDeclaration('product', { productIds: [0x8001, 0x8002] }),
      /product\.der is of product 8001, 8002, the product is 8000/u,
    ],
    [
      'one for DACs of another vendor',
      () => makeDeclaration('origin', { dacOrigin: { vendorId: 0xfff2, productId } }),
      /origin\.der does not fit; .*the PAI is of vendor FFF1, the DAC origin of the declaration is of FFF2/u,
    ],
    [
      'a certificate in its place',
      () => demoAttestation().paiCertificate,
      /test-pai-cert\.pem: no Certification Declaration could be read/u,
    ],
    ['none', () => join(folder, 'none.der'), /none\.der: the Certification Declaration is missing; give its path/u],
  ])('%s', async (_, file, sentence) => {
    const { field, message } = await refusal({ certificationDeclaration: file() })
    expect(field).toBe('declaration')
    expect(message).toMatch(sentence)
  })

  test('one for DACs of another product, under a PAI of the vendor', async () => {
    const { field, message } = await refusal({
      ...makePai('all-products', { productId: undefined }),
      certificationDeclaration: makeDeclaration('other-dacs', { dacOrigin: { vendorId, productId: 0x8001 } }),
    })
    expect(field).toBe('declaration')
    expect(message).toMatch(/the DAC is of product 8000, the DAC origin of the declaration is of 8001/u)
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

describe('boards that encrypt what is written', () => {
  const security = { secureBoot: false, flashEncryption: true }
  const byDevice = { ...USUAL_CHECKS, security, encryption: 'by-device', allowUnverified: true } as const

  test('are taken where the order expects flash encryption and allows what is not verified', async () => {
    const { plan } = await prepareOrder({ ...demoOrder('B', 1, release), boards: byDevice })
    expect(plan.boards).toEqual(byDevice)
  })

  test.each([
    [{ ...byDevice, security: { ...security, flashEncryption: false } }, /Only boards with flash encryption/u],
    [{ ...byDevice, allowUnverified: false }, /cannot be read back/u],
  ])('are refused otherwise, in a sentence', async (boards, sentence) => {
    const preparing = prepareOrder({ ...demoOrder('B', 1, release), boards })
    await expect(preparing).rejects.toThrow(OrderRefusal)
    await expect(preparing).rejects.toThrow(sentence)
  })
})

describe('boards whose flash encryption key is given', () => {
  const security = { secureBoot: false, flashEncryption: true }
  const keyFile = (name: string, length: number): string => {
    const file = join(folder, name)
    writeFileSync(
      file,
      Uint8Array.from({ length }, (_, at) => at),
    )
    return file
  }
  const prepare = (boards: Partial<BoardChecks>): Promise<PreparedOrder> =>
    prepareOrder({ ...demoOrder('K', 1, release), boards: { ...USUAL_CHECKS, security, ...boards } })

  test('get what they read encrypted as ciphertext; the plan names the key by its digest and does not hold it', async () => {
    const flashKey = keyFile('flash.key', 32)
    const key = readFileSync(flashKey)
    const { plan, made } = await prepare({ flashKey })
    if (!made || !plan.release) throw new Error('its units are made')
    const {
      encryption: { asWritten },
      release: read,
    } = made
    expect(plan.flashKey).toBe(createHash('sha256').update(key).digest('hex'))
    const text = JSON.stringify(plan)
    for (const encoding of ['hex', 'base64'] as const) expect(text).not.toContain(key.toString(encoding))
    for (const [index, { offset, bytes }] of asWritten(read.images).entries()) {
      const clear = read.images[index]?.bytes ?? new Uint8Array()
      expect(
        Buffer.from(decryptFromFlash(bytes, offset, key))
          .subarray(0, clear.length)
          .equals(clear),
      ).toBe(true)
    }
    // The manufacturing partition is NVS, which the chip never reads through its flash encryption.
    const own = { name: plan.release.factory.label, offset: plan.release.factory.offset, bytes: key }
    expect(asWritten([own])).toEqual([own])
    const byDevice = await prepare({ encryption: 'by-device', allowUnverified: true })
    expect(byDevice.made?.encryption.asWritten([own, ...read.images]).map(({ clear }) => clear === true)).toEqual([
      true,
      ...read.images.map(() => false),
    ])
  })

  const withKeysPartition = (): string => {
    const own = join(folder, 'with-nvs-keys')
    cpSync(release, own, { recursive: true })
    const file = join(own, 'partition_table', 'partition-table.bin')
    const keys = { label: 'nvs_keys', type: 1, subtype: 4, offset: 0x1c000, size: 0x1000, encrypted: true }
    writeFileSync(file, writePartitionTable([...parsePartitionTable(readFileSync(file)), keys]))
    return own
  }

  test('get their manufacturing partition encrypted with the NVS keys, and the keys beside it as ciphertext', async () => {
    const files = { flashKey: keyFile('flash.key', 32), nvsKeys: keyFile('nvs.key', 64) }
    const boards = { ...USUAL_CHECKS, security, ...files }
    const order = { ...demoOrder('K', 1, withKeysPartition()), boards }
    const { plan, made } = await prepareOrder(order)
    expect(plan.nvsKeys).toBe(createHash('sha256').update(readFileSync(files.nvsKeys)).digest('hex'))
    const clear = writeNvs([{ namespace: 'a', key: 'b', type: 'u8', value: 7 }], { size: 0x6000, version: 2 })
    const keys = readNvsKeys(readFileSync(files.nvsKeys), 'nvs.key')
    const [factory, partition] = made?.encryption.ownAsWritten({ name: 'fctry', offset: 0x3e0000, bytes: clear }) ?? []
    expect(Buffer.from(factory?.bytes ?? []).equals(clear)).toBe(false)
    expect(Buffer.from(decryptNvs(factory?.bytes ?? clear, keys)).equals(clear)).toBe(true)
    expect(partition).toMatchObject({ name: 'nvs_keys', offset: 0x1c000 })
    const plainKeys = decryptFromFlash(partition?.bytes ?? clear, 0x1c000, readFileSync(files.flashKey))
    expect(Buffer.from(plainKeys).equals(writeNvsKeys(keys))).toBe(true)
    expect(() => refuseChanges('K', plan, { ...plan, nvsKeys: null })).toThrow(
      /the NVS keys have SHA-256 none, locked is/u,
    )
  })

  test('need a partition for the NVS keys, and flash encryption to keep them', async () => {
    const nvsKeys = keyFile('nvs.key', 64)
    await expect(prepare({ nvsKeys })).rejects.toMatchObject({
      field: 'nvsKeys',
      message: expect.stringMatching(/has no partition for NVS keys; add one of subtype nvs_keys/u) as string,
    })
    await expect(prepare({ nvsKeys: keyFile('odd-nvs.key', 40) })).rejects.toMatchObject({ field: 'nvsKeys' })
    await expect(prepare({ nvsKeys, security: USUAL_CHECKS.security })).rejects.toMatchObject({ field: 'boards' })
  })

  test('are locked to that key, wherever its file lies', async () => {
    const locked = (await prepare({ flashKey: keyFile('flash.key', 32) })).plan
    const moved = (await prepare({ flashKey: keyFile('moved.key', 32) })).plan
    expect(() => refuseChanges('K', locked, moved)).not.toThrow()
    expect(() => refuseChanges('K', locked, { ...moved, flashKey: 'f'.repeat(64) })).toThrow(
      /the flash encryption key has SHA-256 ffffffffffff…, locked is [0-9a-f]{12}…/u,
    )
  })

  test.each([
    [() => ({ flashKey: join(folder, 'none.key') }), 'flashKey', /none\.key: the flash encryption key is missing/u],
    [() => ({ flashKey: folder }), 'flashKey', /is a folder; give the file/u],
    [
      () => ({ flashKey: keyFile('odd.key', 33) }),
      'flashKey',
      /odd\.key has 33 bytes, a flash encryption key 16 \/ 24/u,
    ],
    [() => ({ flashKey: keyFile('long.key', 64) }), 'flashKey', /64 bytes; ESP32-C3 takes 32/u],
    [
      () => ({ flashKey: keyFile('flash.key', 32), security: USUAL_CHECKS.security }),
      'boards',
      /Only boards with flash encryption start what is encrypted beforehand/u,
    ],
    [() => ({ flashKey: keyFile('flash.key', 32), encryption: 'by-device' as const }), 'boards', /encrypted twice/u],
  ])('are refused with a sentence where the key cannot serve', async (boards, field, sentence) => {
    await expect(prepare(boards())).rejects.toMatchObject({
      name: 'OrderRefusal',
      field,
      message: expect.stringMatching(sentence) as string,
    })
  })
})

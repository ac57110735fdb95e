/**
 * An order for boards with flash encryption and encrypted NVS, from its words to the flash of its unit, as Espressif's own tools see
 * that flash with the keys of the order: the firmware, the NVS keys, and the identity that the records hold.
 */
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parsePartitionTable } from '../../src/main/espressif/partition-table.ts'
import { readRelease, type Release } from '../../src/main/firmware/release.ts'
import { runHeadless } from '../../src/main/headless.ts'
import { openSecrets, type IdentitySecrets } from '../../src/main/identities/identity.ts'
import { parseFault } from '../../src/main/simulator/faults.ts'
import { flashFile } from '../../src/main/simulator/simulated-board.ts'
import { openDataFolder } from '../../src/main/station/data-folder.ts'
import { demoOrder, demoProduct } from '../../src/main/station/orders/demo-order.ts'
import { encryptedOrder, type EncryptedOrder } from '../station/encrypted-order.ts'
import { finish } from './processes.ts'
import { runPython } from './python-commands.ts'
import { pythonTools } from './python-tools.ts'

const esptool = await pythonTools(['esptool==5.6.0'])
const nvsTools = await pythonTools(['esp-idf-nvs-partition-gen==0.1.9'])

const folder = mkdtempSync(join(tmpdir(), 'imprint-encrypted-order-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string): string => join(folder, name)

let order: EncryptedOrder
let release: Release
let unit: { readonly mac: string; readonly secrets: IdentitySecrets }
let flash: Buffer

const madeUnit = async (out: string): Promise<typeof unit> => {
  const data = await openDataFolder(out, 'test')
  try {
    const [number] = await data.records.ask('orderNumbers')
    const kept = await data.records.ask('findOrder', { number: number ?? '' })
    const [row] = await data.records.ask('orderUnits', { orderId: kept?.id ?? '' })
    if (!row) throw new Error('the order has made no unit')
    return { mac: row.mac, secrets: openSecrets(data.vault, row.identityId, row.sealed) }
  } finally {
    await data.close()
  }
}

beforeAll(async () => {
  order = await encryptedOrder(folder)
  release = await readRelease(order.release)
  const out = at('data')
  const { result } = await runHeadless({
    ...{ units: 1, out, release: order.release, boards: order.boards },
    simulation: { slots: 1, pace: Infinity, faults: [parseFault('flash-encrypted@1')] },
    say: () => undefined,
    signal: new AbortController().signal,
  })
  expect(result).toMatchObject({ passed: 1, failed: 0 })
  unit = await madeUnit(out)
  flash = readFileSync(flashFile(join(out, 'boards'), unit.mac))
})

/** What the chip would see there, says espsecure. */
const seenByChip = async (offset: number, size: number): Promise<Buffer> => {
  const [cipher, clear] = [at('cipher.bin'), at('clear.bin')]
  writeFileSync(cipher, flash.subarray(offset, offset + size))
  const args = ['--aes-xts', '--keyfile', order.boards.flashKey, '--address', String(offset), '--output', clear, cipher]
  const { code, stdout, stderr } = await finish(join(esptool?.bin ?? '', 'espsecure'), ['decrypt-flash-data', ...args])
  expect(code, `${stdout}${stderr}`).toBe(0)
  return readFileSync(clear)
}

const UNIT = 32

describe.skipIf(!esptool || !nvsTools)('the flash of a unit that passed', () => {
  test('holds the firmware for the chip, and for nobody else', async () => {
    expect(release.images.length).toBeGreaterThan(3)
    for (const { name, offset, bytes } of release.images) {
      const size = Math.ceil(bytes.length / UNIT) * UNIT
      expect(flash.subarray(offset, offset + bytes.length).equals(bytes), name).toBe(false)
      expect((await seenByChip(offset, size)).subarray(0, bytes.length).equals(bytes), name).toBe(true)
    }
  })

  test('holds the identity that the records have for it, under NVS keys that only the chip sees', async () => {
    const partitions = parsePartitionTable(await seenByChip(0x8000, 0xc00))
    const [factory, keys] = ['fctry', 'nvs_keys'].map((name) => partitions.find(({ label }) => label === name))
    if (!factory || !keys) throw new Error('the table names both partitions')
    const keysInFlash = await seenByChip(keys.offset, keys.size)
    expect(keysInFlash.subarray(0, 64).equals(readFileSync(order.boards.nvsKeys))).toBe(true)
    writeFileSync(at('keys.bin'), keysInFlash)
    writeFileSync(at('factory.bin'), flash.subarray(factory.offset, factory.offset + factory.size))

    const { secrets } = unit
    const request = demoOrder('', 1, '')
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
    const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
    const rows: readonly (readonly [key: string, encoding: string, value: string | number])[] = [
      ['discriminator', 'u32', secrets.discriminator],
      ['iteration-count', 'u32', secrets.iterations],
      ['salt', 'string', base64(secrets.salt)],
      ['vendor-id', 'u32', demoProduct.vendorId],
      ['vendor-name', 'string', demoProduct.vendorName],
      ['product-id', 'u32', demoProduct.productId],
      ['product-name', 'string', demoProduct.name],
      ['hardware-ver', 'u32', demoProduct.hardwareVersion],
      ['hw-ver-str', 'string', demoProduct.hardwareVersionString],
      ['mfg-date', 'string', secrets.madeOn],
      ['rd-id-uid', 'hex2bin', hex(secrets.rotatingId)],
      ['serial-num', 'string', secrets.serial],
      ['dac-cert', 'hex2bin', hex(secrets.dacCertificate)],
      ['dac-key', 'hex2bin', hex(secrets.dacPrivateKey)],
      ['dac-pub-key', 'hex2bin', hex(secrets.dacPublicKey)],
      ['pai-cert', 'hex2bin', hex(new X509Certificate(readFileSync(request.paiCertificate)).raw)],
      ['verifier', 'string', base64(secrets.verifier)],
      ['cert-dclrn', 'hex2bin', hex(readFileSync(request.certificationDeclaration ?? ''))],
    ]
    const lines = rows.map(([key, encoding, value]) => `${key},data,${encoding},${value}`)
    writeFileSync(at('identity.csv'), ['key,type,encoding,value', 'chip-factory,namespace,,', ...lines, ''].join('\n'))
    const commands = [
      ['decrypt', at('factory.bin'), at('keys.bin'), at('decrypted.bin')],
      ['generate', at('identity.csv'), at('identity.bin'), String(factory.size), '--version', '2'],
    ]
    const module = 'esp_idf_nvs_partition_gen'
    const done = nvsTools
      ? await runPython(
          nvsTools,
          module,
          commands.map((args) => ({ args, folder })),
        )
      : []
    expect(done.map(({ failed }) => failed)).toEqual([null, null])
    expect(readFileSync(at('decrypted.bin')).equals(readFileSync(at('identity.bin')))).toBe(true)
    for (const secret of [secrets.dacPrivateKey, secrets.rotatingId, readFileSync(order.boards.nvsKeys)])
      expect(flash.includes(Buffer.from(secret))).toBe(false)
  })
})

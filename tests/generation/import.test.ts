/** `imprint import`: folders of the incumbent and manifests into the ledger. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GenerationError } from '../../src/main/generation/generation-error.ts'
import { macOf } from '../../src/main/generation/import-manifest.ts'
import { importUnits, readImport } from '../../src/main/generation/import-units.ts'
import { openLedger } from '../../src/main/generation/ledger.ts'
import { devicesIn, make, PAI, temporaryFolder, vector } from './made.ts'

const { path: folder, remove } = temporaryFolder()
afterAll(remove)
let number = 0
const fresh = (): string => {
  const place = join(folder, String(++number))
  mkdirSync(place)
  return place
}
const manifest = (text: string): string => {
  const path = join(fresh(), 'manifest.csv')
  writeFileSync(path, text)
  return path
}
const refused = (path: string): string => {
  try {
    readImport(path)
  } catch (error) {
    if (error instanceof GenerationError) return error.message
    throw error
  }
  throw new Error(`${path} was not refused`)
}

const take = async (path: string, ledger: string): Promise<number> => {
  const units = readImport(path)
  const open = await openLedger(ledger)
  try {
    await importUnits(units, path, open)
    return units.length
  } finally {
    await open.close()
  }
}
const serialsIn = (ledger: string): unknown[] => {
  const database = new DatabaseSync(ledger)
  const rows = database.prepare('SELECT serial, mac FROM generated ORDER BY seq').all()
  database.close()
  return rows.map(({ serial, mac }) => [serial, mac])
}

describe('a folder of the incumbent', () => {
  test('is decoded: partition, encrypted or not, codes and DAC', () => {
    const units = readImport(vector('layout'))
    expect(units).toHaveLength(3)
    const all = units.find(({ serial }) => serial === 'SN1')
    expect(all).toMatchObject({
      ...{ vendorId: 0xfff2, productId: 0x8001, passcode: 20_202_021, discriminator: 3840, iterations: 1000 },
      ...{ qrCode: 'MT:634J042C00KA0648G00', manualCode: '3497-011-2332', mac: undefined },
    })
    expect(all?.id).toMatch(/^[0-9a-f]{8}-/u)
    expect(Buffer.from(all?.rotatingId ?? []).toString('hex')).toBe('d2f351f57bb9387445a5f92a601d1c14')
    for (const { dac, verifier, salt } of units) {
      expect(dac?.privateKey).toHaveLength(32)
      expect(verifier).toHaveLength(97)
      expect(salt?.length).toBeGreaterThanOrEqual(16)
    }
  })

  test('is kept whole or not at all, and nothing of it can be made again', async () => {
    const ledger = join(fresh(), 'devices.db')
    expect(await take(vector('layout/basic'), ledger)).toBe(1)
    await expect(take(vector('layout'), ledger)).rejects.toThrow(/basic.*serial number belongs.*nothing was imported/u)
    expect(serialsIn(ledger)).toHaveLength(1)
    expect(await take(vector('layout/all_options'), ledger)).toBe(1)
    await expect(
      make(join(fresh(), 'out'), ['--passcode', '20202021', '--discriminator', '3840'], { ledger }),
    ).rejects.toThrow(/passcode with its discriminator belongs/u)
    await expect(make(join(fresh(), 'out'), ['--serial-num', 'SN1'], { ledger })).rejects.toThrow(
      /serial number belongs/u,
    )
  })

  describe('that we made', () => {
    let product: string
    beforeAll(async () => {
      const all = ['--dac-in-secure-cert', '--commissionable-data-in-secure-cert']
      const rotating = ['--enable-rotating-device-id', '--rd-id-uid-in-secure-cert']
      product = (await make(join(fresh(), 'out'), [...PAI, ...all, ...rotating, '-n', '2'])).result.folder
    })
    const copy = (): string => {
      const place = fresh()
      cpSync(product, place, { recursive: true })
      return place
    }

    test('is decoded from esp_secure_cert as well', () => {
      for (const unit of readImport(product)) {
        expect(unit.verifier).toHaveLength(97)
        expect(unit.rotatingId).toHaveLength(16)
        expect(unit.dac?.privateKey).toHaveLength(32)
      }
    })

    test('is decoded from its CSV where there is no image', () => {
      const place = copy()
      for (const { id } of devicesIn(place)) rmSync(join(place, id, `${id}-partition.bin`))
      expect(readImport(place).map(({ serial }) => serial)).toEqual(readImport(product).map(({ serial }) => serial))
    })

    test('is refused where label and device disagree, or an image is damaged', () => {
      const place = copy()
      const [device] = devicesIn(place)
      const codes = join(device?.folder ?? '', `${device?.id}-onb_codes.csv`)
      const text = readFileSync(codes, 'utf8')
      const discriminator = device?.codes.discriminator ?? ''
      writeFileSync(codes, text.replace(`,${discriminator},`, `,${(Number(discriminator) + 1) % 4096},`))
      expect(refused(place)).toMatch(/the discriminator is not that of .*label and device would disagree/u)
      writeFileSync(codes, text.replace(/^MT:[^,]*/mu, 'MT:634J042C00KA0648G00'))
      expect(refused(place)).toMatch(/label and device would disagree/u)
      writeFileSync(codes, text)
      const image = join(device?.folder ?? '', `${device?.id}_esp_secure_cert.bin`)
      const bytes = readFileSync(image)
      bytes[40] = (bytes[40] ?? 0) ^ 0xff
      writeFileSync(image, bytes)
      expect(refused(place)).toMatch(/_esp_secure_cert\.bin: .*checksum/u)
    })
  })

  test('without devices is refused', () => {
    expect(refused(fresh())).toMatch(/no device was found/u)
    expect(refused(join(folder, 'nothing'))).toMatch(/no such file or folder/u)
  })
})

describe('a manifest', () => {
  const QR = 'MT:634J042C00KA0648G00'

  test('gives MAC, serial number and codes', async () => {
    const path = manifest(
      `MAC,Serial,QRCode,manualcode,lot\naabbcc000001,S1,${QR},3497-011-2332,7\naa-bb-cc-00-00-02,S2,,,7\n`,
    )
    const [first, second] = readImport(path)
    expect(first).toMatchObject({
      ...{ mac: 'AA:BB:CC:00:00:01', serial: 'S1', passcode: 20_202_021, discriminator: 3840, vendorId: 0xfff2 },
    })
    expect(second).toMatchObject({ mac: 'AA:BB:CC:00:00:02', serial: 'S2', passcode: undefined })
    const ledger = join(fresh(), 'devices.db')
    await take(path, ledger)
    expect(serialsIn(ledger)).toEqual([
      ['S1', 'AA:BB:CC:00:00:01'],
      ['S2', 'AA:BB:CC:00:00:02'],
    ])
    await expect(take(manifest('mac,serial\nAABBCC000003,S3\nAABBCC000002,S4\n'), ledger)).rejects.toThrow(
      /manifest\.csv:3: the MAC belongs to a device in the ledger already; nothing was imported/u,
    )
    expect(serialsIn(ledger)).toHaveLength(2)
  })

  test('may be the summary of a run', async () => {
    const { result, devices } = await make(join(fresh(), 'out'), [...PAI, '-n', '2'])
    const units = readImport(result.summary ?? '')
    expect(units.map(({ serial }) => serial).toSorted()).toEqual(
      devices.map(({ partition }) => partition.serialNumber).toSorted(),
    )
    const ledger = join(fresh(), 'devices.db')
    await take(result.summary ?? '', ledger)
    await expect(take(result.folder, ledger)).rejects.toThrow(/belongs to a device/u)
  })

  test.each([
    ['mac,serial\nxx,S1\n', /:2:1: mac 'xx' is no MAC; twelve hexadecimal digits/u],
    ['mac,serial\nAABBCC000001,S1\nAA:BB:CC:00:00:01,S2\n', /:3: the MAC is that of .*:2/u],
    ['mac,serial\nAABBCC000001,S1\nAABBCC000002,S1\n', /:3: the serial number is that of .*:2/u],
    ['mac,serial\n,\n', /:2: the row has neither a MAC nor a serial number/u],
    ['name,qrcode\nx,y\n', /:1: the header has neither 'mac' nor 'serial'/u],
    ['mac,serial\nAABBCC000001\n', /:2: the row has 1 fields, the header has 2/u],
    [`serial,qrcode\nS1,${QR.slice(0, -1)}\n`, /:2:4: .+/u],
    [`serial,qrcode,manualcode\nS1,${QR},3497-011-2333\n`, /:2:\d+: the last digit of the manual pairing code/u],
    [
      `serial,qrcode,passcode\nS1,${QR},20202022\n`,
      /:2:\d+: the passcode is not that of .*label and device would disagree/u,
    ],
    [`serial,qrcode,discriminator\nS1,${QR},3841\n`, /:2:\d+: the discriminator is not that of .*\(3840 and 3841\)/u],
    ['serial\n', /no device was found/u],
  ])('%j is refused at its place', (text, sentence) => {
    expect(refused(manifest(text))).toMatch(sentence)
  })

  test('a passcode never stands in the sentence', () => {
    expect(refused(manifest(`serial,qrcode,passcode\nS1,${QR},20202022\n`))).not.toMatch(/2020202/u)
  })

  test('a MAC is twelve digits, with one kind of place for its dividers', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 6, maxLength: 6 }), fc.constantFrom('', ':', '-'), (bytes, divider) => {
        const pairs = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'))
        expect(macOf('here', pairs.join(divider))).toBe(pairs.join(':').toUpperCase())
      }),
    )
    for (const text of ['', 'AABBCC00000', 'AABBCC0000010', 'AAB:BCC:000:001', 'GG:BB:CC:00:00:01', 'AA:BBCC000001'])
      expect(() => macOf('here', text), text).toThrow(GenerationError)
  })

  test('any text gives devices or a sentence', () => {
    const path = manifest('')
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `mac,serial,qrcode\n${text}`),
        ),
        (text) => {
          writeFileSync(path, text)
          try {
            readImport(path)
          } catch (error) {
            expect(error).toBeInstanceOf(GenerationError)
          }
        },
      ),
      { numRuns: 100 },
    )
  })

  test('any damage to a folder gives devices or a sentence', () => {
    const place = fresh()
    cpSync(vector('layout/all_options/fff2_8001'), place, { recursive: true })
    const id = readdirSync(place).find((name) => /^[0-9a-f]{8}-/u.test(name)) ?? ''
    // The vectors may not be written to, and their copies have their modes.
    const image = join(place, id, `${id}-partition.bin`)
    const bytes = readFileSync(image)
    rmSync(image)
    fc.assert(
      fc.property(fc.nat({ max: 4095 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = Buffer.from(bytes)
        damaged[at] = (damaged[at] ?? 0) ^ flip
        writeFileSync(image, damaged)
        try {
          expect(readImport(place)).toHaveLength(1)
        } catch (error) {
          expect(error).toBeInstanceOf(GenerationError)
        }
      }),
      { numRuns: 60 },
    )
  })
})

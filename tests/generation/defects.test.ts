/** What esp-matter-mfg-tool 1.0.29 gets wrong, each observed by running it: none of it may come back here. */
import { execFile } from 'node:child_process'
import { createPrivateKey, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeCommissioning, makeDevice } from '../../src/main/generation/device.ts'
import {
  certificatePem,
  issueCertificate,
  issueTestPaa,
  keyIdentifier,
} from '../../src/main/matter/certificate-issue.ts'
import { readCertificate } from '../../src/main/matter/certificate-read.ts'
import { keyPairFromScalar, privateKeyPem, signingKey } from '../../src/main/matter/key-pair.ts'
import { parseManualCode, parseQrPayload } from '../../src/main/matter/onboarding-payload.ts'
import { verifierMatches } from '../../src/main/matter/spake2p.ts'
import { devicesIn, make, NOW, PAI, parse, PRODUCT, QUICK, refusal, request, temporaryFolder, vector } from './made.ts'

const { path: folder, remove } = temporaryFolder()
let number = 0
/** A folder that nothing is in yet. */
const fresh = (): string => join(folder, String(++number))
const file = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, `${++number}-${name}`)
  writeFileSync(path, content)
  return path
}
afterAll(remove)

/** A device with everything at its defaults, under a PAI: many rules can be seen in it. */
let usual: Awaited<ReturnType<typeof make>>
beforeAll(async () => {
  usual = await make(fresh(), [...PAI, '-n', '2', '--enable-rotating-device-id'])
})

const SECURE_CERT = ['--dac-in-secure-cert', '--target', 'esp32h2']

describe('keys and randomness', () => {
  test('defect 1: with the ECDSA peripheral no image holds the private key', async () => {
    const { devices } = await make(fresh(), [...PAI, ...SECURE_CERT, '-ds', '--efuse-key-id', '1'])
    const [device] = devices
    const key = device?.read('internal/DAC_private_key.bin') ?? Buffer.alloc(0)
    expect(key).toHaveLength(32)
    for (const name of [`${device?.id}_esp_secure_cert.bin`, `${device?.id}-partition.bin`])
      expect(device?.read(name).includes(key), name).toBe(false)
  })

  test('defect 2: passcodes, discriminators, salts and keys of NVS come from the cryptographic source alone', () => {
    const { plan } = request(...PRODUCT, ...QUICK, '-e')
    const given = { data: {}, own: [] }
    const asked: number[] = []
    const random = (length: number): Uint8Array => {
      asked.push(length)
      return new Uint8Array(length).fill(3)
    }
    const draw = () => makeDevice(plan, given, makeCommissioning(plan, given, random), undefined, random)
    const [device, again] = [draw(), draw()]
    expect(device).toEqual(again)
    expect(asked).toEqual(expect.arrayContaining([16, 32, 64]))
    const sources = fileURLToPath(new URL('../../src/main/generation/', import.meta.url))
    for (const name of readdirSync(sources))
      expect(readFileSync(join(sources, name), 'utf8')).not.toContain('Math.random')
  })

  test('defect 6: a key may be encrypted, and --password opens it', () => {
    const key = createPrivateKey(readFileSync(vector('certs/Chip-Test-PAI-FFF2-8001-Key.pem')))
    const pem = key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' })
    const args = ['--pai', '-c', vector('certs/Chip-Test-PAI-FFF2-8001-Cert.pem'), '-k', file('key.pem', pem)]
    expect(request(...PRODUCT, ...args, '--password', 'open sesame').plan.attestation?.issuer).toBeDefined()
    expect(request(...PRODUCT, ...args, '--pwd', 'open sesame').plan.attestation?.issuer).toBeDefined()
    expect(refusal(...args)).toMatch(/--key .*encrypted; its password is needed/u)
    expect(refusal(...args, '--password', 'wrong')).toMatch(/the password does not open it/u)
  })

  test('defect 17: only their owner may read private keys, and they need not be written at all', async () => {
    const secret = ['internal/DAC_key.pem', 'internal/DAC_key.der', 'internal/DAC_private_key.bin']
    for (const device of usual.devices) {
      for (const name of [...secret, `${device.id}-partition.bin`]) expect(device.mode(name), name).toBe(0o600)
      expect(device.mode('internal/DAC_cert.pem')).toBe(0o644)
    }
    const [device] = (await make(fresh(), [...PAI, '-e', '--no-private-keys'])).devices
    for (const name of secret) expect(existsSync(join(device?.folder ?? '', name)), name).toBe(false)
    expect(device?.mode(`${device.id}-keys-partition.bin`)).toBe(0o600)
  })

  test('defect 24: nothing is written where the command runs', async () => {
    const before = readdirSync('.')
    await make(fresh(), [...PAI, '--dac-in-secure-cert'])
    expect(readdirSync('.')).toEqual(before)
  })
})

describe('commissioning data', () => {
  test('defect 3: discriminator 0 is a discriminator', async () => {
    const [device] = (await make(fresh(), ['--discriminator', '0'])).devices
    expect(device?.partition.discriminator).toBe(0)
    expect(parseQrPayload(device?.codes.qrcode ?? '').discriminator).toBe(0)
  })

  test.each(['100000000', '134217728', '-1', '0', '99999999', '12345678', '11111111', 'abc'])(
    'defect 4: passcode %s is refused',
    (passcode) => {
      expect(refusal(`--passcode=${passcode}`)).toMatch(/^--passcode .*99999998/u)
    },
  )

  test('defect 10: lengths are those of UTF-8', () => {
    const text = 'ä'.repeat(16)
    expect(request(...PRODUCT, '--vendor-name', text).plan.common.vendorName).toBe(text)
    expect(refusal('--vendor-name', `${text}a`)).toMatch(/^--vendor-name: .*33 bytes.*32/u)
    expect(refusal('--product-name', '产'.repeat(11))).toMatch(/33 bytes/u)
  })

  test('defect 11: serial numbers that are given may be as long as those that are made', () => {
    const [device] = usual.devices
    const made = device?.partition.serialNumber ?? ''
    expect(made).toMatch(/^[0-9a-f]{32}$/u)
    expect(request(...PRODUCT, '--serial-num', made).given(0).data.serialNumber).toBe(made)
    expect(refusal('--serial-num', `${made}0`)).toMatch(/33 bytes/u)
    expect(refusal('--serial-num', '')).toMatch(/^--serial-num/u)
  })

  test('defect 22: a manufacturing date has 16 bytes at most, and is a date', () => {
    expect(request(...PRODUCT, '--mfg-date', '2026-11-24ABCDEF').plan.common.manufacturingDate).toHaveLength(16)
    expect(refusal('--mfg-date', '2026-11-24ABCDEFGH')).toMatch(/18 bytes/u)
    expect(refusal('--mfg-date', '20261324')).toMatch(/date/u)
  })
})

describe('options that belong together', () => {
  test('defect 7: a rotating id is used, or refused before anything is written', () => {
    const id = 'd2f351f57bb9387445a5f92a601d1c14'
    expect(refusal('--rd-id-uid', id)).toMatch(/--rd-id-uid needs --enable-rotating-device-id/u)
    expect(refusal('--enable-rotating-device-id', '--rd-id-uid', 'x'.repeat(32))).toMatch(/32 hexadecimal digits/u)
    const { data } = request(...PRODUCT, '--enable-rotating-device-id', '--rd-id-uid', id).given(0)
    expect(Buffer.from(data.rotatingId ?? []).toString('hex')).toBe(id)
  })

  test('defect 8: certificates without their kind, and secure cert without certificates, are refused', () => {
    expect(refusal('-c', vector('certs/Chip-Test-PAI-FFF2-8001-Cert.pem'))).toMatch(/without --pai or --paa/u)
    expect(refusal('-k', vector('certs/Chip-Test-PAI-FFF2-8001-Key.pem'))).toMatch(/without --pai or --paa/u)
    expect(refusal('--pai')).toMatch(/--cert FILE/u)
    expect(refusal('--dac-in-secure-cert')).toMatch(/needs DACs/u)
    expect(refusal(...PAI, '-ds', '--target', 'esp32h2', '--efuse-key-id', '1')).toMatch(/--dac-in-secure-cert/u)
  })

  test('defect 12: VID 0, bare hexadecimal digits and a count of 0 are refused in a sentence', () => {
    expect(() => request('-v', '0', '-p', '1')).toThrow(
      /^--vendor-id 0 is not allowed; a whole number from 1 to 65535/u,
    )
    expect(() => request('-v', 'fff1', '-p', '1')).toThrow(/write 0xFFF1/u)
    expect(refusal('-n', '0')).toMatch(/^--count 0/u)
    expect(refusal('-n', '-3')).toMatch(/^--count -3/u)
  })
})

describe('lists', () => {
  test('defect 9: endpoints may be hexadecimal, a label may have 16 bytes and a slash', () => {
    const { fixedLabels } = request(
      ...PRODUCT,
      ...['--fixed-labels', '0x10/room/bed', `1/${'l'.repeat(16)}/${'v'.repeat(16)}`, '2/in\\/out/up/down'],
    ).plan.common
    expect(fixedLabels).toEqual([
      { endpoint: 16, label: 'room', value: 'bed' },
      { endpoint: 1, label: 'l'.repeat(16), value: 'v'.repeat(16) },
      { endpoint: 2, label: 'in/out', value: 'up/down' },
    ])
    expect(refusal('--fixed-labels', `1/${'l'.repeat(17)}/v`)).toMatch(/^--fixed-labels: .*17 bytes.*16/u)
    expect(refusal('--fixed-labels', 'kitchen')).toMatch(/ENDPOINT\/LABEL\/VALUE/u)
  })

  test('defect 25: keys of semantic tags that would be too long are refused at once', () => {
    const tags = Array.from({ length: 17 }, (_, tag) => `${tag}\\0x8000`).join(', ')
    expect(request(...PRODUCT, '--supported-modes', `1/quiet/255/"${tags}"`).plan.common.supportedModes).toHaveLength(1)
    expect(refusal('--supported-modes', `1/quiet/4096/"${tags}"`)).toMatch(/^--supported-modes: .*16 bytes.*15/u)
    const [mode] =
      request(...PRODUCT, '--supported-modes', '1/quiet/0x10/"1\\0x8000, 2\\8000"').plan.common.supportedModes ?? []
    expect(mode).toEqual({
      ...{ mode: 1, label: 'quiet', endpoint: 16 },
      tags: [
        { value: 1, manufacturerCode: 0x8000 },
        { value: 2, manufacturerCode: 0x8000 },
      ],
    })
  })
})

/** A test hierarchy whose parts are what the test says. */
const authority = (commonName: string, ends: Date, idsInCommonName: boolean, vendorId = 0xfff2) => {
  const pair = keyPairFromScalar(Uint8Array.of(...randomBytes(31), 1))
  const validity = { from: new Date('2025-01-01T00:00:00Z'), to: ends }
  const serialNumber = Uint8Array.of(1, 2, 3)
  const paaSubject = { commonName: 'Test PAA' }
  const paa = issueTestPaa({ subject: paaSubject, serialNumber, validity }, pair, signingKey(pair))
  const paiPair = keyPairFromScalar(Uint8Array.of(...randomBytes(31), 2))
  const pai = issueCertificate(
    {
      role: 'pai',
      subject: { commonName, vendorId, productId: 0x8001, idsInCommonName },
      publicKey: paiPair.publicKey,
      serialNumber,
      validity,
    },
    {
      subject: readCertificate(paa, 'PAA').subject,
      key: signingKey(pair),
      keyIdentifier: keyIdentifier(pair.publicKey),
    },
  )
  return {
    paa: file('paa.pem', certificatePem(paa)),
    pai: ['--pai', '-c', file('pai.pem', certificatePem(pai)), '-k', file('pai-key.pem', privateKeyPem(paiPair))],
    paaArgs: ['--paa', '-c', file('paa2.pem', certificatePem(paa)), '-k', file('paa-key.pem', privateKeyPem(pair))],
  }
}

describe('attestation', () => {
  test.each([
    ['2026-12-01', '2026-12-01T00:00:00.000Z'],
    ['2026-12-01 08:30:00', '2026-12-01T08:30:00.000Z'],
    ['2026-12-01T08:30:00', '2026-12-01T08:30:00.000Z'],
  ])('defect 5: --valid-from %s', (text, iso) => {
    const { plan } = request(...PRODUCT, ...PAI, '--valid-from', text)
    expect(plan.attestation?.issuer?.validity.from.toISOString()).toBe(iso)
  })

  test('defect 5: a date that does not exist is refused', () => {
    expect(refusal(...PAI, '-vf', '2026-02-30')).toMatch(/^--valid-from 2026-02-30 is not allowed; 'YYYY-MM-DD'/u)
  })

  test('defect 13: a PAI of another PAA, and a declaration of another product, are refused', () => {
    const mine = authority('Mine', new Date('2035-01-01T00:00:00Z'), false)
    const other = authority('Other', new Date('2035-01-01T00:00:00Z'), false)
    expect(request(...PRODUCT, ...mine.pai, '--paa-cert', mine.paa).plan.attestation).toBeDefined()
    expect(refusal(...mine.pai, '--paa-cert', other.paa)).toMatch(/the key of the PAA did not sign it/u)
    const declaration = ['-cd', vector('certs/Chip-Test-CD-FFF2-8001.der')]
    expect(request(...PRODUCT, ...declaration).plan.certificationDeclaration).toBeDefined()
    expect(() => request('-v', '0xFFF2', '-p', '0x8002', ...declaration)).toThrow(/it is of product 8001/u)
    expect(() => request('-v', '0xFFF1', '-p', '0x8001', ...declaration)).toThrow(/it is of vendor FFF2/u)
    expect(() => request('-v', '0xFFF1', '-p', '0x8001', ...PAI)).toThrow(/vendor 0xFFF2, --vendor-id is 0xFFF1/u)
  })

  test('defect 14: every PAI has a name and a place of its own, and its key is nobody else’s to read', async () => {
    const { paaArgs } = authority('x', new Date('2035-01-01T00:00:00Z'), false)
    const outdir = fresh()
    const made = [await make(outdir, paaArgs), await make(outdir, paaArgs)]
    const product = made[0]?.result.folder ?? ''
    const places = readdirSync(product).filter((name) => name.startsWith('pai-'))
    expect(places).toHaveLength(2)
    const names = places.map((name) => {
      expect(readFileSync(join(product, name, 'PAI_key.pem'), 'utf8')).toMatch(/BEGIN PRIVATE KEY/u)
      return readCertificate(readFileSync(join(product, name, 'PAI_cert.pem')), name).commonName
    })
    expect(new Set(names).size).toBe(2)
    for (const name of names) expect(name).toMatch(/^ESP32 PAI /u)
    const [device] = devicesIn(product)
    expect(device?.mode(`../${places[0]}/PAI_key.pem`)).toBe(0o600)
  })

  test('defect 15: the usual lifetime ends with the issuer, and a note says so; no expiry is possible', () => {
    const ends = new Date('2035-01-01T00:00:00Z')
    const { pai } = authority('Ends', ends, false)
    const clamped = request(...PRODUCT, ...pai)
    expect(clamped.plan.attestation?.issuer?.validity.to).toEqual(ends)
    expect(clamped.notes).toEqual([expect.stringMatching(/^DACs: the validity ends on 2035-01-01/u)])
    const short = request(...PRODUCT, ...pai, '-lt', '30')
    expect(short.notes).toEqual([])
    expect(short.plan.attestation?.issuer?.validity.to).toEqual(new Date(NOW.getTime() + 30 * 86_400_000))
    const endless = authority('Endless', new Date('9999-12-31T23:59:59Z'), false)
    const { validity } = request(...PRODUCT, ...endless.pai, '-lt', 'none').plan.attestation?.issuer ?? {}
    expect(validity?.to.toISOString()).toBe('9999-12-31T23:59:59.000Z')
  })

  test('defect 23: a PAI whose IDs are in its common name signs, too', async () => {
    const { pai } = authority('ACME', new Date('2035-01-01T00:00:00Z'), true)
    const [device] = (await make(fresh(), pai)).devices
    expect(readCertificate(device?.read('internal/DAC_cert.der') ?? Buffer.alloc(0), 'DAC')).toMatchObject({
      ...{ vendorId: 0xfff2, productId: 0x8001 },
    })
    const stranger = authority('ACME', new Date('2035-01-01T00:00:00Z'), true, 0xfff1)
    expect(refusal(...stranger.pai)).toMatch(/vendor 0xFFF1/u)
  })
})

describe('values of single devices', () => {
  const schema = (): string => file('units.csv', 'serial-num,data,string\ndiscriminator,data,u32\nsalt,data,string\n')
  const salts = [1, 2].map((byte) => Buffer.alloc(16, byte).toString('base64'))

  test('defect 18: the label agrees with the partition, whatever a row gives', async () => {
    const table = file(
      'rows.csv',
      `serial-num,discriminator,salt,passcode\nA,0,${salts[0]},20202021\nB,9,${salts[1]},34567890\n`,
    )
    const { devices, summary } = await make(fresh(), [...PAI, '--csv', schema(), '--mcsv', table])
    expect(summary.map((row) => [row['serial-num'], row.discriminator, row.pincode])).toEqual([
      ['A', '0', '20202021'],
      ['B', '9', '34567890'],
    ])
    for (const { partition, codes } of devices) {
      const { discriminator, salt, iterations, verifier } = partition
      const payload = parseQrPayload(codes.qrcode)
      expect(payload.discriminator).toBe(discriminator)
      expect(String(payload.passcode)).toBe(codes.passcode)
      expect(parseManualCode(codes.manualcode).passcode).toBe(payload.passcode)
      expect(
        verifierMatches(verifier ?? new Uint8Array(0), {
          ...{ passcode: payload.passcode, salt: salt ?? new Uint8Array(0), iterations: iterations ?? 0 },
        }),
      ).toBe(true)
    }
  })

  test.each([
    ['A,9999', 2, 3, /discriminator 9999 is not allowed; a whole number from 0 to 4095/u],
    [',1', 2, 1, /serial-num is empty/u],
    ['A,1\nA,2', 3, undefined, /serial number is that of .*:2/u],
    ['A,1,2', 2, 1, /3 fields, the header has 2/u],
    [`${'s'.repeat(33)},1`, 2, 1, /33 bytes/u],
  ])('defect 18: the row %j is refused at %i:%s', (rows, line, column, sentence) => {
    const short = file('short.csv', 'serial-num,data,string\ndiscriminator,data,u32\n')
    const table = file('bad.csv', `serial-num,discriminator\n${rows}\n`)
    const message = refusal('--csv', short, '--mcsv', table)
    expect(message).toMatch(sentence)
    expect(message.startsWith(`${table}:${line}${column === undefined ? '' : `:${column}:`}`)).toBe(true)
  })
})

describe('interruptions and company', () => {
  test('defect 16: what a dead run left behind is in nobody’s way', async () => {
    const outdir = fresh()
    const product = join(outdir, 'fff2_8001')
    const dead = join(product, '.imprint-0a0a0a0a-0000-4000-8000-000000000000')
    mkdirSync(join(dead, 'half a device'), { recursive: true })
    writeFileSync(join(dead, 'half a device', 'partition.bin'), 'half')
    writeFileSync(join(dead, 'summary.csv'), 'serial-num\r\nS1\r\n')
    writeFileSync(join(dead, 'cn_dacs.csv'), 'CN,certs\r\n')
    mkdirSync(join(product, 'csv'), { recursive: true })
    writeFileSync(join(product, 'csv', 'matter_partition-1.csv'), 'left by the incumbent')
    const { result, devices } = await make(outdir, [...PAI, '-n', '2'])
    expect(devices).toHaveLength(2)
    expect(existsSync(dead)).toBe(false)
    // The table of its complete devices was kept, beside the new one.
    const summaries = readdirSync(product).filter((name) => name.startsWith('summary-'))
    expect(summaries).toHaveLength(2)
    expect(summaries.map((name) => readFileSync(join(product, name), 'utf8'))).toContain('serial-num\r\nS1\r\n')
    expect(result.made).toBe(2)
  })

  test('defect 16: a run that is refused leaves nothing', async () => {
    const outdir = fresh()
    await expect(
      make(outdir, ['--size', '0x1000', ...PAI, '--product-url', `https://${'u'.repeat(240)}`]),
    ).resolves.toBeDefined()
    const full = fresh()
    const schema = file('blob.csv', 'big,data,blob_fill(4000;0x00)\n')
    const table = file('blobs.csv', 'big\nx\n')
    await expect(make(full, ['--size', '0x1000', '--csv', schema, '--mcsv', table])).rejects.toThrow(
      new RegExp(`^${table.replaceAll('.', '\\.')}:2: .*a larger partition is needed`, 'u'),
    )
    expect(existsSync(full)).toBe(false)
  })

  test('defect 19: stopping keeps every device that is complete, and says which', async () => {
    const abort = new AbortController()
    const { result, devices, summary } = await make(fresh(), [...PAI, '-n', '50'], {
      signal: abort.signal,
      onProgress: ({ made }) => {
        if (made === 3) abort.abort()
      },
    })
    expect(result.made).toBeGreaterThanOrEqual(3)
    expect(result.made).toBeLessThan(50)
    expect(devices).toHaveLength(result.made)
    expect(summary.map((row) => row['serial-num']).toSorted()).toEqual(
      devices.map(({ partition }) => partition.serialNumber).toSorted(),
    )
  })

  test('defect 20: two runs of one product at once do not touch each other', async () => {
    const outdir = fresh()
    const runs = await Promise.all([1, 2].map(() => make(outdir, [...PAI, '-n', '3'])))
    const summaries = runs.flatMap(({ summary }) => summary.map((row) => row['serial-num']))
    expect(new Set(summaries).size).toBe(6)
    expect(devicesIn(runs[0]?.result.folder ?? '')).toHaveLength(6)
    expect(readdirSync(runs[0]?.result.folder ?? '').filter((name) => name.startsWith('.'))).toEqual([])
  })

  test('defect 21: with a ledger the same values are refused in every later run', async () => {
    mkdirSync(join(folder, 'ledger'))
    const ledger = join(folder, 'ledger', 'devices.db')
    const once = ['--passcode', '20202021', '--discriminator', '3840', '--serial-num', 'S-1']
    await make(fresh(), once, { ledger })
    const outdir = fresh()
    await expect(make(outdir, once, { ledger })).rejects.toThrow(
      /serial number belongs to a device in the ledger already/u,
    )
    await expect(make(outdir, [...once.slice(0, 4), '--serial-num', 'S-2'], { ledger })).rejects.toThrow(
      /passcode with its discriminator belongs to a device/u,
    )
    expect(existsSync(outdir)).toBe(false)
    expect(
      (await make(outdir, ['--passcode', '20202021', '--discriminator', '3841'], { ledger })).devices,
    ).toHaveLength(1)
  })
})

test('the command itself ends with 2 and the sentence', async () => {
  const entry = fileURLToPath(new URL('./generate-entry.ts', import.meta.url))
  const ended = await new Promise<{ code: number | string | null | undefined; stderr: string }>((resolve) =>
    execFile(process.execPath, [entry, 'generate', '-v', 'fff1', '-p', '1'], (error, _, stderr) =>
      resolve({ code: error?.code, stderr }),
    ),
  )
  expect(ended).toEqual({ code: 2, stderr: expect.stringMatching(/^imprint: --vendor-id fff1 is not allowed/u) })
  expect(parse(...PRODUCT, '-cf', '1', '-dm', '6', '-lt', '3')).toMatchObject({
    ...{ commissioningFlow: '1', discoveryMode: '6', lifetime: '3' },
  })
})

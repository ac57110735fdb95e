/** Devices' own values: `--csv` with `--mcsv`, and DACs that were made elsewhere. */
import { createPrivateKey } from 'node:crypto'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readNvs } from '../../src/main/espressif/nvs-read.ts'
import { csvLine } from '../../src/main/generation/csv-line.ts'
import { GenerationError } from '../../src/main/generation/generation-error.ts'
import { readCsvText } from '../../src/main/espressif/nvs-csv-text.ts'
import {
  devicesIn,
  make,
  PAI,
  PRODUCT,
  refusal,
  request,
  tableOf,
  temporaryFolder,
  vector,
  type MadeDevice,
} from './made.ts'

const { path: folder, remove } = temporaryFolder()
afterAll(remove)
let number = 0
const fresh = (): string => join(folder, String(++number))
const file = (name: string, content: string): string => {
  const path = join(folder, `${++number}-${name}`)
  writeFileSync(path, content)
  return path
}
const tables = (schema: string, rows: string): string[] => [
  ...['--csv', file('schema.csv', schema)],
  ...['--mcsv', file('rows.csv', rows)],
]

describe('a row each', () => {
  test('namespaces and keys of the user’s own are in the partition, its CSV and the summary', async () => {
    const args = tables(
      'ownkey,data,i8\nserial-num,data,string\ncustom,namespace,\nnote,data,string\nbytes,data,hex2bin\nrmaker_creds,namespace,\nmore,data,u8\n',
      'serial-num,ownkey,note,bytes,more\nS1,-5,"a,b",00ff,1\nS2,6,hello,,2\n',
    )
    const { devices, summary, result } = await make(fresh(), [
      ...args,
      '--mqtt-host',
      'h.example',
      '--product-label',
      'L',
    ])
    expect(result.count).toBe(2)
    const [row] = summary
    expect(Object.keys(row ?? {})).toEqual([
      ...['discriminator', 'iteration-count', 'salt', 'vendor-id', 'product-id', 'serial-num', 'verifier', 'ownkey'],
      ...['product-label', 'mqtt_host', 'more', 'note', 'bytes', 'pincode', 'qrcode', 'manualcode'],
    ])
    expect(row).toMatchObject({ 'serial-num': 'S1', ownkey: '-5', note: 'a,b', bytes: '00ff', more: '1' })
    const device = devices.find(({ partition }) => partition.serialNumber === 'S1')
    const entries = readNvs(device?.read(`${device.id}-partition.bin`) ?? Buffer.alloc(0)).entries
    const own = entries.map(({ namespace, key, value }) => [namespace, key, value])
    expect(own).toContainEqual(['chip-factory', 'ownkey', -5])
    expect(own).toContainEqual(['rmaker_creds', 'mqtt_host', 'h.example'])
    expect(own).toContainEqual(['rmaker_creds', 'more', 1])
    expect(own).toContainEqual(['custom', 'note', 'a,b'])
    expect(entries.find(({ key }) => key === 'bytes')?.value).toEqual(Buffer.of(0, 255))
    expect(device?.read('internal/partition.csv').toString()).toContain(
      'custom,namespace,,\r\nnote,data,string,"a,b"\r\n',
    )
  })

  test('a column comes before the option, and the count before --count', async () => {
    const args = tables('vendor-name,data,string\nproduct-color,data,u32\n', 'vendor-name,product-color\nRow,3\n')
    const { devices, result } = await make(fresh(), [
      ...args,
      '--vendor-name',
      'Option',
      '--product-finish',
      'matte',
      '-n',
      '7',
    ])
    expect(result.count).toBe(1)
    expect(devices[0]?.partition).toMatchObject({ vendorName: 'Row', productColor: 3, productFinish: 1 })
  })

  test.each([
    ['a,data,u8\n', 'b\n1\n', /:1: the header has no column 'a'/u],
    ['a,data,u8\n', 'a,a\n1,2\n', /:1:3: column 'a' stands twice/u],
    ['a,data,u8\n', 'a\n256\n', /:2:1: a .*256 is not allowed as u8/u],
    ['a,data,u9\n', 'a\n1\n', /:1:8: .*encoding 'u9' is not known/u],
    ['a,text,u8\n', 'a\n1\n', /:1:3: type 'text' is not known/u],
    ['key-of-17-letters,data,u8\n', 'key-of-17-letters\n1\n', /:1:1: key .*17 bytes; 1 to 15/u],
    ['a,data,u8\na,data,u8\n', 'a\n1\n', /:2:1: key 'a' stands at .*:1:1 already/u],
    [
      'discriminator,data,string\n',
      'discriminator\n1\n',
      /encoding 'string' is not allowed for key 'discriminator'; u32 is/u,
    ],
    ['pai-cert,file,binary\n', 'pai-cert\nx\n', /'pai-cert' is not allowed as a column: it is given by --cert/u],
    ['vendor-id,data,u32\n', 'vendor-id\n1\n', /vendor-id 1 is not the product's/u],
    ['f,file,binary\n', 'f\n/does/not/exist\n', /:2:1: f .*there is no such file/u],
    ['a,data,u8\n', 'a\n', /holds no device/u],
    ['a,data,u8\n', '', /is empty/u],
    ['salt,data,string\n', 'salt\nAAAA\n', /:2:1: salt has 3 bytes; 16 to 32/u],
    [
      'salt,data,string\n',
      'salt,passcode\nU1BBS0UyUCBLZXkgU2FsdA==,12345678\n',
      /:2:26: passcode is one of the 12 passcodes/u,
    ],
  ])('%j with %j is refused at its place', (schema, rows, sentence) => {
    expect(refusal(...tables(schema, rows))).toMatch(sentence)
  })

  test('a verifier must be that of its row’s passcode', () => {
    const schema = 'salt,data,string\nverifier,data,string\niteration-count,data,u32\n'
    const salt = 'U1BBS0UyUCBLZXkgU2FsdA=='
    const verifier =
      'uWFwqugDNGiEck/po7KHwwMwwqZgN10XuyBajPGuyzUEV/iree4lOrao5GuwnlQ65CJzbeUB49s31EH+NEkg0JVI5MGCQGMMT/SRPFNRODm3wH/MBiehuFc6FJ/NH6Rmzw=='
    const rows = (passcode: string): string =>
      `passcode,salt,verifier,iteration-count\n${passcode},${salt},${verifier},1000\n`
    expect(request(...PRODUCT, ...tables(schema, rows('20202021'))).given(0).passcode).toBe(20_202_021)
    expect(refusal(...tables(schema, rows('20202022')))).toMatch(
      /:2: verifier does not belong to passcode, salt and 1000/u,
    )
    expect(refusal(...tables(schema, rows('20202021').replace('passcode,', 'x,')))).toMatch(
      /verifier needs salt and passcode/u,
    )
  })

  test('columns that --csv does not name are left out, and a note says so', () => {
    const { notes, count } = request(...PRODUCT, ...tables('a,data,u8\n', 'a,comment\n1,x\n# a line of words\n2,y\n'))
    expect(count).toBe(2)
    expect(notes.map((note) => note.replace(/^.*rows\.csv/u, ''))).toEqual([
      ": column 'comment' is not in --csv and is left out",
      ': 1 lines that begin with # are left out',
    ])
  })

  test('--csv alone, and a single device’s option beside many rows, are refused', () => {
    expect(refusal('--csv', file('a.csv', 'a,data,u8\n'))).toMatch(/--csv and --mcsv belong together/u)
    expect(refusal('--passcode', '20202021', ...tables('a,data,u8\n', 'a\n1\n2\n'))).toMatch(
      /--passcode is one device's; --mcsv has 2/u,
    )
    expect(refusal('-n', '2', '--serial-num', 'S')).toMatch(/--serial-num is one device's; --count is 2/u)
  })

  test('any text gives a table or a sentence about it', () => {
    const schemaText = fc.oneof(fc.string(), fc.constant('a,data,u8\nserial-num,data,string\n'))
    fc.assert(
      fc.property(
        schemaText,
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `a,serial-num\n${text}`),
        ),
        (schema, rows) => {
          try {
            request(...PRODUCT, ...tables(schema, rows))
          } catch (error) {
            expect(error).toBeInstanceOf(GenerationError)
          }
        },
      ),
      { numRuns: 60 },
    )
  })

  test('what is written as CSV is read back', () => {
    const cell = fc.string().map((text) => text.replace(/\r\n?/gu, '\n'))
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1 }), (cells) => {
        const text = csvLine(cells, '\r\n')
        // A line that begins with # is a comment to the reader, as it is to the reference generator.
        fc.pre(!/^#/mu.test(text))
        expect(readCsvText(text, 'line')[0]?.map((field) => field.text)).toEqual(cells)
      }),
    )
  })
})

describe('DACs that were made elsewhere', () => {
  /** Three devices whose DACs another tool may have made. */
  let bought: readonly MadeDevice[]
  const pai = PAI.slice(0, 3)
  beforeAll(async () => {
    bought = (await make(fresh(), [...PAI, '-n', '3'])).devices
  })

  const folderOf = (ending: string): string => {
    const place = fresh()
    mkdirSync(place)
    for (const [index, { folder: device }] of bought.entries()) {
      copyFileSync(join(device, 'internal/DAC_cert.pem'), join(place, `certificate ${index}${ending}`))
      // In another order: they find each other by the key.
      copyFileSync(join(device, 'internal/DAC_key.pem'), join(place, `${9 - index}${ending}`))
    }
    return place
  }

  test('each of a folder is used once, under its own name', async () => {
    const { devices } = await make(fresh(), [...pai, '--dacs', folderOf('.pem'), '-n', '3'])
    expect(devices.map(({ id }) => id)).toEqual(bought.map(({ id }) => id))
    for (const [index, device] of devices.entries())
      expect(
        device
          .read('internal/DAC_private_key.bin')
          .equals(bought[index]?.read('internal/DAC_private_key.bin') ?? Buffer.alloc(0)),
      ).toBe(true)
    expect(refusal(...pai, '--dacs', folderOf('.pem'), '-n', '4')).toMatch(/holds 3 DACs for 4 devices/u)
  })

  test('a CSV file names them', () => {
    const table = join(fresh(), 'dacs.csv')
    mkdirSync(join(table, '..'))
    const rows = bought.map(
      ({ folder: device }) => `${join(device, 'internal/DAC_key.der')},${join(device, 'internal/DAC_cert.der')}`,
    )
    writeFileSync(table, `dac-key,dac-cert\n${rows.join('\n')}\n`)
    const { given } = request(...PRODUCT, ...pai, '--dacs', table, '-n', '3')
    expect([0, 1, 2].map((position) => Buffer.from(given(position).dac?.certificate ?? []))).toEqual(
      bought.map((device) => device.read('internal/DAC_cert.der')),
    )
    writeFileSync(table, `dac-key,dac-cert\n${rows[0]}\n${rows[0]}\n`)
    expect(refusal(...pai, '--dacs', table, '-n', '2')).toMatch(/DACs 1 and 2 have the same key/u)
    const [, certificate] = (rows[1] ?? '').split(',')
    writeFileSync(table, `dac-key,dac-cert\n${(rows[0] ?? '').split(',')[0]},${certificate}\n`)
    expect(refusal(...pai, '--dacs', table)).toMatch(/dacs\.csv:2:\d+: .*the key does not belong to the DAC/u)
  })

  test('the columns dac-cert and dac-key of --mcsv name them, relative to the table', async () => {
    const place = fresh()
    mkdirSync(place)
    for (const [index, { folder: device }] of bought.entries()) {
      copyFileSync(join(device, 'internal/DAC_cert.der'), join(place, `c${index}.der`))
      copyFileSync(join(device, 'internal/DAC_key.der'), join(place, `k${index}.der`))
    }
    writeFileSync(join(place, 'schema.csv'), 'serial-num,data,string\n')
    writeFileSync(join(place, 'rows.csv'), 'serial-num,dac-cert,dac-key\nA,c1.der,k1.der\nB,c0.der,k0.der\n')
    const args = ['--csv', join(place, 'schema.csv'), '--mcsv', join(place, 'rows.csv')]
    const { summary, result } = await make(fresh(), [...pai, ...args])
    expect(summary.map((row) => basename(join(row['dac-cert'] ?? '', '../..')))).toEqual([bought[1]?.id, bought[0]?.id])
    expect(tableOf(result.cnDacs ?? '').map(({ CN }) => CN)).toEqual([bought[1]?.id, bought[0]?.id])
    expect(refusal(...args)).toMatch(/rows\.csv:2: dac-cert needs the PAI/u)
    writeFileSync(join(place, 'rows.csv'), 'serial-num,dac-cert,dac-key\nA,c1.der,k1.der\nB,c1.der,k1.der\n')
    expect(refusal(...pai, ...args)).toMatch(/rows\.csv:3: the DAC key is that of .*rows\.csv:2/u)
  })

  test('encrypted keys are opened by --password; one that stays shut is named', () => {
    const place = folderOf('.pem')
    for (const [index, { folder: device }] of bought.entries()) {
      const key = createPrivateKey(readFileSync(join(device, 'internal/DAC_key.pem')))
      writeFileSync(
        join(place, `${9 - index}.pem`),
        key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'shut' }),
      )
    }
    expect(request(...PRODUCT, ...pai, '--dacs', place, '--pwd', 'shut', '-n', '3').count).toBe(3)
    expect(refusal(...pai, '--dacs', place, '-n', '3')).toMatch(
      /holds the key of this DAC; not readable: .*its password is needed/u,
    )
  })

  test('a DAC of another PAI or product is refused', () => {
    const dac = [
      '--dac-cert',
      vector('certs/DAC-FFF1-8000-Cert.pem'),
      '--dac-key',
      vector('certs/DAC-FFF1-8000-Key.pem'),
    ]
    expect(refusal(...pai, ...dac)).toMatch(/^--dac-cert .*DAC: /u)
    expect(refusal(...dac)).toMatch(/without --pai or --paa/u)
    expect(refusal(...pai, ...dac.slice(0, 2))).toMatch(/--dac-cert and --dac-key belong together/u)
  })

  test('with a ledger later runs take those that no device has yet', async () => {
    const place = folderOf('.pem')
    const ledger = join(fresh(), 'devices.db')
    mkdirSync(join(ledger, '..'))
    const args = [...pai, '--dacs', place]
    const first = await make(fresh(), [...args, '-n', '2'], { ledger })
    const second = await make(fresh(), [...args, '-n', '1'], { ledger })
    const ids = [...first.devices, ...second.devices].map(({ id }) => id)
    expect(ids.toSorted()).toEqual(bought.map(({ id }) => id))
    await expect(make(fresh(), [...args, '-n', '1'], { ledger })).rejects.toThrow(
      /holds 0 DACs that no device in the ledger has, for 1 devices/u,
    )
  })

  test('the same device twice in one folder is refused, and stays as it was', async () => {
    const outdir = fresh()
    const one = [...pai, '--dac-cert', join(bought[0]?.folder ?? '', 'internal/DAC_cert.pem')]
    const args = [...one, '--dac-key', join(bought[0]?.folder ?? '', 'internal/DAC_key.pem')]
    const { result } = await make(outdir, args)
    const before = devicesIn(result.folder)[0]?.read('internal/partition.csv')
    await expect(make(outdir, args)).rejects.toThrow(/is there already; move it away/u)
    expect(devicesIn(result.folder)[0]?.read('internal/partition.csv')).toEqual(before)
    expect(readdirSync(result.folder).filter((name) => name.startsWith('.'))).toEqual([])
  })
})

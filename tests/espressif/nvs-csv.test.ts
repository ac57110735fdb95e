import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { generateNvs, readNvsCsv } from '../../src/main/espressif/nvs-csv.ts'
import { NvsError } from '../../src/main/espressif/nvs-entry.ts'
import { readNvs } from '../../src/main/espressif/nvs-read.ts'

const HEADER = 'key,type,encoding,value\n'
const files: Record<string, string> = {
  'h.txt': ' 0aFF\n',
  'b.txt': 'AAEC\nAwQF\n',
  'n.txt': '42\n',
  's.txt': 'a\r\nb',
}
const readFile = (path: string): Uint8Array => {
  const text = files[path]
  if (text === undefined) throw new Error('no such file')
  return Buffer.from(text)
}
const items = (body: string) =>
  readNvsCsv(HEADER + body, 'my.csv', readFile).map(({ item }) => {
    if (item.type === 'namespace') return [item.namespace]
    return [item.key, item.type, item.type === 'blob' ? Buffer.from(item.value).toString('hex') : item.value]
  })

describe('NVS CSV', () => {
  test.each([
    [
      'numbers with signs, underscores, blanks and in hexadecimal',
      'k,data,i32, -1_000 \nl,data,u8,0x1F',
      [
        ['k', 'i32', -1000n],
        ['l', 'u8', 31n],
      ],
    ],
    ['quotes, commas and doubled quotes', 'k,data,string,"a,""b"""', [['k', 'string', 'a,"b"']]],
    ['text after a closing quote is kept', 'k,data,string,"a"b"c', [['k', 'string', 'ab"c']]],
    ['a value over several lines, line ends as one line feed', 'k,data,string,"a\r\n\rb"', [['k', 'string', 'a\n\nb']]],
    [
      'a physical line that begins with # is dropped, inside a quoted value too',
      '# note\nk,data,string,"a\n#b\nc"',
      [['k', 'string', 'a\nc']],
    ],
    [
      'a # elsewhere stays',
      'k,data,string,"a #b"\nl,data,string,#c',
      [
        ['k', 'string', 'a #b'],
        ['l', 'string', '#c'],
      ],
    ],
    [
      'hexadecimal and Base64, in a row and in files with line ends',
      'a,data,hex2bin, d2F3 \nb,file,hex2bin,h.txt\nc,file,base64,b.txt',
      [
        ['a', 'blob', 'd2f3'],
        ['b', 'blob', '0aff'],
        ['c', 'blob', '000102030405'],
      ],
    ],
    [
      'numbers and text in files, bytes as they are',
      'a,file,u8,n.txt\nb,file,string,s.txt\nc,file,binary,s.txt',
      [
        ['a', 'u8', 42n],
        ['b', 'string', 'a\r\nb'],
        ['c', 'blob', '610d0a62'],
      ],
    ],
    ['binary text as UTF-8', 'a,data,binary,ü', [['a', 'blob', 'c3bc']]],
    [
      'encodings in capitals',
      'a,data,U8,1\nb,data,HEX2BIN,00',
      [
        ['a', 'u8', 1n],
        ['b', 'blob', '00'],
      ],
    ],
    [
      'filled blobs',
      'a,data,blob_fill(4;0xff),ab\nb,data,blob_sz_fill(3;0x00),a',
      [
        ['a', 'blob', '6162ffff'],
        ['b', 'blob', '01000000610000'],
      ],
    ],
    ['empty text', 'a,data,string,', [['a', 'string', '']]],
  ])('%s', (_, body, expected) => {
    expect(items(`ns,namespace,,\n${body}\n`)).toEqual([['ns'], ...expected])
  })

  test('columns are found by their names, in any order; empty lines are skipped; a short namespace row will do', () => {
    const text = 'value,key,encoding,type\n\n,ns,,namespace\n7,k,u8,data\n'
    expect(readNvsCsv(text, 'x', readFile).map(({ item }) => item)).toEqual([
      { type: 'namespace', namespace: 'ns' },
      { namespace: 'ns', key: 'k', type: 'u8', value: 7n },
    ])
    expect(items('ns,namespace\n')).toEqual([['ns']])
  })

  test('a namespace without keys has its entry, and so the next one the second index', () => {
    const bytes = generateNvs(`${HEADER}empty,namespace,,\nfull,namespace,,\nk,data,u8,1\n`, 'x', readFile, {
      size: 0x3000,
      version: 2,
    })
    expect([...readNvs(bytes).namespaces]).toEqual([
      [1, 'empty'],
      [2, 'full'],
    ])
  })

  test.each([
    ['no integer', 'k,data,u8,one', /^my\.csv:3:11: key 'k': 'one' is no integer/u],
    ['out of range', 'k,data,u8,256', /^my\.csv:3:11: key 'k': 256 is not allowed as u8; 0 to 255 are/u],
    ['a key too long', 'abcdefghijklmnop,data,u8,1', /^my\.csv:3:1: key 'abcdefghijklmnop' has 16 bytes; 1 to 15/u],
    [
      'an unknown type',
      'k,date,u8,1',
      /^my\.csv:3:3: key 'k': type 'date' is not known; namespace, data and file are/u,
    ],
    ['an unknown encoding', 'k,data,u24,1', /^my\.csv:3:8: key 'k': encoding 'u24' is not known; u8, /u],
    ['odd hexadecimal', 'k,data,hex2bin,abc', /^my\.csv:3:16: key 'k': hexadecimal digits in pairs/u],
    ['no Base64', 'k,data,base64,a', /^my\.csv:3:15: key 'k': Base64/u],
    [
      'a missing file',
      'k,file,binary,gone.bin',
      /^my\.csv:3:15: key 'k': 'gone\.bin' cannot be read \(no such file\)/u,
    ],
    ['no value', 'k,data,u8', /^my\.csv:3:\d+: key 'k': the row has no value/u],
    ['an unquoted comma', 'k,data,string,a, b', /^my\.csv:3:17: the row has more fields/u],
    ['a quote without end', 'k,data,string,"a\nb', /^my\.csv:3:15: the quoted value that begins here never ends/u],
    [
      'a filled blob that is too small',
      'k,data,blob_fill(1;0x00),ab',
      /^my\.csv:3:\d+: key 'k': the value has 2 bytes; 1 /u,
    ],
  ])('%s is named by file, line and column', (_, body, message) => {
    const generate = () =>
      generateNvs(`${HEADER}ns,namespace,,\n${body}\n`, 'my.csv', readFile, { size: 0x3000, version: 2 })
    expect(generate).toThrow(NvsError)
    expect(generate).toThrow(message)
  })

  test('a missing column, and a row before any namespace', () => {
    expect(() => readNvsCsv('key,type,value\n', 'my.csv', readFile)).toThrow(
      /^my\.csv:1:1: the header has no column 'encoding'/u,
    )
    expect(() => items('k,data,u8,1\n')).toThrow(/^my\.csv:2:1: key 'k': a namespace row must come first/u)
    expect(() => readNvsCsv('', 'my.csv', readFile)).toThrow(NvsError)
  })

  test('Wi-Fi credentials bring the entries that a device would compute from them', () => {
    const body =
      'ns,namespace,,\nsta.ssid,data,string,net\nsta.pswd,data,string,secret12\nap.ssid,data,string,IEEE\nap.passwd,data,string,password\nap.authmode,data,u8,3\n'
    const found = items(body)
    expect(found.map(([key]) => key)).toEqual([
      'ns',
      'sta.ssid',
      'sta.apinfo',
      'sta.pmk',
      'sta.apsw',
      'sta.pswd',
      'ap.ssid',
      'ap.passwd',
      'ap.pmk_info',
      'ap.authmode',
    ])
    // The key of IEEE 802.11-2020, annex J.4.2.
    const pmk = String(found[8]?.[2]).slice(200)
    expect(pmk).toBe('f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e')
    expect(
      items('ns,namespace,,\nap.ssid,data,string,IEEE\nap.passwd,data,string,p\nap.authmode,data,u8,0\n'),
    ).toHaveLength(4)
  })

  test('any text gives items or a typed error that begins with the file', () => {
    const cell = fc.oneof(
      fc.string(),
      fc.constantFrom('namespace', 'data', 'file', 'u8', 'string', 'hex2bin', '"', '\n', '#'),
    )
    fc.assert(
      fc.property(fc.array(fc.array(cell, { maxLength: 6 }), { maxLength: 6 }), (rows) => {
        try {
          readNvsCsv(HEADER + rows.map((row) => row.join(',')).join('\n'), 'my.csv', readFile)
        } catch (error) {
          expect(error).toBeInstanceOf(NvsError)
          expect((error as Error).message).toMatch(/^my\.csv:\d+:\d+: /u)
        }
      }),
    )
  })
})

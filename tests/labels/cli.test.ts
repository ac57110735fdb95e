import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { InputError } from '../../src/main/cli/input-error.ts'
import { labelCommand } from '../../src/main/cli/label.ts'
import { printerCommand } from '../../src/main/cli/printer.ts'
import { printLabels } from '../../src/main/cli/label-print.ts'
import { layOutLabel } from '../../src/main/labels/layout.ts'
import { createTcpPrinter } from '../../src/main/labels/tcp-printer.ts'
import { templateByName } from '../../src/main/labels/templates.ts'
import { encodeManualCode, encodeQrPayload } from '../../src/main/matter/onboarding-payload.ts'
import { openSimulatedPrinter } from '../../src/main/simulator/printer.ts'
import { parsePrinterFault } from '../../src/main/simulator/printer-faults.ts'
import { pictureOfPng, readCodes } from './decode.ts'
import { SAMPLE } from './sample.ts'

const payload = (unit: number) => ({
  vendorId: 0xfff1,
  productId: 0x8000,
  flow: 0 as const,
  discovery: 2,
  discriminator: 100 + unit,
  passcode: 20_202_020 + unit,
})
const qr = (unit: number): string => encodeQrPayload(payload(unit))
const HEADING = 'serial,mac,slot,outcome,attempts,qrcode,manualcode'
const row = (unit: number, changes: Record<string, string> = {}): string => {
  const cells: Record<string, string> = {
    serial: `AUR-00${unit}`,
    mac: `7C:DF:A1:00:00:0${unit}`,
    slot: String(unit),
    outcome: 'pass',
    attempts: '1',
    qrcode: qr(unit),
    manualcode: encodeManualCode(payload(unit)),
    ...changes,
  }
  return HEADING.split(',')
    .map((name) => cells[name])
    .join(',')
}

let folder: string
let out: string
let csv: string
const said: string[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'imprint-label-cli-'))
  out = join(folder, 'labels')
  csv = join(folder, 'units.csv')
  said.length = 0
  const listen = (text: string | Uint8Array): boolean => {
    said.push(String(text))
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(listen)
  vi.spyOn(process.stderr, 'write').mockImplementation(listen)
})
afterEach(() => {
  vi.restoreAllMocks()
  process.exitCode = undefined
  rmSync(folder, { recursive: true, force: true })
})

const label = (...args: string[]) => labelCommand().parseAsync(args, { from: 'user' })
const printer = (...args: string[]) => printerCommand().parseAsync(args, { from: 'user' })
const table = (...rows: string[]): void => writeFileSync(csv, [HEADING, ...rows, ''].join('\r\n'))

describe('imprint label render', () => {
  test('draws a file a unit, named by serial; boards that failed have none', async () => {
    table(row(1), row(2, { outcome: 'fail', qrcode: '', manualcode: '' }), row(3))
    for (const form of ['zpl', 'pdf', 'png'])
      await label('render', '--from', csv, '--format', form, '--dpi', '300', '--product', 'Aurora', '--out', out)
    expect(readdirSync(out).toSorted()).toEqual(
      ['AUR-001', 'AUR-003'].flatMap((serial) => ['pdf', 'png', 'zpl'].map((form) => `${serial}.${form}`)),
    )
    const png = readFileSync(join(out, 'AUR-003.png'))
    expect(await readCodes(pictureOfPng(png))).toEqual([{ format: 'QRCode', text: qr(3) }])
    const zpl = (): string => readFileSync(join(out, 'AUR-001.zpl'), 'utf8')
    expect(zpl()).not.toContain('^BQN')
    await label('render', '--from', csv, '--codes', 'printer', '--text', 'graphic', '--out', out)
    expect(zpl()).toMatch(/\^BQN/u)
    expect(zpl()).not.toContain('^A0N')
    await label('render', '--from', csv, '--out', out)
    // The vendor ID is one for tests.
    expect(zpl()).toContain('TEST')
  })

  test.each([
    ['a MAC that is none', [row(1), row(2, { mac: '7C:DF' })], /units\.csv:3:mac: '7C:DF' is no MAC/u],
    ['a payload that is none', [row(1, { qrcode: 'MT:X' })], /units\.csv:2:qrcode: /u],
    ['a manual code of another unit', [row(1, { manualcode: encodeManualCode(payload(2)) })], /:2:manualcode: /u],
    ['a serial twice', [row(1), row(2, { serial: 'aur-001' })], /:3:serial: 'aur-001' is the serial of row 2 too/u],
    ['a slot that is none', [row(1, { slot: '0' })], /:2:slot: '0' is no slot/u],
    ['a row that is too long', [`${row(1)},more`], /units\.csv:2:1: the row has 8 cells, the heading 7/u],
    ['a row that is too short', [row(1), 'AUR-002'], /units\.csv:3:1: the row has 1 cells, the heading 7/u],
    ['a quotation mark without its other', [`"${row(1)}`], /units\.csv:\d+:1: a quotation mark is opened/u],
    ['a serial with a control character', [row(1, { serial: 'A\u0000B' })], /:2:serial: .*control character/u],
    ['a serial that overflows', [row(1), row(2, { serial: 'W'.repeat(60) })], /:3: unit W+: .*needs/u],
    ['a table without units', [], /units\.csv:2:1: there is no unit/u],
  ])('%s is refused with file, row and column, and nothing is written', async (_, rows, message) => {
    table(...rows)
    const ended = label('render', '--from', csv, '--out', out)
    await expect(ended).rejects.toThrow(InputError)
    await expect(ended).rejects.toThrow(message)
    expect(existsSync(out)).toBe(false)
  })

  test('serials that no file may be named by have files of their own; a BOM, CRLF and a quoted line break are read', async () => {
    const serials = ['a/b', '..', 'a^b~c', '序列号一']
    const rows = serials.map((serial, at) => `${row(at + 1, { serial })},"two\r\nlines"`)
    writeFileSync(csv, `\ufeff${[`${HEADING},note`, ...rows, ''].join('\r\n')}`)
    await label('render', '--from', csv, '--format', 'png', '--dpi', '300', '--out', out)
    const files = readdirSync(out).toSorted()
    expect(files).toEqual(
      ['%2e..png', '%e5%ba%8f%e5%88%97%e5%8f%b7%e4%b8%80.png', 'a%2fb.png', 'a%5eb%7ec.png'].toSorted(),
    )
    const codes = await Promise.all(files.map((file) => readCodes(pictureOfPng(readFileSync(join(out, file))))))
    expect(
      codes
        .flat()
        .map(({ text }) => text)
        .toSorted(),
    ).toEqual([1, 2, 3, 4].map(qr).toSorted())
  })

  test('a table that is not UTF-8, or has a column twice, and a folder that cannot be one, are refused', async () => {
    writeFileSync(csv, Buffer.from(`${HEADING}\r\n${row(1, { serial: 'Ä-1' })}\r\n`, 'latin1'))
    await expect(label('render', '--from', csv, '--out', out)).rejects.toThrow(/units\.csv:1:1: .*not UTF-8/u)
    writeFileSync(csv, `${HEADING},serial\r\n${row(1)},B\r\n`)
    await expect(label('render', '--from', csv, '--out', out)).rejects.toThrow(/:1:serial: the column stands twice/u)
    table(row(1))
    for (const path of [csv, join(csv, 'below'), ''])
      for (const args of [
        ['render', '--out', path],
        ['print', '--printer', `folder:${path}`],
      ] as const) {
        if (args[0] === 'print' && path === '') continue
        const ended = label(...args, '--from', csv)
        await expect(ended).rejects.toThrow(InputError)
        await expect(ended).rejects.toThrow(path === '' ? /--out is empty/u : /a file; name a folder/u)
      }
    expect(existsSync(out)).toBe(false)
  })

  test('a missing column, file, template, or a label that does not fit: refused, and nothing is written', async () => {
    table(row(1))
    await expect(label('render', '--from', join(folder, 'no.csv'), '--out', out)).rejects.toThrow(
      /there is no such file/u,
    )
    await expect(label('render', '--from', csv, '--template', 'none', '--out', out)).rejects.toThrow(/unit-40x20/u)
    const long = 'a product name that is far too long for a small label'
    await expect(label('render', '--from', csv, '--product', long, '--out', out)).rejects.toThrow(
      /unit AUR-001: the label's element 'product'/u,
    )
    writeFileSync(csv, 'serial,mac\r\nA,7CDFA1000001\r\n')
    await expect(label('render', '--from', csv, '--out', out)).rejects.toThrow(/:1:qrcode: the column is missing/u)
    expect(existsSync(out)).toBe(false)
  })
})

describe('a template of one’s own', () => {
  test('is named by its file', async () => {
    table(row(1))
    const file = join(folder, 'mine.json')
    const template = {
      ...templateByName('unit-40x20'),
      name: 'mine',
      elements: [
        { type: 'qr', name: 'qr', x: 1, y: 1, size: 15, text: '{qr}' },
        { type: 'text', name: 'mark', x: 20, y: 1, width: 15, height: 4, size: 2, text: '{mark} {outcome}' },
      ],
    }
    writeFileSync(file, JSON.stringify({ ...template, elements: template.elements.slice(0, 1) }))
    await expect(label('render', '--from', csv, '--template', file, '--out', out)).rejects.toThrow(
      /place for the mark TEST/u,
    )
    writeFileSync(file, JSON.stringify({ ...template, width: 10 }))
    await expect(label('render', '--from', csv, '--template', file, '--out', out)).rejects.toThrow(
      /mine\.json: elements/u,
    )
    writeFileSync(file, '{')
    await expect(label('render', '--from', csv, '--template', file, '--out', out)).rejects.toThrow(
      /mine\.json: not JSON/u,
    )
    writeFileSync(file, JSON.stringify(template).replace(' {outcome}', ''))
    await label('render', '--from', csv, '--template', file, '--out', out)
    expect(readdirSync(out)).toEqual(['AUR-001.zpl'])
  })
})

describe('imprint label print', () => {
  test('prints every label once, and says so', async () => {
    const simulated = await openSimulatedPrinter()
    table(row(1), row(2), row(3))
    await label('print', '--from', csv, '--printer', simulated.address)
    await simulated.close()
    expect(simulated.labels).toHaveLength(3)
    expect(said.join('')).toContain('3 labels printed')
    expect(process.exitCode).toBeUndefined()
  })

  test('tells whose label came out, and of whose label nobody can know', async () => {
    const simulated = await openSimulatedPrinter({
      counter: false,
      factor: 0.4,
      faults: [parsePrinterFault('lost-before@2')],
    })
    const { port } = simulated
    const units = ['AUR-001', 'AUR-002', 'AUR-003'].map((serial) => ({ ...SAMPLE, serial }))
    const outcome = await printLabels(
      { units, layOut: (unit) => layOutLabel(templateByName('unit-40x20'), unit, 203) },
      createTcpPrinter('127.0.0.1', port, { patience: 100 }),
      { busy: 2, patience: 60 },
    )
    await simulated.close()
    expect(outcome).toEqual({ printed: 2, sent: 0, inDoubt: ['AUR-002'], notPrinted: [] })
  })

  test('a folder as printer leaves files, and says that nobody confirms them', async () => {
    table(row(1))
    await label('print', '--from', csv, '--printer', `folder:${out}`)
    expect(readdirSync(out).toSorted()).toEqual(['AUR-001.pdf', 'AUR-001.zpl'])
    expect(said.join('')).toContain('does not tell')
    await expect(label('print', '--from', csv, '--printer', 'lpt1')).rejects.toThrow(/no printer address/u)
    await expect(label('print', '--from', csv, '--printer', 'system:Zebra')).rejects.toThrow(/Imprint window only/u)
    await expect(printer('status', 'system:Zebra')).rejects.toThrow(/Imprint window only/u)
  })
})

describe('imprint printer status', () => {
  test('tells state, labels in it and labels ever; exit code 1 when it cannot print', async () => {
    const simulated = await openSimulatedPrinter()
    await printer('status', simulated.address, '--json')
    expect(JSON.parse(said.join(''))).toEqual({
      printer: simulated.address,
      state: 'ready',
      pending: 0,
      labelsPrinted: 0,
      confirms: true,
    })
    expect(process.exitCode).toBeUndefined()
    simulated.set('head-open')
    await printer('status', simulated.address)
    expect(said.join('')).toContain(`${simulated.address}: head-open`)
    expect(process.exitCode).toBe(1)
    await simulated.close()
  })
})

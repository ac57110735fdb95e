import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { createCupsPrinter } from '../../src/main/labels/cups-printer.ts'
import { createDevicePrinter } from '../../src/main/labels/device-printer.ts'
import { labelFileName } from '../../src/main/labels/folder-printer.ts'
import { HostStatusError, parseHostStatus, stateOf } from '../../src/main/labels/host-status.ts'
import { layOutLabel } from '../../src/main/labels/layout.ts'
import { parsePrinterAddress, PrinterAddressError } from '../../src/main/labels/printer-address.ts'
import { printerAt } from '../../src/main/labels/printer-at.ts'
import { PrinterError } from '../../src/main/labels/printer.ts'
import { createTcpPrinter } from '../../src/main/labels/tcp-printer.ts'
import { templateByName } from '../../src/main/labels/templates.ts'
import { renderZpl } from '../../src/main/labels/zpl.ts'
import { createZplInput, type PrinterInput } from '../../src/main/simulator/zpl-input.ts'
import { SAMPLE } from './sample.ts'

const layout = layOutLabel(templateByName('unit-40x20'), SAMPLE, 203)
const job = { name: SAMPLE.serial, layout }

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

const temporary = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'imprint-printers-'))
  closing.push(() => rmSync(path, { recursive: true, force: true }))
  return path
}

interface Flags {
  readonly paper?: number
  readonly pause?: number
  readonly head?: number
  readonly ribbon?: number
  readonly buffered?: number
  readonly remaining?: number
  readonly hot?: number
  readonly full?: number
}

/** As in Zebra's guide, three lines of STX … ETX CR LF. */
const status = (flags: Flags = {}): string => {
  const { paper = 0, pause = 0, head = 0, ribbon = 0, buffered = 0, remaining = 0, hot = 0, full = 0 } = flags
  return [
    `030,${paper},${pause},1234,${String(buffered).padStart(3, '0')},${full},0,0,000,0,0,${hot}`,
    `001,0,${head},${ribbon},1,2,6,0,${String(remaining).padStart(8, '0')},1,000`,
    '1234,0',
  ]
    .map((line) => `\x02${line}\x03\r\n`)
    .join('')
}

describe('host status', () => {
  test('what needs a hand first is what is shown', () => {
    expect(stateOf(parseHostStatus(status()))).toBe('ready')
    expect(stateOf(parseHostStatus(status({ buffered: 1 })))).toBe('printing')
    expect(stateOf(parseHostStatus(status({ remaining: 1 })))).toBe('printing')
    expect(stateOf(parseHostStatus(status({ full: 1 })))).toBe('printing')
    expect(stateOf(parseHostStatus(status({ pause: 1 })))).toBe('paused')
    expect(stateOf(parseHostStatus(status({ paper: 1, pause: 1, buffered: 2 })))).toBe('paper-out')
    expect(stateOf(parseHostStatus(status({ ribbon: 1, pause: 1 })))).toBe('ribbon-out')
    expect(stateOf(parseHostStatus(status({ head: 1, paper: 1, pause: 1 })))).toBe('head-open')
    expect(stateOf(parseHostStatus(status({ hot: 1 })))).toBe('error')
  })

  test('the counters are read', () => {
    expect(parseHostStatus(status({ buffered: 12, remaining: 345 }))).toMatchObject({ buffered: 12, remaining: 345 })
  })

  test('any other text is a typed error', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => status().replace('030', text)),
        ),
        (text) => {
          try {
            parseHostStatus(text)
          } catch (error) {
            expect(error).toBeInstanceOf(HostStatusError)
          }
        },
      ),
    )
    for (const cut of [0, 10, 40, 60]) expect(() => parseHostStatus(status().slice(0, cut))).toThrow(HostStatusError)
    expect(() => parseHostStatus(status().replace(',0,0,1234', ',7,0,1234'))).toThrow(HostStatusError)
  })
})

describe('a printer’s address', () => {
  test('names the way to it', () => {
    expect(parsePrinterAddress('tcp://192.168.0.20')).toEqual({ kind: 'tcp', host: '192.168.0.20', port: 9100 })
    expect(parsePrinterAddress('tcp://[fe80::1]:6101')).toEqual({ kind: 'tcp', host: 'fe80::1', port: 6101 })
    expect(parsePrinterAddress('folder:C:\\labels')).toEqual({ kind: 'folder', path: 'C:\\labels' })
    expect(parsePrinterAddress('usb:/dev/usb/lp0')).toEqual({ kind: 'usb', path: '/dev/usb/lp0' })
    expect(parsePrinterAddress('cups:Zebra_ZD421')).toEqual({ kind: 'cups', queue: 'Zebra_ZD421', form: 'pdf' })
    expect(parsePrinterAddress('cups-raw:Zebra')).toEqual({ kind: 'cups', queue: 'Zebra', form: 'raw' })
    for (const address of [
      'tcp://10.0.0.1:9100',
      'usb:/dev/usb/lp0',
      'cups:Zebra',
      'cups-raw:Zebra',
      'folder:labels',
      'system:Zebra ZD421 (copy)',
    ])
      expect(printerAt(address).name).toBe(address)
  })

  test('anything else is refused with what is allowed', () => {
    const bad = [
      '',
      'tcp:',
      'tcp://',
      'tcp://h:0',
      'tcp://h:9100/x',
      'tcp://u@h',
      'http://h',
      'usb:lp0',
      'cups:a b',
      'cups:-d',
      'folder:',
      'system:',
      'system: ',
      'system:a\nb',
    ]
    for (const address of bad) expect(() => parsePrinterAddress(address)).toThrow(PrinterAddressError)
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parsePrinterAddress(text)
        } catch (error) {
          expect(error).toBeInstanceOf(PrinterAddressError)
        }
      }),
    )
  })
})

describe('a label’s file', () => {
  test('has a name of its own for every serial, and never leaves its folder', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (one, other) => {
        const name = labelFileName(one, 'pdf')
        expect(name).toMatch(/^[A-Za-z0-9_%-][A-Za-z0-9_.%-]*\.pdf$/u)
        if (one.isWellFormed() && other.isWellFormed() && one !== other)
          expect(labelFileName(other, 'pdf')).not.toBe(name)
      }),
    )
    expect(labelFileName('DEMO-000001', 'zpl')).toBe('DEMO-000001.zpl')
    expect(labelFileName('../x', 'png')).toBe('%2e.%2fx.png')
  })
})

describe('what a printer makes of its bytes', () => {
  test('formats and questions are found wherever the bytes are cut', () => {
    const text = `~HS\r\n${renderZpl(layout)}^XA^FDa~HSb^FS^PQ3^XZ! U1 getvar "odometer.total_label_count"\r\nrubbish^XA^FDcut`
    const whole = createZplInput().feed(text)
    expect(whole.map(({ type }) => type)).toEqual(['host-status', 'format', 'host-status', 'format', 'get-variable'])
    expect(whole[1]).toMatchObject({ copies: 1, zpl: renderZpl(layout).trimEnd() })
    expect(whole[3]).toMatchObject({ copies: 3 })
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 12 }), (cuts) => {
        const input = createZplInput()
        const found: PrinterInput[] = []
        const places = [0, ...cuts.toSorted((a, b) => a - b), text.length]
        places.slice(1).forEach((end, index) => found.push(...input.feed(text.slice(places[index], end))))
        expect(found).toEqual(whole)
      }),
    )
  })
})

/** A printer made of one function: text in, text out. */
const answering = async (answer: (text: string, socket: Socket) => void): Promise<{ port: number; server: Server }> => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.setEncoding('latin1')
    socket.on('error', () => undefined)
    socket.on('data', (text: string) => answer(text, socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(
    () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(resolve)
      }),
  )
  return { port: (server.address() as AddressInfo).port, server }
}

const tcp = (port: number) => {
  const printer = createTcpPrinter('127.0.0.1', port, { patience: 60 })
  closing.push(() => printer.close())
  return printer
}

describe('a printer on the network', () => {
  test('its answer may come in pieces', async () => {
    const { port } = await answering((text, socket) => {
      if (!text.includes('~HS')) return
      const whole = status({ buffered: 1 })
      socket.write(whole.slice(0, 20))
      setTimeout(() => socket.write(whole.slice(20)), 5)
    })
    expect(await tcp(port).look()).toMatchObject({ state: 'printing', pending: 1, count: null })
  })

  test('silence with an open connection is a state, and the connection stays', async () => {
    let silent = true
    const { port } = await answering((text, socket) => {
      if (!silent && text.includes('~HS')) socket.write(status())
    })
    const printer = tcp(port)
    expect(await printer.look()).toMatchObject({ state: 'not-answering', pending: null, session: 1 })
    silent = false
    expect(await printer.look()).toMatchObject({ state: 'ready', pending: 0, session: 1 })
  })

  test('an answer that is none, or one that has no end, is an error state', async () => {
    const { port } = await answering((_, socket) => void socket.write('\x02a\x03\x02b\x03\x02c\x03'))
    expect((await tcp(port).look()).state).toBe('error')
    const endless = await answering((_, socket) => void socket.write('x'.repeat(100_000)))
    expect((await tcp(endless.port).look()).state).toBe('not-answering')
  })

  test('one that does not know the counter is not asked for it for ever', async () => {
    let asked = 0
    const { port } = await answering((text, socket) => {
      if (text.includes('getvar')) {
        asked++
        socket.write('"?"')
      }
      if (text.includes('~HS')) socket.write(status())
    })
    const printer = tcp(port)
    for (let look = 0; look < 5; look++) expect(await printer.look()).toMatchObject({ state: 'ready', count: null })
    expect(asked).toBe(2)
  })

  test('a label is sent over the connection that was looked at, and no other', async () => {
    let received = ''
    const { port } = await answering((text, socket) => {
      received += text
      if (text.includes('~HS')) socket.write(status())
    })
    const printer = tcp(port)
    await expect(printer.send(job, 1)).rejects.toMatchObject({ arrived: 'nothing' })
    const { session } = await printer.look()
    await printer.send(job, session)
    await printer.look()
    expect(received).toContain(renderZpl(layout))
    await expect(printer.send(job, session + 1)).rejects.toBeInstanceOf(PrinterError)
  })
})

test('a printer that takes no bytes is hung up on, and the label may be anywhere', async () => {
  const { port } = await answering((text, socket) => {
    if (!text.includes('~HS')) return
    socket.write(status())
    socket.pause()
  })
  const printer = createTcpPrinter('127.0.0.1', port, { patience: 20 })
  closing.push(() => printer.close())
  const { session } = await printer.look()
  const bars = { kind: 'box', element: 'bar', x: 0, y: 0, width: 9, height: 9, stroke: null } as const
  const endless = { ...layout, items: Array.from({ length: 500_000 }, () => bars) }
  await expect(printer.send({ name: 'endless', layout: endless }, session)).rejects.toMatchObject({
    arrived: 'unknown',
  })
})

describe('a USB line printer', () => {
  test('gets the bytes; where the device is not there, nothing has arrived', async () => {
    const path = join(temporary(), 'lp0')
    const printer = createDevicePrinter(path)
    expect((await printer.look()).state).toBe('not-answering')
    await expect(printer.send(job, 1)).rejects.toMatchObject({ arrived: 'nothing' })
    writeFileSync(path, '')
    expect((await printer.look()).state).toBe('ready')
    await printer.send(job, 1)
    expect(readFileSync(path, 'utf8')).toBe(renderZpl(layout))
  })
})

describe.skipIf(process.platform === 'win32')('a queue of CUPS', () => {
  /** Stand-ins for CUPS's own commands. */
  const withCommands = (commands: Record<string, string>): string => {
    const folder = temporary()
    for (const [name, script] of Object.entries(commands)) {
      writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`)
      chmodSync(join(folder, name), 0o755)
    }
    const before = process.env.PATH
    process.env.PATH = `${folder}${delimiter}${before}`
    closing.push(() => {
      process.env.PATH = before
    })
    return folder
  }

  test('gets a page in true size, and tells what it knows of the printer', async () => {
    const folder = withCommands({
      lp: 'echo "$@" > "$(dirname "$0")/args"; cat > "$(dirname "$0")/page"',
      lpstat: 'echo "printer Zebra is idle.  enabled since Tue"',
    })
    const printer = createCupsPrinter('Zebra')
    expect((await printer.look()).state).toBe('ready')
    await printer.send(job, 1)
    expect(readFileSync(join(folder, 'args'), 'utf8').trim()).toBe(
      '-d Zebra -t DEMO-000123 -o media=Custom.40.0x20.0mm -o print-scaling=none -- -',
    )
    expect(readFileSync(join(folder, 'page'), 'latin1').startsWith('%PDF-')).toBe(true)
  })

  test('a queue without a driver gets ZPL', async () => {
    const folder = withCommands({ lp: 'cat > "$(dirname "$0")/page"', lpstat: 'exit 0' })
    await createCupsPrinter('Zebra', 'raw').send(job, 1)
    expect(readFileSync(join(folder, 'page'), 'utf8')).toBe(renderZpl(layout))
  })

  test.each([
    ['printer Zebra disabled since Tue -', 'paused'],
    ['printer Zebra now printing Zebra-7.  enabled since Tue', 'printing'],
    ['printer Zebra is holding new jobs.  enabled since Tue', 'paused'],
    ['printer Zebra disabled since Tue -\n\tOut of paper!', 'paper-out'],
    ['printer Zebra is idle.  enabled since Tue\n\tDescription: Zebra\n\tAlerts: none', 'ready'],
    ['printer Zebra is idle.  enabled since Tue\n\tDescription: offline-line\n\tAlerts: media-low-report', 'ready'],
    ['printer Zebra now printing Zebra-7.\n\tAlerts: media-empty-error', 'paper-out'],
    ['printer Zebra now printing Zebra-7.\n\tAlerts: media-needed', 'paper-out'],
    ['printer Zebra disabled since Tue -\n\tAlerts: paused cover-open-error', 'head-open'],
    ['printer Zebra is idle.\n\tAlerts: marker-supply-empty-warning', 'ribbon-out'],
    ['printer Zebra is idle.\n\tAlerts: media-jam-error', 'error'],
    ['printer Zebra is idle.\n\tAlerts: offline-report', 'not-answering'],
  ])('%s', async (line, state) => {
    // Reasons are in the long listing only, and -l counts for what stands behind it.
    withCommands({ lpstat: `[ "$*" = "-l -p Zebra" ] && printf '%s\\n' "${line}"` })
    expect((await createCupsPrinter('Zebra').look()).state).toBe(state)
  })

  test('a queue that is not there is an error, and nothing has arrived', async () => {
    withCommands({ lp: 'echo "lp: The printer or class does not exist." >&2; exit 1', lpstat: 'exit 1' })
    const printer = createCupsPrinter('Nope')
    expect((await printer.look()).state).toBe('error')
    await expect(printer.send(job, 1)).rejects.toMatchObject({ arrived: 'nothing', message: /does not exist/u })
  })
})

import { createServer, type AddressInfo, type Socket } from 'node:net'
import {
  ANSWER,
  COM_PORT,
  CONTROL,
  escapeData,
  negotiation,
  OPTION,
  subnegotiation,
  TELNET,
  telnetDecoder,
} from '../flashing/links/telnet.ts'
import { createContact } from './contact.ts'
import { createClock, createWire } from './pace.ts'
import type { Served } from './serve-tcp.ts'
import type { ServedChipOptions } from './served-chip.ts'
import { createBoard } from './simulated-board.ts'

const ROM_BAUD = 115_200

/**
 * Serves a chip as a device server with control lines does (RFC 2217), one that knows of the boards behind it: the chip runs its application until DTR and RTS put it into its
 * loader, and bytes at another rate than its own are noise.
 *
 * @param port 0 for any that is free
 */
export const serveRfc2217 = async (host: string, port: number, options: ServedChipOptions): Promise<Served> => {
  const clock = createClock(options.pace)
  let client: Socket | undefined
  let baud = ROM_BAUD
  let lines = { dtr: false, rts: false }
  const rate = (): number => baud
  const toHost = createWire(clock, rate, (bytes) => client?.write(escapeData(bytes)))
  const board = createBoard({ mac: options.mac, faults: options.faults }, options, clock, (bytes) => {
    if (board.baud() === baud) toHost(bytes)
  })
  const toChip = createWire(clock, rate, (bytes) => {
    if (board.baud() === baud) board.receive(bytes)
  })

  const contact = createContact(
    () => board,
    clock,
    () => undefined,
  )

  const control = (value: number): void => {
    if (value === CONTROL.dtrOn || value === CONTROL.dtrOff) lines = { ...lines, dtr: value === CONTROL.dtrOn }
    else if (value === CONTROL.rtsOn || value === CONTROL.rtsOff) lines = { ...lines, rts: value === CONTROL.rtsOn }
    else return
    // The network pulls the two lines apart: what is on its way from RTS alone to DTR alone keeps the chip in reset.
    if (!(lines.dtr && lines.rts)) board.setLines(lines)
  }
  const obey = (bytes: Uint8Array): void => {
    const [code = 0, ...value] = bytes
    if (code === COM_PORT.setBaudrate && value.length === 4) {
      const wanted = Buffer.from(value).readUInt32BE(0)
      // Zero asks for the rate, and is answered like every other.
      if (wanted !== 0 && !(wanted !== ROM_BAUD && board.faults.shows('baud-refused'))) baud = wanted
      const set = Buffer.alloc(4)
      set.writeUInt32BE(baud)
      value.splice(0, 4, ...set)
    } else if (code === COM_PORT.setControl) control(value[0] ?? 0)
    client?.write(subnegotiation(OPTION.comPort, Uint8Array.from([code + ANSWER, ...value])))
  }
  const supported = new Set<number>(Object.values(OPTION))

  const server = createServer({ noDelay: true }, (socket) => {
    if (client || !contact.opens()) {
      socket.destroy()
      return
    }
    client = socket
    const decoder = telnetDecoder()
    const answered = new Set<string>()
    socket.on('data', (received) => {
      for (const event of decoder.push(received))
        if (event.type === 'data') {
          if (contact.carries(event.bytes.length)) toChip(event.bytes)
          else socket.destroy()
        } else if (event.type === 'subnegotiation') {
          if (event.option === OPTION.comPort) obey(event.bytes)
        } else {
          const { verb, option } = event
          if (verb !== TELNET.will && verb !== TELNET.do) continue
          // Answering an answer would never end.
          if (answered.has(`${verb} ${option}`)) continue
          answered.add(`${verb} ${option}`)
          const yes = supported.has(option)
          if (verb === TELNET.will) socket.write(negotiation(yes ? TELNET.do : TELNET.dont, option))
          else socket.write(negotiation(yes ? TELNET.will : TELNET.wont, option))
        }
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      client = undefined
    })
  })
  board.powerOn()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const { address, port: bound, family } = server.address() as AddressInfo
  return {
    address: `rfc2217://${family === 'IPv6' ? `[${address}]` : address}:${bound}`,
    async close() {
      board.close()
      client?.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

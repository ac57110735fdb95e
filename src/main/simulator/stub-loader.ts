/**
 * The flasher stub as recorded from the real one: two status bytes, errors of its own, the answer to a data block before the block
 * is unpacked and programmed, and an error of that work told as the answer to the next command.
 */
import { createHash } from 'node:crypto'
import { eraseTime } from './flash-timing.ts'
import { SECTOR, type FlashMemory } from './flash-memory.ts'
import { createStubWriter, type FlashWriter } from './flash-writer.ts'
import { answer, payloadIsIntact, word, type Outcome, type Request } from './loader-packet.ts'
import type { Registers } from './registers.ts'

const OK = 0x00
const BAD_LENGTH = 0xc0
const BAD_CHECKSUM = 0xc1
const UNKNOWN = 0xc3
const FLASH_FAILED = 0xc4
const NOT_IN_FLASH_MODE = 0xc6
const INFLATE_FAILED = 0xc7
const NOT_IMPLEMENTED = 0xff

const LARGEST_BLOCK = 0x4000
const DIGEST_RATE = 4000

/** Exact body lengths; commands that are not here check for themselves. */
const BODY_LENGTHS: Readonly<Record<number, number>> = {
  0x0a: 4,
  0x13: 16,
  0xd1: 8,
  0xd2: 16,
  0x0f: 8,
  0x0d: 4,
  0x0b: 24,
}

/** A READ_FLASH in progress: packets go out as the host acknowledges. */
export interface ReadTransfer {
  /** Takes the host's acknowledgement, gives what to send next. */
  acknowledge(total: number): readonly Uint8Array[]
  readonly finished: boolean
}

export interface StubLoader {
  handle(request: Request): Promise<Outcome>
  /** While it lasts, frames from the host are acknowledgements. */
  transfer(): ReadTransfer | undefined
}

/** @param now the device's clock, milliseconds */
export const createStubLoader = (registers: Registers, flash: FlashMemory, now: () => number): StubLoader => {
  let writer: FlashWriter | undefined
  let late: number | undefined
  let transfer: (ReadTransfer & { finished: boolean }) | undefined

  const say = (opcode: number, status: number, value = 0, data: Uint8Array = new Uint8Array(0)): Outcome => ({
    answers: [answer(opcode, value, Buffer.concat([data, Uint8Array.of(status, 0)]))],
  })

  const begin = (opcode: number, body: Uint8Array, compressed: boolean): Outcome => {
    const size = word(body, 0)
    const offset = word(body, 3)
    if (word(body, 2) > LARGEST_BLOCK) return say(opcode, 0xc2)
    if (offset + size > flash.size) return say(opcode, FLASH_FAILED)
    writer = createStubWriter({ flash, offset, size }, compressed, now)
    return say(opcode, OK)
  }

  const data = (opcode: number, request: Request, compressed: boolean): Outcome => {
    if (!writer || writer.compressed !== compressed) return say(opcode, NOT_IN_FLASH_MODE)
    if (!payloadIsIntact(request)) return say(opcode, BAD_CHECKSUM)
    const work = writer.take(request.body.subarray(16)).then((time) => {
      if (typeof time === 'number') return time
      late = time === 'inflate-failed' ? INFLATE_FAILED : FLASH_FAILED
      writer = undefined
      return 0
    })
    return { ...say(opcode, OK), after: work }
  }

  const erase = (opcode: number, offset: number, size: number): Outcome => {
    if (offset % SECTOR !== 0 || size % SECTOR !== 0) return say(opcode, BAD_LENGTH)
    if (offset + size > flash.size) return say(opcode, FLASH_FAILED)
    return { ...say(opcode, OK), before: eraseTime(flash.erase(offset, size)) }
  }

  const read = (body: Uint8Array): Outcome => {
    const [offset, size, packet] = [word(body, 0), word(body, 1), Math.min(word(body, 2), SECTOR)]
    const bytes = flash.read(offset, size)
    const inFlight = Math.max(word(body, 3), 1) * packet
    const digest = createHash('md5').update(bytes).digest()
    let sent = 0
    const more = (acknowledged: number): Uint8Array[] => {
      const packets: Uint8Array[] = []
      while (sent < size && sent - acknowledged < inFlight) {
        packets.push(bytes.subarray(sent, Math.min(sent + packet, size)))
        sent = Math.min(sent + packet, size)
      }
      return packets
    }
    transfer = {
      finished: false,
      acknowledge(total) {
        if (total < size) return more(total)
        this.finished = true
        transfer = undefined
        return [digest]
      },
    }
    return { answers: [...say(0xd2, OK).answers, ...more(0)] }
  }

  const known: Record<number, (request: Request) => Outcome> = {
    0x08: () => {
      const [same] = say(0x08, OK).answers
      return { answers: Array.from({ length: 8 }, () => same as Uint8Array) }
    },
    0x0a: ({ body }) => say(0x0a, OK, registers.read(word(body, 0))),
    0x09: ({ body }) => {
      for (let at = 0; at + 4 <= body.length / 4; at += 4)
        registers.write(word(body, at), word(body, at + 1), word(body, at + 2))
      return registers.watchdogBites() ? { ...say(0x09, OK), then: 'watchdog' } : say(0x09, OK)
    },
    0x0d: () => say(0x0d, OK),
    0x0b: () => say(0x0b, OK),
    0x0f: ({ body }) => ({ ...say(0x0f, OK), baud: word(body, 0) }),
    0x02: ({ body }) => begin(0x02, body, false),
    0x03: (request) => data(0x03, request, false),
    // Neither staying after a finished write nor the reboot is implemented in this stub.
    0x04: () => say(0x04, writer ? OK : BAD_LENGTH),
    0x10: ({ body }) => begin(0x10, body, true),
    0x11: (request) => data(0x11, request, true),
    0x12: () => say(0x12, writer ? OK : BAD_LENGTH),
    0x13: ({ body }) => {
      const [offset, size] = [word(body, 0), word(body, 1)]
      if (offset + size > flash.size) return say(0x13, FLASH_FAILED)
      const digest = createHash('md5').update(flash.read(offset, size)).digest()
      return { ...say(0x13, OK, 0, digest), before: size / DIGEST_RATE }
    },
    0x14: () => say(0x14, NOT_IMPLEMENTED),
    0xd0: () => erase(0xd0, 0, flash.size),
    0xd1: ({ body }) => erase(0xd1, word(body, 0), word(body, 1)),
    0xd2: ({ body }) => read(body),
  }

  return {
    transfer: () => transfer,
    handle: (request) => {
      const { opcode, size, body } = request
      const wanted = BODY_LENGTHS[opcode]
      const command = known[opcode]
      let outcome: Outcome
      if (late !== undefined) {
        outcome = say(opcode, late)
        late = undefined
      } else if (!command || request.direction !== 0) outcome = say(opcode, UNKNOWN)
      else if (size !== body.length || (wanted !== undefined && body.length !== wanted))
        outcome = say(opcode, BAD_LENGTH)
      else outcome = command(request)
      return Promise.resolve(outcome)
    },
  }
}

/**
 * The mask ROM's loader as recorded from the real one: it answers what it does not know under the previous command's opcode and as
 * often as that was answered, keeps the last value it read, and leaves old bytes in the third and fourth status byte.
 */
import { createHash } from 'node:crypto'
import { encryptForFlash } from '../flashing/images/flash-encryption.ts'
import { eraseTime } from './flash-timing.ts'
import type { FlashMemory } from './flash-memory.ts'
import { SECTOR } from './flash-memory.ts'
import { createRomWriter, type FlashWriter } from './flash-writer.ts'
import { answer, payloadIsIntact, word, type Outcome, type Request } from './loader-packet.ts'
import { CRYSTAL_OF_C2, type Registers, type Silicon } from './registers.ts'

const SYNC_VALUE = 0x20120707
const OK = 0
const UNSUPPORTED = 5
const BAD_CHECKSUM = 7
/** What Secure Download Mode leaves: sync, attach, parameters, baud rate, plain flash writes, security info. */
const ALLOWED_WHEN_SECURE = new Set([0x08, 0x0d, 0x0b, 0x0f, 0x02, 0x03, 0x04, 0x14])
const SECURITY_INFO = 0x14
/** READ_FLASH_SLOW gives so many bytes at a time. */
const SLOW_READ = 64
/** MD5 runs at about this many bytes a millisecond. */
const DIGEST_RATE = 1500

export interface RomLoader {
  handle(request: Request): Promise<Outcome>
}

export const createRomLoader = (
  silicon: Silicon & { readonly secureDownload: boolean },
  registers: Registers,
  flash: FlashMemory,
): RomLoader => {
  const { chip } = silicon
  let value = 0
  let previous = 0
  /** How often the previous command was answered. */
  let times = 1
  const buffer = new Uint8Array(SLOW_READ + 4)
  /** What a body shorter than its command needs leaves in place of the missing bytes. */
  const received = new Uint8Array(4)
  let writer: FlashWriter | undefined
  let memory: { address: number; at: number } | undefined
  let uploaded = 0

  const say = (opcode: number, status: number, data: Uint8Array = new Uint8Array(0)): Uint8Array => {
    buffer.set(data)
    buffer[data.length] = status === OK ? 0 : 1
    buffer[data.length + 1] = status
    previous = opcode
    return answer(opcode, value, buffer.subarray(0, data.length + 4))
  }
  const one = (opcode: number, status: number, data?: Uint8Array): Outcome => ({ answers: [say(opcode, status, data)] })

  const begin = (opcode: number, body: Uint8Array, compressed: boolean): Outcome => {
    const size = word(body, 0)
    const offset = word(body, 3)
    if (offset + size > flash.size) return one(opcode, UNSUPPORTED)
    const before = eraseTime(flash.erase(offset, Math.ceil(size / SECTOR) * SECTOR))
    const encrypts = chip.beginHasEncryptedWord && word(body, 4) === 1 && silicon.flashEncrypted
    const encrypt = (bytes: Uint8Array, address: number): Uint8Array =>
      encryptForFlash(bytes, address, silicon.flashKey)
    writer = createRomWriter({ flash, offset, size }, compressed, encrypts ? encrypt : undefined)
    return { ...one(opcode, OK), before }
  }

  const data = async (opcode: number, request: Request, compressed: boolean): Promise<Outcome> => {
    // The C3's ROM takes uncompressed data before any begin without a word.
    if (!writer || writer.compressed !== compressed)
      return one(opcode, !compressed && chip.name !== 'esp32' ? OK : UNSUPPORTED)
    if (!payloadIsIntact(request)) {
      writer = undefined
      return one(opcode, BAD_CHECKSUM)
    }
    const time = await writer.take(request.body.subarray(16))
    if (typeof time === 'string') {
      writer = undefined
      return one(opcode, UNSUPPORTED)
    }
    return { ...one(opcode, OK), before: time }
  }

  const upload = (opcode: number, request: Request): Outcome => {
    if (!memory) return one(opcode, UNSUPPORTED)
    if (!payloadIsIntact(request)) {
      memory = undefined
      return one(opcode, BAD_CHECKSUM)
    }
    uploaded += request.body.length - 16
    return one(opcode, OK)
  }

  const securityInfo = (opcode: number): Outcome => {
    const info = new Uint8Array(chip.securityInfo === 'full' ? 20 : 12)
    const view = new DataView(info.buffer)
    view.setUint32(0, (silicon.secureBoot ? 1 : 0) | (silicon.secureDownload ? 4 : 0), true)
    view.setUint8(4, silicon.flashEncrypted ? 1 : 0)
    // Key purposes as a blank C3 tells them.
    view.setUint8(11, 0x0c)
    if (info.length === 20) {
      view.setUint32(12, chip.imageId, true)
      view.setUint32(16, 3, true)
    }
    return one(opcode, OK, info)
  }

  const known: Record<number, (request: Request) => Outcome | Promise<Outcome>> = {
    0x08: () => {
      value = SYNC_VALUE
      const same = say(0x08, OK)
      return { answers: Array.from({ length: 8 }, () => same) }
    },
    0x0a: ({ body }) => {
      received.set(body.subarray(0, 4).length === 4 ? body.subarray(0, 4) : [])
      value = registers.read(word(received, 0))
      return one(0x0a, OK)
    },
    0x09: ({ body }) => {
      for (let at = 0; at === 0 || at + 4 <= body.length / 4; at += 4)
        registers.write(word(body, at), word(body, at + 1), word(body, at + 2))
      return registers.watchdogBites() ? { ...one(0x09, OK), then: 'watchdog' } : one(0x09, OK)
    },
    0x05: ({ body }) => {
      memory = { address: word(body, 3), at: 0 }
      return one(0x05, OK)
    },
    0x07: (request) => upload(0x07, request),
    0x06: ({ body }) => {
      const starts = word(body, 1) !== 0 && uploaded > 0 && (chip.stubWithSecureBoot || !silicon.secureBoot)
      return starts ? { ...one(0x06, OK), then: 'start-stub' } : one(0x06, UNSUPPORTED)
    },
    0x0d: () => one(0x0d, OK),
    0x0b: () => one(0x0b, OK),
    0x0f: ({ body }) => {
      const asked = word(body, 0)
      const baud = chip.name === 'esp32c2' ? Math.round((asked * CRYSTAL_OF_C2) / 40) : asked
      return { ...one(0x0f, OK), baud }
    },
    0x02: ({ body }) => begin(0x02, body, false),
    0x03: (request) => data(0x03, request, false),
    0x04: ({ body }) => (word(body, 0) === 0 ? { ...one(0x04, OK), then: 'reboot' } : one(0x04, OK)),
    0x10: ({ body }) => begin(0x10, body, true),
    0x11: (request) => data(0x11, request, true),
    0x12: ({ body }) => (word(body, 0) === 0 ? { ...one(0x12, OK), then: 'reboot' } : one(0x12, OK)),
    0x13: ({ body }) => {
      value = 0
      const size = word(body, 1)
      const digest = createHash('md5')
        .update(flash.read(word(body, 0), size))
        .digest('hex')
      return { ...one(0x13, OK, Buffer.from(digest, 'latin1')), before: size / DIGEST_RATE }
    },
    // 64 bytes whatever was asked for.
    0x0e: ({ body }) => one(0x0e, OK, flash.read(word(body, 0), SLOW_READ)),
    0x14: () => securityInfo(0x14),
  }
  const refuse = (): Outcome => {
    const answers = Array.from({ length: times }, () => say(previous, UNSUPPORTED))
    return { answers }
  }

  return {
    handle: async (request) => {
      const command = known[request.opcode]
      const refused = silicon.secureDownload && !ALLOWED_WHEN_SECURE.has(request.opcode)
      const unknown = request.opcode === SECURITY_INFO && chip.securityInfo === 'none'
      if (request.direction !== 0 || !command || refused || unknown) return refuse()
      const outcome = await command(request)
      times = outcome.answers.length
      return outcome
    },
  }
}

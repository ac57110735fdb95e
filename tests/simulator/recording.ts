/** Recorded conversations of esptool with the real ROM and the real stub, frame by frame. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { constants, crc32, deflateRawSync } from 'node:zlib'
import { OPCODES } from '../../src/main/flashing/loader/command.ts'

export interface RecordedFrame {
  readonly from: 'host' | 'chip'
  readonly op?: string
  /** Of the header; the body may have another length. */
  readonly size?: number
  /** Checksum in requests, value in answers. */
  readonly value?: string
  readonly data?: string
  /** A long payload is kept as its length and digest only. */
  readonly header?: string
  readonly payloadBytes?: number
  /** A frame without a header. */
  readonly frame?: string
  readonly frameBytes?: number
  readonly frameSha256?: string
}

export const readRecording = (name: string): RecordedFrame[] =>
  readFileSync(new URL(`../vectors/loader/${name}`, import.meta.url), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as RecordedFrame)

const OPCODE_NAMES: Readonly<Record<string, number>> = {
  FLASH_BEGIN: OPCODES.flashBegin,
  FLASH_DATA: OPCODES.flashData,
  FLASH_END: OPCODES.flashEnd,
  MEM_BEGIN: OPCODES.memBegin,
  MEM_END: OPCODES.memEnd,
  MEM_DATA: OPCODES.memData,
  SYNC: OPCODES.sync,
  WRITE_REG: OPCODES.writeReg,
  READ_REG: OPCODES.readReg,
  SPI_SET_PARAMS: OPCODES.spiSetParams,
  SPI_ATTACH: OPCODES.spiAttach,
  CHANGE_BAUDRATE: OPCODES.changeBaudrate,
  FLASH_DEFL_BEGIN: OPCODES.deflateBegin,
  FLASH_DEFL_DATA: OPCODES.deflateData,
  FLASH_DEFL_END: OPCODES.deflateEnd,
  SPI_FLASH_MD5: OPCODES.md5,
  GET_SECURITY_INFO: OPCODES.securityInfo,
  ERASE_FLASH: OPCODES.eraseFlash,
  ERASE_REGION: OPCODES.eraseRegion,
  READ_FLASH: OPCODES.readFlash,
}

export const opcodeOf = (name: string): number => {
  const opcode = OPCODE_NAMES[name]
  if (opcode === undefined) throw new Error(`the recording has an unknown command ${name}`)
  return opcode
}

const checksum = (payload: Uint8Array): number => payload.reduce((sum, byte) => sum ^ byte, 0xef)

const adler32 = (bytes: Uint8Array): Buffer => {
  let [a, b] = [1, 0]
  for (const byte of bytes) {
    a = (a + byte) % 65_521
    b = (b + a) % 65_521
  }
  const out = Buffer.alloc(4)
  out.writeUInt32BE(((b << 16) | a) >>> 0)
  return out
}

/**
 * A zlib stream of exactly `length` bytes that unpacks to `size` bytes: noise in a stored block, then zeros, with empty stored blocks
 * of five bytes to fill up.
 */
const streamOfLength = (length: number, size: number): { stream: Uint8Array; content: Uint8Array } => {
  for (let noise = length - 11; noise >= 0; noise--) {
    const content = new Uint8Array(size)
    for (let at = 0; at < noise; at++) content[at] = crc32(`${at}`) & 0xff
    const zeros = deflateRawSync(content.subarray(noise), { finishFlush: constants.Z_FINISH })
    const rest = length - (2 + 5 + noise + zeros.length + 4)
    if (rest < 0 || rest % 5 !== 0) continue
    const stored = Buffer.alloc(5)
    stored.writeUInt16LE(noise, 1)
    stored.writeUInt16LE(~noise & 0xffff, 3)
    const fill = Buffer.concat(Array.from({ length: rest / 5 }, () => Buffer.from([0, 0, 0, 0xff, 0xff])))
    const head = Buffer.from([0x78, 0x01])
    return {
      stream: Buffer.concat([head, stored, content.subarray(0, noise), fill, zeros, adler32(content)]),
      content,
    }
  }
  throw new Error(`no stream of ${length} bytes unpacks to ${size}`)
}

/** A conversation with payloads made up where the recording keeps their lengths only: what host and chip should say, in turn. */
export interface Turn {
  /** Whole packet. */
  readonly sent: Uint8Array
  /** Whole packets, hexadecimal. */
  readonly answers: readonly string[]
}

const packet = (direction: number, frame: RecordedFrame, body: Uint8Array, value: number): Buffer => {
  const out = Buffer.alloc(8 + body.length)
  out.writeUInt8(direction, 0)
  out.writeUInt8(opcodeOf(frame.op ?? ''), 1)
  out.writeUInt16LE(frame.size ?? body.length, 2)
  out.writeUInt32LE(value, 4)
  out.set(body, 8)
  return out
}

export const turnsOf = (frames: readonly RecordedFrame[]): Turn[] => {
  const deflated = frames.filter((frame) => frame.op === 'FLASH_DEFL_DATA' && frame.from === 'host')
  const begin = frames.find((frame) => frame.op === 'FLASH_DEFL_BEGIN' && frame.from === 'host')
  const written = new Map<number, Uint8Array>()
  const wordOf = (frame: RecordedFrame, index: number): number =>
    Buffer.from(frame.data ?? '', 'hex').readUInt32LE(index * 4)
  let stream: Uint8Array = new Uint8Array(0)
  if (begin) {
    const length = deflated.reduce((sum, frame) => sum + (frame.payloadBytes ?? 0), 0)
    const made = streamOfLength(length, wordOf(begin, 0))
    stream = made.stream
    written.set(wordOf(begin, 3), made.content)
  }
  let at = 0
  let inflated = 0
  let plain: { offset: number; bytes: Buffer } | undefined
  const payloadOf = (frame: RecordedFrame): Uint8Array => {
    const length = frame.payloadBytes ?? 0
    if (frame.op === 'FLASH_DEFL_DATA') return stream.subarray(inflated, (inflated += length))
    const bytes = Uint8Array.from({ length }, (_, index) => (index * 7 + at) & 0xff)
    at += length
    if (frame.op === 'FLASH_DATA' && plain) {
      plain.bytes = Buffer.concat([plain.bytes, bytes])
      written.set(plain.offset, plain.bytes)
    }
    return bytes
  }
  const turns: { sent: Uint8Array; answers: string[] }[] = []
  let digest: Buffer | undefined
  for (const frame of frames) {
    if (frame.from === 'host') {
      let sent: Uint8Array
      if (frame.op === undefined) sent = Buffer.from(frame.frame ?? '', 'hex')
      else if (frame.payloadBytes === undefined)
        sent = packet(0, frame, Buffer.from(frame.data ?? '', 'hex'), Number(frame.value))
      else {
        const payload = payloadOf(frame)
        sent = packet(0, frame, Buffer.concat([Buffer.from(frame.header ?? '', 'hex'), payload]), checksum(payload))
      }
      if (frame.op === 'FLASH_BEGIN') plain = { offset: wordOf(frame, 3), bytes: Buffer.alloc(0) }
      if (frame.op === 'SPI_FLASH_MD5') {
        const content = written.get(wordOf(frame, 0))?.subarray(0, wordOf(frame, 1))
        digest = content && createHash('md5').update(content).digest()
      }
      turns.push({ sent, answers: [] })
      continue
    }
    const answers = turns.at(-1)?.answers
    if (frame.op === undefined) {
      answers?.push(frame.frame ?? `${frame.frameBytes} bytes, SHA-256 ${frame.frameSha256}`)
      continue
    }
    let data = Buffer.from(frame.data ?? '', 'hex')
    if (frame.op === 'SPI_FLASH_MD5' && digest) {
      // What was written is made up, so its digest is too: hexadecimal from the ROM, raw from the stub.
      const raw = data.length < 32
      data = Buffer.concat([raw ? digest : Buffer.from(digest.toString('hex')), data.subarray(raw ? 16 : 32)])
    }
    answers?.push(packet(1, frame, data, Number(frame.value)).toString('hex'))
  }
  return turns
}

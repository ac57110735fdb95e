/**
 * The commands of the ROM loader and of the flasher stub, with the time that each may take.
 *
 * Source: esptool's Serial Protocol documentation
 * (https://docs.espressif.com/projects/esptool/en/latest/esp32/advanced-topics/serial-protocol.html). All integers little-endian.
 * Request: 00 | opcode u8 | size u16 | checksum u32 | body. Response: 01 | opcode | size u16 | value u32 | data | status.
 */

export const OPCODES = {
  flashBegin: 0x02,
  flashData: 0x03,
  flashEnd: 0x04,
  memBegin: 0x05,
  memEnd: 0x06,
  memData: 0x07,
  sync: 0x08,
  writeReg: 0x09,
  readReg: 0x0a,
  spiSetParams: 0x0b,
  spiAttach: 0x0d,
  /** The ROM's own reading, 64 bytes at a time. */
  readFlashSlow: 0x0e,
  changeBaudrate: 0x0f,
  deflateBegin: 0x10,
  deflateData: 0x11,
  deflateEnd: 0x12,
  md5: 0x13,
  securityInfo: 0x14,
  eraseFlash: 0xd0,
  eraseRegion: 0xd1,
  readFlash: 0xd2,
} as const

export type CommandName = keyof typeof OPCODES

const MEGABYTE = 1_000_000

/** How long a loader may take to answer, milliseconds. Those that depend on the work are functions of its size in bytes. */
export const LIMITS = {
  /** Any command whose work is small. */
  usual: 3_000,
  sync: 100,
  /** The ROM jumps away before its answer is surely out. */
  memEnd: 200,
  stubStart: 1_000,
  erase: (bytes: number): number => Math.max(LIMITS.usual, (40_000 * bytes) / MEGABYTE),
  digest: (bytes: number): number => Math.max(LIMITS.usual, (8_000 * bytes) / MEGABYTE),
  /** A compressed block erases what it unpacks to, by whole 64 KiB. */
  deflateBlock: (unpacked: number): number =>
    Math.max(LIMITS.usual, (40_000 * (unpacked + 0x10000 * (Math.ceil(unpacked / 0x8000) + 1))) / MEGABYTE),
} as const

const HEADER = 8
const CHECKSUM_SEED = 0xef

/** XOR of a data block's payload; an 8-bit check that catches little: only the digest proves a write. */
export const blockChecksum = (payload: Uint8Array): number => {
  let sum = CHECKSUM_SEED
  for (const byte of payload) sum ^= byte
  return sum
}

/** A request packet, not yet framed. */
export const requestPacket = (name: CommandName, body: Uint8Array, checksum = 0): Uint8Array => {
  const packet = new Uint8Array(HEADER + body.length)
  const view = new DataView(packet.buffer)
  view.setUint8(1, OPCODES[name])
  view.setUint16(2, body.length, true)
  view.setUint32(4, checksum, true)
  packet.set(body, HEADER)
  return packet
}

/** Words as a body, u32 little-endian each. */
export const words = (...values: number[]): Uint8Array => {
  const body = new Uint8Array(values.length * 4)
  const view = new DataView(body.buffer)
  values.forEach((value, index) => view.setUint32(index * 4, value >>> 0, true))
  return body
}

/** The packet of one block of MEM_DATA, FLASH_DATA or FLASH_DEFL_DATA: length, sequence number from 0, two zero words, payload. */
export const dataPacket = (
  name: 'memData' | 'flashData' | 'deflateData',
  payload: Uint8Array,
  sequence: number,
): Uint8Array => {
  const body = new Uint8Array(16 + payload.length)
  body.set(words(payload.length, sequence, 0, 0))
  body.set(payload, 16)
  return requestPacket(name, body, blockChecksum(payload))
}

export interface Response {
  readonly opcode: number
  readonly value: number
  /** Data and status together: where the status begins depends on the command and the loader. */
  readonly body: Uint8Array
}

/** A response packet taken apart, or undefined when the frame is none (a READ_FLASH packet, 'OHAI', noise). */
export const parseResponse = (frame: Uint8Array): Response | undefined => {
  if (frame.length < HEADER + 2 || frame[0] !== 1) return undefined
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  if (view.getUint16(2, true) !== frame.length - HEADER) return undefined
  return { opcode: view.getUint8(1), value: view.getUint32(4, true), body: frame.subarray(HEADER) }
}

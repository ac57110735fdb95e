/**
 * A region made ready for writing, once for all slots: compressed, cut into blocks, checksummed, SLIP-framed and digested. Its bytes
 * lie in shared memory, so every flash worker writes the same ones; per slot nothing is left to do but to send them.
 */
import { createHash } from 'node:crypto'
import { constants, createInflate, deflateSync } from 'node:zlib'
import { dataPacket, LIMITS } from '../loader/command.ts'
import { encodeSlip } from '../loader/slip.ts'

/** Bytes of a region of flash, as they should be read back. */
export interface Region {
  readonly name: string
  /** Start in flash, bytes. */
  readonly offset: number
  readonly bytes: Uint8Array
  /** The chip reads it as it stands, not through its flash encryption: a chip that encrypts what it is given must not do so here. */
  readonly clear?: true
}

/**
 * How a region is cut for a loader: compressed for the stub, compressed for the ROM, or as it is, for a ROM that takes nothing else
 * (Secure Download Mode) or encrypts what it takes. Bytes a block, as large as the loader allows.
 */
export const BLOCK_SIZE = { stub: 0x4000, rom: 0x400, plain: 0x400 } as const

export type BlockKind = keyof typeof BLOCK_SIZE

export interface PreparedBlocks {
  /** All frames one after the other. */
  readonly frames: Uint8Array
  /** Where each frame begins; one more than there are frames. */
  readonly starts: readonly number[]
  /** Time limit of each block, milliseconds of the device. */
  readonly limits: readonly number[]
  /** Bytes of payload, without frames. */
  readonly payloadSize: number
}

export interface PreparedRegion {
  readonly name: string
  readonly offset: number
  /** Uncompressed, bytes. */
  readonly size: number
  /** Lower-case hexadecimal. */
  readonly md5: string
  readonly sha256: string
  /** As of the region. */
  readonly clear: boolean
  readonly blocks: PreparedBlocks
  readonly blockKind: BlockKind
}

/** A zlib stream (RFC 1950) with a window of 32 kB, as the loaders unpack it. */
export type Deflate = (bytes: Uint8Array) => Promise<Uint8Array>

/** Node's own, at its best: quick, for what is made per unit. */
export const quickDeflate: Deflate = (bytes) =>
  Promise.resolve(deflateSync(bytes, { level: constants.Z_BEST_COMPRESSION, memLevel: 9 }))

/** How many bytes come out of the inflater for each block that goes in: what the loader has to erase and program for it. */
const unpackedPerBlock = async (compressed: Uint8Array, blockSize: number): Promise<number[]> => {
  const inflate = createInflate()
  let out = 0
  inflate.on('data', (piece: Buffer) => {
    out += piece.length
  })
  const sizes: number[] = []
  let before = 0
  for (let at = 0; at < compressed.length; at += blockSize) {
    await new Promise<void>((resolve, reject) => {
      inflate.once('error', reject)
      inflate.write(compressed.subarray(at, at + blockSize), () => {
        inflate.off('error', reject)
        resolve()
      })
    })
    sizes.push(out - before)
    before = out
  }
  inflate.destroy()
  return sizes
}

const shared = (length: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(length))

/** Blank cells up to a multiple of so many bytes. */
const paddedTo = (bytes: Uint8Array, multiple: number): Uint8Array => {
  if (bytes.length % multiple === 0) return bytes
  const whole = new Uint8Array(Math.ceil(bytes.length / multiple) * multiple).fill(0xff)
  whole.set(bytes)
  return whole
}

/** The flash is programmed in words of so many bytes. */
const FLASH_WORD = 4

const frameBlocks = (
  command: 'deflateData' | 'flashData',
  payload: Uint8Array,
  blockSize: number,
  limits: readonly number[],
): PreparedBlocks => {
  const frames: Uint8Array[] = []
  for (let at = 0, sequence = 0; at < payload.length; at += blockSize, sequence++)
    frames.push(encodeSlip(dataPacket(command, payload.subarray(at, at + blockSize), sequence)))
  const starts = [0]
  for (const frame of frames) starts.push((starts.at(-1) ?? 0) + frame.length)
  const all = shared(starts.at(-1) ?? 0)
  frames.forEach((frame, index) => all.set(frame, starts[index]))
  return { frames: all, starts, limits, payloadSize: payload.length }
}

const compressedBlocks = async (bytes: Uint8Array, blockSize: number, deflate: Deflate): Promise<PreparedBlocks> => {
  const stream = await deflate(bytes)
  const limits = (await unpackedPerBlock(stream, blockSize)).map((size) => LIMITS.deflateBlock(size))
  return frameBlocks('deflateData', stream, blockSize, limits)
}

/** Uncompressed blocks are all of one length. */
const plainBlocks = (bytes: Uint8Array, blockSize: number): PreparedBlocks => {
  const whole = paddedTo(bytes, blockSize)
  return frameBlocks(
    'flashData',
    whole,
    blockSize,
    Array.from({ length: whole.length / blockSize }, () => LIMITS.usual),
  )
}

/** Prepares one region for one kind of writing. */
export const prepareRegion = async (
  region: Region,
  blockKind: BlockKind,
  deflate: Deflate,
): Promise<PreparedRegion> => {
  const bytes = paddedTo(region.bytes, FLASH_WORD)
  const blockSize = BLOCK_SIZE[blockKind]
  return {
    name: region.name,
    offset: region.offset,
    size: bytes.length,
    md5: createHash('md5').update(bytes).digest('hex'),
    sha256: createHash('sha256').update(bytes).digest('hex'),
    clear: region.clear === true,
    blocks: blockKind === 'plain' ? plainBlocks(bytes, blockSize) : await compressedBlocks(bytes, blockSize, deflate),
    blockKind,
  }
}

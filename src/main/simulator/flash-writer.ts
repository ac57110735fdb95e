/** One transfer into the flash of a simulated chip, plain or compressed: where it stands and what it still expects. */
import { createInflate, type Inflate } from 'node:zlib'
import { BLOCK_ERASE, programTime, SECTOR_ERASE } from './flash-timing.ts'
import { SECTOR, type FlashMemory } from './flash-memory.ts'

export interface FlashWriter {
  readonly compressed: boolean
  /** Takes a block. Gives the milliseconds that the flash takes, or what went wrong. */
  take(block: Uint8Array): Promise<number | 'inflate-failed' | 'flash-failed'>
}

const ERASE_BLOCK = 0x10000
const WINDOW = 0x8000

/** Unpacks a zlib stream piece by piece. */
const inflater = (): ((piece: Uint8Array) => Promise<Uint8Array | undefined>) => {
  const stream: Inflate = createInflate()
  let out: Buffer[] = []
  let broken = false
  stream.on('data', (bytes: Buffer) => out.push(bytes))
  stream.on('error', () => {
    broken = true
  })
  return (piece) =>
    new Promise((resolve) => {
      const settle = (): void => {
        stream.off('error', settle)
        const bytes = Buffer.concat(out)
        out = []
        resolve(broken ? undefined : bytes)
      }
      if (broken) return resolve(undefined)
      stream.once('error', settle)
      stream.write(piece, settle)
    })
}

/** The cells of one transfer, and how far they are erased. */
interface Cells {
  readonly flash: FlashMemory
  /** Start of the transfer in flash, and its bytes when it is unpacked. */
  readonly offset: number
  readonly size: number
}

/**
 * The ROM's way: the whole range is erased before it takes data, and every block is programmed as it comes.
 *
 * @param encrypt what the chip does to bytes that are to be written encrypted
 */
export const createRomWriter = (
  { flash, offset }: Cells,
  compressed: boolean,
  encrypt?: (bytes: Uint8Array, address: number) => Uint8Array,
): FlashWriter => {
  const unpack = compressed ? inflater() : undefined
  let at = offset
  return {
    compressed,
    async take(block) {
      const bytes = unpack ? await unpack(block) : block
      if (!bytes) return 'inflate-failed'
      if (at + bytes.length > flash.size) return 'flash-failed'
      try {
        flash.program(at, encrypt ? encrypt(bytes, at) : bytes)
      } catch {
        return 'flash-failed'
      }
      at += bytes.length
      return programTime(bytes.length)
    },
  }
}

/**
 * The stub's way. It erases ahead: the flash is told to erase its next block of 64 kB (or sector, where no block fits) at the beginning
 * of the transfer and whenever a piece is about to be unpacked while the flash has nothing to do, and programming waits for it. What is
 * unpacked is gathered until 32 kB, the window of the stream, are full. Cells that are blank are passed over until the first that is not.
 *
 * Source: https://github.com/espressif/esp-flasher-stub, src/command_handler.c (FLASH_BEGIN, FLASH_DEFL_DATA).
 *
 * @param now the device's clock, milliseconds
 */
export const createStubWriter = (
  { flash, offset, size }: Cells,
  compressed: boolean,
  now: () => number,
): FlashWriter => {
  const unpack = compressed ? inflater() : undefined
  const end = Math.ceil((offset + size) / SECTOR) * SECTOR
  let at = offset
  let erasedUpTo = Math.floor(offset / SECTOR) * SECTOR
  let seemsBlank = true
  /** The flash works until then. */
  let busyUntil = 0
  let gathered = Buffer.alloc(0)

  /** Begins the next erase at this moment, unless the flash is at work. */
  const eraseNext = (moment: number): void => {
    if (moment < busyUntil || erasedUpTo >= end) return
    const whole = erasedUpTo % ERASE_BLOCK === 0 && end - erasedUpTo >= ERASE_BLOCK
    const length = whole ? ERASE_BLOCK : SECTOR
    if (flash.erase(erasedUpTo, length) > 0) seemsBlank = false
    if (!seemsBlank) busyUntil = moment + (whole ? BLOCK_ERASE : SECTOR_ERASE)
    erasedUpTo += length
  }
  /** Programs at this moment or as soon as the cells are erased; gives the moment at which that is done. */
  const program = (bytes: Uint8Array, moment: number): number => {
    let free = moment
    while (erasedUpTo < Math.min(at + bytes.length, end)) {
      free = Math.max(free, busyUntil)
      eraseNext(free)
    }
    free = Math.max(free, busyUntil)
    flash.program(at, bytes)
    at += bytes.length
    busyUntil = free + programTime(bytes.length)
    return busyUntil
  }
  eraseNext(now())

  return {
    compressed,
    async take(block) {
      const startedAt = now()
      const bytes = unpack ? await unpack(block) : block
      if (!bytes) return 'inflate-failed'
      if (at + gathered.length + bytes.length > flash.size) return 'flash-failed'
      let moment = startedAt
      try {
        if (!compressed) return program(bytes, moment) - startedAt
        gathered = Buffer.concat([gathered, bytes])
        for (;;) {
          eraseNext(moment)
          const last = at + gathered.length >= offset + size
          if (gathered.length < WINDOW && !(last && gathered.length > 0)) break
          const piece = gathered.subarray(0, WINDOW)
          gathered = gathered.subarray(piece.length)
          moment = program(piece, moment)
        }
      } catch {
        return 'flash-failed'
      }
      return moment - startedAt
    },
  }
}

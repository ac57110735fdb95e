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

/**
 * @param encrypt what the chip does to bytes that are to be written encrypted
 * @param erased the ROM erases the whole range before it takes data; the stub erases sectors as it comes to them
 */
export const createFlashWriter = (
  flash: FlashMemory,
  offset: number,
  size: number,
  compressed: boolean,
  erased: boolean,
  encrypt?: (bytes: Uint8Array, address: number) => Uint8Array,
): FlashWriter => {
  const unpack = compressed ? inflater() : undefined
  let at = offset
  let erasedUpTo = erased ? Math.ceil((offset + size) / SECTOR) * SECTOR : Math.floor(offset / SECTOR) * SECTOR
  return {
    compressed,
    async take(block) {
      const bytes = unpack ? await unpack(block) : block
      if (!bytes) return 'inflate-failed'
      if (at + bytes.length > flash.size) return 'flash-failed'
      let time = 0
      while (at + bytes.length > erasedUpTo) {
        // Whole blocks of 64 kB are erased ahead in one go where the region covers them.
        const block = erasedUpTo % ERASE_BLOCK === 0 && offset + size - erasedUpTo >= ERASE_BLOCK
        const length = block ? ERASE_BLOCK : SECTOR
        const used = flash.erase(erasedUpTo, length)
        if (used > 0) time += block ? BLOCK_ERASE : SECTOR_ERASE
        erasedUpTo += length
      }
      try {
        flash.program(at, encrypt ? encrypt(bytes, at) : bytes)
      } catch {
        return 'flash-failed'
      }
      at += bytes.length
      return time + programTime(bytes.length)
    },
  }
}

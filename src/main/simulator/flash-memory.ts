/**
 * The NOR flash of a simulated board: programming clears bits only, erasing sets whole sectors. Kept in a file where one is given,
 * written through at every change, so that what was half written when the process was killed is found half written again.
 */
import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs'

export const SECTOR = 0x1000

export interface FlashMemory {
  readonly size: number
  read(offset: number, length: number): Uint8Array
  program(offset: number, bytes: Uint8Array): void
  /** Erases whole sectors; gives how many were not blank. */
  erase(offset: number, length: number): number
  close(): void
}

const isBlank = (bytes: Uint8Array): boolean => {
  for (const byte of bytes) if (byte !== 0xff) return false
  return true
}

/** @param file kept as long as its last byte that is not blank needs; what is beyond its end is blank */
export const createFlashMemory = (size: number, file?: string): FlashMemory => {
  const cells = new Uint8Array(size).fill(0xff)
  let fileLength = 0
  let descriptor: number | undefined
  if (file) {
    if (existsSync(file)) {
      const kept = readFileSync(file).subarray(0, size)
      cells.set(kept)
      fileLength = kept.length
    }
    descriptor = openSync(file, existsSync(file) ? 'r+' : 'w+')
  }
  const keep = (offset: number, length: number): void => {
    if (descriptor === undefined) return
    const end = offset + length
    if (end > fileLength) {
      const from = fileLength
      // Blank cells beyond the end need no file; those before a programmed one do.
      if (isBlank(cells.subarray(Math.max(offset, from), end)) && offset >= from) return
      writeSync(descriptor, cells, from, end - from, from)
      fileLength = end
      if (offset >= from) return
    }
    writeSync(descriptor, cells, offset, length, offset)
  }
  return {
    size,
    read: (offset, length) => cells.slice(offset, offset + length),
    program(offset, bytes) {
      for (let index = 0; index < bytes.length; index++) {
        const at = offset + index
        cells[at] = (cells[at] ?? 0xff) & (bytes[index] ?? 0xff)
      }
      keep(offset, bytes.length)
    },
    erase(offset, length) {
      let used = 0
      const first = Math.floor(offset / SECTOR) * SECTOR
      for (let at = first; at < Math.min(offset + length, size); at += SECTOR) {
        const sector = cells.subarray(at, at + SECTOR)
        if (isBlank(sector)) continue
        used++
        sector.fill(0xff)
        keep(at, SECTOR)
      }
      return used
    },
    close() {
      if (descriptor !== undefined) closeSync(descriptor)
      descriptor = undefined
    },
  }
}

import type { Chip, EfuseBits } from '../../espressif/chips.ts'
import { words } from './command.ts'
import type { Loader } from './loader.ts'

export const readRegister = async (loader: Loader, address: number): Promise<number> =>
  (await loader.request('readReg', words(address))).value

export type RegisterWrite = readonly [address: number, value: number]

/** The ROM takes many writes in one command; of a stub that somebody left running it is not known. */
export const writeRegisters = async (loader: Loader, writes: readonly RegisterWrite[]): Promise<void> => {
  const bodies = writes.map(([address, value]) => [address, value, 0xffffffff, 0])
  if (loader.kind === 'rom') await loader.request('writeReg', words(...bodies.flat()))
  else for (const body of bodies) await loader.request('writeReg', words(...body))
}

/** Reads bits of the eFuses, of a number in parts the highest first; each word is asked for once. */
export const efuseReader = (loader: Loader, chip: Chip): ((bits: readonly EfuseBits[]) => Promise<number>) => {
  const words = new Map<number, number>()
  return async (bits) => {
    let value = 0
    for (const [word, shift, width] of bits) {
      const read = words.get(word) ?? (await readRegister(loader, chip.efuseBase + word))
      words.set(word, read)
      value = (value << width) | ((read >>> shift) & (2 ** width - 1))
    }
    return value
  }
}

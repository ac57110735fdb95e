/** The registers and the RAM of a simulated chip that a loader's READ_REG and WRITE_REG reach: eFuses, SPI controller, the rest as memory. */
import type { Chip } from '../espressif/chips.ts'

export interface Registers {
  read(address: number): number
  write(address: number, value: number, mask: number): void
}

export interface Silicon {
  readonly chip: Chip
  /** Six bytes. */
  readonly mac: Uint8Array
  /** JEDEC id as three bytes, lowest first: vendor, type, size exponent. */
  readonly jedecId: number
  readonly secureBoot: boolean
  readonly flashEncrypted: boolean
}

const SPI_START = 1 << 18
const READ_ID = 0x9f
const MAGIC_REGISTER = 0x40001000
/** What the newer ROMs have at the place where the older ones keep their number; recorded from a C3. */
const MAGIC_OF_C3 = 0x1b31506f

export const createRegisters = (silicon: Silicon): Registers => {
  const { chip, mac } = silicon
  const words = new Map<number, number>()
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac
  words.set(chip.macRegister, ((c << 24) | (d << 16) | (e << 8) | f) >>> 0)
  words.set(chip.macRegister + 4, (a << 8) | b)
  words.set(MAGIC_REGISTER, chip.magic ?? MAGIC_OF_C3)
  if (chip.name === 'esp32') {
    if (silicon.flashEncrypted) words.set(chip.efuseBase, 1 << 20)
    if (silicon.secureBoot) words.set(chip.efuseBase + 0x18, 1 << 5)
  }
  const { base, usr2, w0 } = chip.spi
  return {
    read: (address) => words.get(address) ?? 0,
    write(address, value, mask) {
      const next = (((words.get(address) ?? 0) & ~mask) | (value & mask)) >>> 0
      if (address === base && (next & SPI_START) !== 0) {
        // The controller runs the user command at once and clears its start bit.
        if (((words.get(base + usr2) ?? 0) & 0xff) === READ_ID) words.set(base + w0, silicon.jedecId)
        words.set(address, 0)
      } else words.set(address, next)
    },
  }
}

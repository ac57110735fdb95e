/** The registers and the RAM of a simulated chip that a loader's READ_REG and WRITE_REG reach: eFuses, SPI controller, the rest as memory. */
import type { Chip, EfuseBits } from '../espressif/chips.ts'
import { sfdpOf } from './sfdp.ts'

export interface Registers {
  read(address: number): number
  write(address: number, value: number, mask: number): void
  /** Has the watchdog been set to bite? */
  watchdogBites(): boolean
  /** What a stub does to them as it starts. */
  stubStarts(): void
}

export interface Silicon {
  readonly chip: Chip
  /** Six bytes. */
  readonly mac: Uint8Array
  /** JEDEC id as three bytes, lowest first: vendor, type, size exponent. */
  readonly jedecId: number
  /** Does the flash tell its parameters? That of the recorded chips answers zeros. */
  readonly sfdp: boolean
  readonly secureBoot: boolean
  readonly flashEncrypted: boolean
  /** Of its eFuses, 32 bytes. */
  readonly flashKey: Uint8Array
}

const ROM_BAUD = 115_200
const WATCHDOG_KEY = 0x50d83aa1
const WATCHDOG_ON = 1 << 31
const SPI_START = 1 << 18
const READ_ID = 0x9f
const READ_SFDP = 0x5a
/** Of the controller's address register. */
const SPI_ADDRESS = 0x04
const MAGIC_REGISTER = 0x40001000

/** CRC-8 of Maxim (polynomial 0x31, reflected), which the ESP32 keeps beside its MAC. */
const crc8 = (bytes: Uint8Array): number => {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) !== 0 ? (crc >> 1) ^ 0x8c : crc >> 1
  }
  return crc
}

/** After a reset, as recorded from an ESP32: UART divider (40 MHz at 115,200 baud), straps, and the date that tells the revision. */
const ESP32_AFTER_RESET: readonly (readonly [number, number])[] = [
  [0x3ff40014, 0x15a],
  [0x3ff44038, 0x0f],
  [0x3ff6607c, 0x96042000],
]
/** The SPI controller's user registers after a reset, as recorded from a C3. */
const SPI_USER_AFTER_RESET = 0x800000c0
const SPI_USER2_AFTER_RESET = 0x70000000
const SPI_USER_OF_ESP32_STUB = 0x80000000

/** The C2 mostly comes with this crystal, MHz; its ROM reckons with 40 all the same. */
export const CRYSTAL_OF_C2 = 26

/** Revision v1.0, in the word of the MAC: no stub supports the samples that came before. */
const C2_V1 = 1 << 20

export const createRegisters = (silicon: Silicon): Registers => {
  const { chip, mac } = silicon
  const words = new Map<number, number>()
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac
  words.set(chip.macRegister, ((c << 24) | (d << 16) | (e << 8) | f) >>> 0)
  const besideMac = chip.name === 'esp32' ? crc8(mac) << 16 : chip.name === 'esp32c2' ? C2_V1 : 0
  words.set(chip.macRegister + 4, (besideMac | (a << 8) | b) >>> 0)
  words.set(MAGIC_REGISTER, chip.magic ?? chip.romWords[0] ?? 0)
  words.set(chip.spi.base + chip.spi.usr2, SPI_USER2_AFTER_RESET)
  if (chip.name === 'esp32c2') words.set(chip.clockDivider ?? 0, Math.round((CRYSTAL_OF_C2 * 1e6) / ROM_BAUD))
  if (chip.name !== 'esp32') words.set(chip.spi.base + chip.spi.usr, SPI_USER_AFTER_RESET)
  else {
    for (const [address, value] of ESP32_AFTER_RESET) words.set(address, value)
  }
  const burn = ([word, shift, width]: EfuseBits): void => {
    const address = chip.efuseBase + word
    // The highest bit alone: secure boot of the newer kind, and one of an odd number of bits.
    words.set(address, ((words.get(address) ?? 0) | (1 << (shift + width - 1))) >>> 0)
  }
  // Which only an ESP32 from v3.0 on has.
  if (silicon.secureBoot && chip.name === 'esp32') for (const bits of chip.revision.major) burn(bits)
  if (silicon.flashEncrypted) burn(chip.protection.cryptCount)
  if (silicon.secureBoot) burn(chip.protection.secureBoot)
  const { base, usr, usr2, w0 } = chip.spi
  const parameters = sfdpOf(2 ** (silicon.jedecId >>> 16))
  /** Four bytes from the address that is set: of the ESP32 it fills its register from the top. */
  const readParameters = (): number => {
    const set = words.get(base + SPI_ADDRESS) ?? 0
    const from = chip.name === 'esp32' ? set >>> 8 : set & 0xffffff
    return [3, 2, 1, 0].reduce((word, at) => ((word << 8) | (parameters[from + at] ?? 0xff)) >>> 0, 0)
  }
  const { watchdog } = chip
  return {
    watchdogBites: () => watchdog !== undefined && ((words.get(watchdog.config0) ?? 0) & WATCHDOG_ON) !== 0,
    stubStarts() {
      if (chip.name === 'esp32') words.set(base + usr, SPI_USER_OF_ESP32_STUB)
    },
    read: (address) => words.get(address) ?? 0,
    write(address, value, mask) {
      const locked = watchdog !== undefined && words.get(watchdog.protect) !== WATCHDOG_KEY
      if (locked && (address === watchdog.config0 || address === watchdog.config1)) return
      const next = (((words.get(address) ?? 0) & ~mask) | (value & mask)) >>> 0
      if (address === base && (next & SPI_START) !== 0) {
        // The controller runs the user command at once and clears its start bit.
        const command = (words.get(base + usr2) ?? 0) & 0xff
        if (command === READ_ID) words.set(base + w0, silicon.jedecId)
        if (command === READ_SFDP && silicon.sfdp) words.set(base + w0, readParameters())
        words.set(address, 0)
      } else words.set(address, next)
    },
  }
}

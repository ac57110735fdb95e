/**
 * The chips that Imprint programs, as data: everything that the loader procedure, the image checks and the simulated bench need to
 * know about one chip stands in one row here, so a new chip is a new row.
 *
 * Sources: each chip's technical reference manual (eFuse and SPI register addresses); esptool's Serial Protocol documentation
 * (https://docs.espressif.com/projects/esptool/en/latest/esp32/advanced-topics/serial-protocol.html). What esptool 5.6 has as well is held
 * against it (tests/interop/esptool-constants.test.ts); what is recorded from real chips is that of the ESP32 and the C3.
 */

/** The names as `flasher_args.json` and `esptool --chip` spell them. */
export const CHIP_NAMES = [
  'esp32',
  'esp32s2',
  'esp32s3',
  'esp32c2',
  'esp32c3',
  'esp32c5',
  'esp32c6',
  'esp32h2',
  'esp32p4',
] as const

export type ChipName = (typeof CHIP_NAMES)[number]

/** Offsets of the SPI controller's registers from its base: command, user, user1, user2, data lengths, first data word. */
export interface SpiRegisters {
  readonly base: number
  readonly usr: number
  readonly usr1: number
  readonly usr2: number
  readonly mosiLength: number
  readonly misoLength: number
  readonly w0: number
}

/** Bits of a word of the eFuses: where the word is, bytes from their base; its lowest bit; how many. */
export type EfuseBits = readonly [word: number, shift: number, width: number]

/** Where a chip keeps its revision, `v1.3`; of a number in parts the highest bits come first. */
export interface RevisionBits {
  readonly major: readonly EfuseBits[]
  readonly minor: readonly EfuseBits[]
}

/** Registers of the watchdog of the low-power domain, which resets the whole chip. */
export interface Watchdog {
  readonly protect: number
  readonly config0: number
  readonly config1: number
}

export interface Chip {
  readonly name: ChipName
  /** As printed on the module and shown to people. */
  readonly label: string
  /** Chip id in image headers and in GET_SECURITY_INFO. */
  readonly imageId: number
  /** Offset of the second-stage bootloader in flash, bytes. */
  readonly bootloaderOffset: number
  /** Register of the low 32 bits of the MAC; the high 16 bits are in the next register. */
  readonly macRegister: number
  readonly efuseBase: number
  readonly spi: SpiRegisters
  /** READ_REG of 0x40001000 where the ROM has no chip id in GET_SECURITY_INFO; undefined elsewhere. */
  readonly magic?: number
  /**
   * What else READ_REG of 0x40001000 gives, by the revision of the ROM: with a stub running it is all that tells the chip.
   * Sources: esptool 4.8.1, CHIP_DETECT_MAGIC_VALUE of each chip, and esptool-js 0.7, which knows more of them. Recorded is the
   * first of the C3.
   */
  readonly romWords: readonly number[]
  /** What GET_SECURITY_INFO answers: nothing, 12 bytes without chip id, or 20 bytes with it. */
  readonly securityInfo: 'none' | 'short' | 'full'
  /** Does the ROM's FLASH_BEGIN take the fifth word (encrypted)? Only the ESP32's does not. */
  readonly beginHasEncryptedWord: boolean
  /** How the chip encrypts its flash: AES with a key for every 32 bytes, or AES-XTS. */
  readonly flashEncryption: 'aes' | 'xts'
  /** Lengths of its flash encryption key, bytes. */
  readonly flashKeyLengths: readonly number[]
  readonly revision: RevisionBits
  /**
   * Its protection as the eFuses say it: flash encryption is on while an odd number of the first bits is set, secure boot with any (of
   * the ESP32, one for each kind of it).
   */
  readonly protection: { readonly cryptCount: EfuseBits; readonly secureBoot: EfuseBits }
  /** Set for chips that a watchdog can start where the reset pulse of their own USB cannot. */
  readonly watchdog?: Watchdog
  /**
   * With secure boot on, the C3 starts no stub, and the S3 only by a trick that a production line should not depend on: they are
   * written by the ROM alone.
   */
  readonly stubWithSecureBoot: boolean
  /** Largest block of MEM_DATA, bytes. */
  readonly ramBlock: number
  /**
   * Register of the UART's clock divider, for chips that come with a crystal of 40 or 26 MHz; the ROM reckons with 40 whichever it is.
   */
  readonly clockDivider?: number
  /** Value of the frequency nibble in image headers, by name as in `flasher_args.json`. */
  readonly flashFrequencies: Readonly<Record<string, number>>
}

const SPI_OFFSETS = { usr: 0x18, usr1: 0x1c, usr2: 0x20, mosiLength: 0x24, misoLength: 0x28, w0: 0x58 }
const FREQUENCIES = { '80m': 0xf, '40m': 0x0, '26m': 0x1, '20m': 0x2 }
const RAM_BLOCK = 0x1800

const modern = {
  securityInfo: 'full',
  beginHasEncryptedWord: true,
  flashEncryption: 'xts',
  flashKeyLengths: [32],
  protection: { cryptCount: [0x34, 18, 3], secureBoot: [0x38, 20, 1] },
  stubWithSecureBoot: true,
  ramBlock: RAM_BLOCK,
} as const

/** Every chip by name. */
export const CHIPS: Readonly<Record<ChipName, Chip>> = {
  esp32: {
    name: 'esp32',
    label: 'ESP32',
    imageId: 0,
    bootloaderOffset: 0x1000,
    // Words 1 and 2 of eFuse block 0.
    macRegister: 0x3ff5a004,
    efuseBase: 0x3ff5a000,
    spi: { base: 0x3ff42000, usr: 0x1c, usr1: 0x20, usr2: 0x24, mosiLength: 0x28, misoLength: 0x2c, w0: 0x80 },
    magic: 0x00f01d83,
    romWords: [],
    securityInfo: 'none',
    beginHasEncryptedWord: false,
    flashEncryption: 'aes',
    protection: { cryptCount: [0x00, 20, 7], secureBoot: [0x18, 4, 2] },
    flashKeyLengths: [24, 32],
    // The major number has one more bit outside the eFuses (src/main/flashing/loader/chip-revision.ts).
    revision: {
      major: [
        [0x14, 20, 1],
        [0x0c, 15, 1],
      ],
      minor: [[0x14, 24, 2]],
    },
    stubWithSecureBoot: true,
    ramBlock: RAM_BLOCK,
    clockDivider: 0x3ff40014,
    flashFrequencies: FREQUENCIES,
  },
  esp32s2: {
    ...modern,
    flashKeyLengths: [32, 64],
    name: 'esp32s2',
    romWords: [],
    label: 'ESP32-S2',
    imageId: 2,
    bootloaderOffset: 0x1000,
    macRegister: 0x3f41a044,
    efuseBase: 0x3f41a000,
    revision: {
      major: [[0x50, 18, 2]],
      minor: [
        [0x50, 20, 1],
        [0x54, 4, 3],
      ],
    },
    watchdog: { protect: 0x3f4080ac, config0: 0x3f408094, config1: 0x3f408098 },
    spi: { base: 0x3f402000, ...SPI_OFFSETS },
    magic: 0x000007c6,
    securityInfo: 'short',
    flashFrequencies: FREQUENCIES,
  },
  esp32s3: {
    ...modern,
    flashKeyLengths: [32, 64],
    name: 'esp32s3',
    romWords: [0x9],
    label: 'ESP32-S3',
    imageId: 9,
    bootloaderOffset: 0,
    macRegister: 0x60007044,
    efuseBase: 0x60007000,
    revision: {
      major: [[0x58, 24, 2]],
      minor: [
        [0x58, 23, 1],
        [0x50, 18, 3],
      ],
    },
    watchdog: { protect: 0x600080b0, config0: 0x60008098, config1: 0x6000809c },
    stubWithSecureBoot: false,
    spi: { base: 0x60002000, ...SPI_OFFSETS },
    flashFrequencies: FREQUENCIES,
  },
  esp32c2: {
    ...modern,
    flashKeyLengths: [16, 32],
    name: 'esp32c2',
    romWords: [0x7c41a06f, 0x6f51306f, 0x0c21e06f],
    label: 'ESP32-C2',
    imageId: 12,
    bootloaderOffset: 0,
    macRegister: 0x60008840,
    clockDivider: 0x60000014,
    efuseBase: 0x60008800,
    revision: { major: [[0x44, 20, 2]], minor: [[0x44, 16, 4]] },
    protection: { cryptCount: [0x30, 7, 3], secureBoot: [0x30, 21, 1] },
    spi: { base: 0x60002000, ...SPI_OFFSETS },
    flashFrequencies: { '60m': 0xf, '30m': 0x0, '20m': 0x1, '15m': 0x2 },
  },
  esp32c3: {
    ...modern,
    name: 'esp32c3',
    romWords: [0x1b31506f, 0x6921506f, 0x4881606f, 0x4361606f],
    label: 'ESP32-C3',
    imageId: 5,
    bootloaderOffset: 0,
    macRegister: 0x60008844,
    efuseBase: 0x60008800,
    revision: {
      major: [[0x58, 24, 2]],
      minor: [
        [0x58, 23, 1],
        [0x50, 18, 3],
      ],
    },
    watchdog: { protect: 0x600080a8, config0: 0x60008090, config1: 0x60008094 },
    stubWithSecureBoot: false,
    spi: { base: 0x60002000, ...SPI_OFFSETS },
    flashFrequencies: FREQUENCIES,
  },
  esp32c5: {
    ...modern,
    name: 'esp32c5',
    romWords: [0x1101406f, 0x63e1406f, 0x5fd1406f, 0x30e1706f],
    label: 'ESP32-C5',
    imageId: 23,
    bootloaderOffset: 0x2000,
    macRegister: 0x600b4844,
    efuseBase: 0x600b4800,
    revision: { major: [[0x4c, 4, 2]], minor: [[0x4c, 0, 4]] },
    watchdog: { protect: 0x600b1c18, config0: 0x600b1c00, config1: 0x600b1c04 },
    protection: { cryptCount: [0x34, 16, 3], secureBoot: [0x38, 25, 1] },
    spi: { base: 0x60003000, ...SPI_OFFSETS },
    flashFrequencies: { '80m': 0xf, '40m': 0x0, '20m': 0x2 },
  },
  esp32c6: {
    ...modern,
    name: 'esp32c6',
    romWords: [0x2ce0806f],
    label: 'ESP32-C6',
    imageId: 13,
    bootloaderOffset: 0,
    macRegister: 0x600b0844,
    efuseBase: 0x600b0800,
    revision: { major: [[0x50, 22, 2]], minor: [[0x50, 18, 4]] },
    spi: { base: 0x60003000, ...SPI_OFFSETS },
    // The C6's divider makes 80 MHz of the nibble that means 40 MHz elsewhere.
    flashFrequencies: { '80m': 0x0, '40m': 0x0, '20m': 0x2 },
  },
  esp32h2: {
    ...modern,
    name: 'esp32h2',
    romWords: [0xd7b73e80, 0x97e30068],
    label: 'ESP32-H2',
    imageId: 16,
    bootloaderOffset: 0,
    macRegister: 0x600b0844,
    efuseBase: 0x600b0800,
    revision: { major: [[0x50, 21, 2]], minor: [[0x50, 18, 3]] },
    spi: { base: 0x60003000, ...SPI_OFFSETS },
    flashFrequencies: { '48m': 0xf, '24m': 0x0, '16m': 0x1, '12m': 0x2 },
  },
  esp32p4: {
    ...modern,
    flashKeyLengths: [32, 64],
    name: 'esp32p4',
    romWords: [0x0addbad0, 0x07039ad9, 0],
    label: 'ESP32-P4',
    imageId: 18,
    bootloaderOffset: 0x2000,
    macRegister: 0x5012d044,
    efuseBase: 0x5012d000,
    revision: {
      major: [
        [0x4c, 23, 1],
        [0x4c, 4, 2],
      ],
      minor: [[0x4c, 0, 4]],
    },
    watchdog: { protect: 0x50116018, config0: 0x50116000, config1: 0x50116004 },
    spi: { base: 0x5008d000, ...SPI_OFFSETS },
    flashFrequencies: FREQUENCIES,
  },
}

/** The chip with this id in image headers and security info, or undefined. */
export const chipByImageId = (imageId: number): Chip | undefined =>
  Object.values(CHIPS).find((chip) => chip.imageId === imageId)

/** The chip with this name (`esp32c3`) or label (`ESP32-C3`), whatever the case; undefined when there is none. */
export const chipByName = (name: string): Chip | undefined => {
  const wanted = name.toLowerCase().replaceAll('-', '')
  return Object.values(CHIPS).find((chip) => chip.name === wanted)
}

/** A MAC from its two eFuse registers, as `AA:BB:CC:DD:EE:FF`. */
export const macFromRegisters = (low: number, high: number): string =>
  [high >>> 8, high, low >>> 24, low >>> 16, low >>> 8, low]
    .map((byte) => (byte & 0xff).toString(16).padStart(2, '0').toUpperCase())
    .join(':')

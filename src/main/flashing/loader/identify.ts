import {
  CHIPS,
  chipByImageId,
  macFromRegisters,
  type Chip,
  type ChipName,
  type EfuseBits,
} from '../../espressif/chips.ts'
import { readRevision } from './chip-revision.ts'
import { LIMITS, words } from './command.ts'
import { RunFailure } from '../failure.ts'
import { LoaderRefusal, type Loader } from './loader.ts'
import { efuseReader, readRegister, writeRegisters } from './registers.ts'

/** What protects the chip against being read or written; null where the chip would not tell. */
export interface SecurityState {
  readonly secureBoot: boolean
  readonly flashEncryption: boolean
  readonly secureDownload: boolean
  readonly jtagDisabled: boolean | null
}

export interface BoardFacts {
  readonly chip: ChipName
  /** `AA:BB:CC:DD:EE:FF`; null in Secure Download Mode, where no register can be read. */
  readonly mac: string | null
  readonly security: SecurityState
  /** `v1.3`; null in Secure Download Mode. */
  readonly revision: string | null
}

/** Where every ROM up to the S2 keeps a number of its own. */
const MAGIC_REGISTER = 0x40001000

const oddBits = (value: number): boolean => {
  let odd = false
  for (let rest = value; rest !== 0; rest &= rest - 1) odd = !odd
  return odd
}

const FLAG = { secureBoot: 1 << 0, secureDownload: 1 << 2, softJtag: 1 << 6, hardJtag: 1 << 7 }

interface SecurityAnswer {
  readonly security: SecurityState
  readonly imageId: number | undefined
}

/** GET_SECURITY_INFO: flags u32, crypt count u8, seven key purposes, and from the S3 on chip id u32 and API version u32. */
const askSecurity = async (loader: Loader): Promise<SecurityAnswer | undefined> => {
  let data: Uint8Array
  try {
    data = (await loader.request('securityInfo', new Uint8Array(0), { dataLength: 20 })).data
  } catch (error) {
    if (!(error instanceof LoaderRefusal)) throw error
    if (error.unsupported) return undefined
    // The S2 answers 12 bytes: the reader above takes its status for an error.
    try {
      data = (await loader.request('securityInfo', new Uint8Array(0), { dataLength: 12 })).data
    } catch (second) {
      if (second instanceof LoaderRefusal) return undefined
      throw second
    }
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const flags = view.getUint32(0, true)
  return {
    imageId: data.length >= 20 ? view.getUint32(12, true) : undefined,
    security: {
      secureBoot: (flags & FLAG.secureBoot) !== 0,
      secureDownload: (flags & FLAG.secureDownload) !== 0,
      flashEncryption: oddBits(view.getUint8(4)),
      jtagDisabled: (flags & (FLAG.softJtag | FLAG.hardJtag)) !== 0,
    },
  }
}

/** Of the ESP32, as its eFuses say it. */
const ESP32_JTAG_DISABLED: EfuseBits = [0x18, 6, 1]

/** The ESP32 has a bit for each kind of secure boot, and heeds the one of the newer kind from v3.0 on. */
const NEWER_KIND_ALONE = 2
const HAS_NEWER_KIND = /^v3\./u

const secureBootOfEfuses = async (loader: Loader, chip: Chip, bits: number): Promise<boolean> =>
  chip.name === 'esp32' && bits === NEWER_KIND_ALONE
    ? HAS_NEWER_KIND.test(await readRevision(loader, chip))
    : bits !== 0

/**
 * The ESP32 has no GET_SECURITY_INFO, and no stub answers it: there the eFuses tell. Where either reads registers, there is no Secure
 * Download Mode.
 */
export const securityOfEfuses = async (loader: Loader, chip: Chip): Promise<SecurityState> => {
  const read = efuseReader(loader, chip)
  return {
    flashEncryption: oddBits(await read([chip.protection.cryptCount])),
    secureBoot: await secureBootOfEfuses(loader, chip, await read([chip.protection.secureBoot])),
    secureDownload: false,
    jtagDisabled: chip.name === 'esp32' ? (await read([ESP32_JTAG_DISABLED])) !== 0 : null,
  }
}

const chipByMagic = (magic: number): Chip | undefined => Object.values(CHIPS).find((chip) => chip.magic === magic)

const unknown = (loader: Loader, what: string): RunFailure =>
  new RunFailure('wrong-chip', 'identify', `${loader.link.address}: ${what}`, { expected: 'ESP32', found: what })

const detect = async (
  loader: Loader,
  expected: ChipName | undefined,
): Promise<{ chip: Chip; security: SecurityState }> => {
  // A stub that was left running does not answer GET_SECURITY_INFO; a ROM that is not known is taken for that of the order's chip.
  if (loader.kind === 'stub') {
    const rom = await readRegister(loader, MAGIC_REGISTER)
    const byRom = chipByMagic(rom) ?? Object.values(CHIPS).find(({ romWords }) => romWords.includes(rom))
    const chip = byRom ?? (expected && CHIPS[expected])
    if (!chip)
      throw unknown(loader, 'a stub is already running, which does not tell the chip; power the board off and on')
    return { chip, security: await securityOfEfuses(loader, chip) }
  }
  const askFirst = !(expected && CHIPS[expected].securityInfo === 'none')
  const answer = askFirst ? await askSecurity(loader) : undefined
  if (answer?.imageId !== undefined) {
    const chip = chipByImageId(answer.imageId)
    if (!chip) throw unknown(loader, `a chip with id ${answer.imageId}`)
    return { chip, security: answer.security }
  }
  let magic: number
  try {
    magic = await readRegister(loader, MAGIC_REGISTER)
  } catch (error) {
    // Of the chips without an id, only the S2 has a Secure Download Mode that refuses the register.
    if (error instanceof LoaderRefusal && answer) return { chip: CHIPS.esp32s2, security: answer.security }
    throw error
  }
  const chip = chipByMagic(magic)
  if (chip) return { chip, security: answer?.security ?? (await securityOfEfuses(loader, chip)) }
  const late = answer ?? (await askSecurity(loader))
  const lateChip = late?.imageId === undefined ? undefined : chipByImageId(late.imageId)
  if (!late || !lateChip) throw unknown(loader, `an unknown chip (0x${magic.toString(16)})`)
  return { chip: lateChip, security: late.security }
}

const readMac = async (loader: Loader, chip: Chip): Promise<string> => {
  const low = await readRegister(loader, chip.macRegister)
  const high = await readRegister(loader, chip.macRegister + 4)
  const mac = macFromRegisters(low, high)
  if (mac === '00:00:00:00:00:00' || mac === 'FF:FF:FF:FF:FF:FF')
    throw new RunFailure('unreadable-mac', 'identify', `${loader.link.address}: the MAC reads as ${mac}`, { mac })
  return mac
}

/**
 * Finds out which chip answers, its MAC and its security state.
 *
 * @param expected the chip that the order names; saves a round trip, and is refused by the caller when it differs
 * @throws RunFailure `wrong-chip` for a chip that Imprint does not know, `unreadable-mac`
 */
export const identify = async (loader: Loader, expected: ChipName | undefined): Promise<BoardFacts> => {
  const { chip, security } = await detect(loader, expected)
  const known = { chip: chip.name, security }
  if (security.secureDownload) return { ...known, mac: null, revision: null }
  return { ...known, mac: await readMac(loader, chip), revision: await readRevision(loader, chip) }
}

const STATES = [
  ['secureBoot', 'secure boot'],
  ['flashEncryption', 'flash encryption'],
  ['secureDownload', 'Secure Download Mode'],
  ['jtagDisabled', 'JTAG disabled'],
] as const

/** The board in one line of the run's log. */
export const describeBoard = ({ chip, mac, revision, security }: BoardFacts): string => {
  const on = STATES.filter(([state]) => security[state] === true).map(([, name]) => name)
  const name = `${CHIPS[chip].label}${revision === null ? '' : ` ${revision}`}`
  return `${name}, MAC ${mac ?? 'unreadable'}, ${on.length === 0 ? 'not protected' : on.join(', ')}`
}

const KIB = 1024
/** The JEDEC id's third byte is the exponent of two, or counts from 0x20 for parts from 64 MB, or has an offset of 0x20 (1.8 V parts). */
const flashSize = (id: number): number | undefined => {
  const exponent = (id >>> 16) & 0xff
  if (exponent >= 0x12 && exponent <= 0x1c) return 2 ** exponent
  if (exponent >= 0x20 && exponent <= 0x22) return 64 * KIB * KIB * 2 ** (exponent - 0x20)
  if (exponent >= 0x32 && exponent <= 0x3a) return 2 ** (exponent - 0x20)
  // Adesto keeps the size in the low bits of the second byte.
  if ((id & 0xff) === 0x1f) return 32 * KIB * 2 ** ((id >>> 8) & 0x1f)
  return undefined
}

const SPI_USER_COMMAND = 0x80000000
const SPI_USER_MISO = 0x10000000
const SPI_START = 1 << 18
const READ_ID = 0x9f

/**
 * The flash chip's JEDEC id and its size in bytes, by running command 0x9F on the SPI controller; size undefined for an id of a kind
 * that is not known.
 */
export const readFlashId = async (loader: Loader, chip: Chip): Promise<{ id: number; size: number | undefined }> => {
  const { base, usr, usr1, usr2, misoLength, w0 } = chip.spi
  const before = [await readRegister(loader, base + usr), await readRegister(loader, base + usr2)] as const
  await writeRegisters(loader, [
    [base + misoLength, 23],
    [base + usr, SPI_USER_COMMAND | SPI_USER_MISO],
    [base + usr1, 0],
    [base + usr2, (7 << 28) | READ_ID],
    [base + w0, 0],
    [base, SPI_START],
  ])
  for (let polls = 0; ((await readRegister(loader, base)) & SPI_START) !== 0; polls++)
    if (polls === 10)
      throw new RunFailure('write-refused', loader.step, `${loader.link.address}: the flash does not answer`)
  const id = (await readRegister(loader, base + w0)) & 0xffffff
  await writeRegisters(loader, [
    [base + usr, before[0]],
    [base + usr2, before[1]],
  ])
  return { id, size: flashSize(id) }
}

/** Connects the flash to the controller and tells the loader how large it is. */
export const attachFlash = async (loader: Loader): Promise<void> => {
  await loader.request('spiAttach', loader.kind === 'stub' ? words(0) : words(0, 0), { limit: LIMITS.usual })
}

export const setFlashSize = async (loader: Loader, size: number): Promise<void> => {
  await loader.request('spiSetParams', words(0, size, 0x10000, 0x1000, 0x100, 0xffff))
}

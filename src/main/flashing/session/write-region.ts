import { CHIPS, type ChipName } from '../../espressif/chips.ts'
import { LIMITS, words } from '../loader/command.ts'
import { linkFailure, stillAnswers } from '../loader/link-failure.ts'
import { LoaderRefusal, LoaderSilence, type Loader } from '../loader/loader.ts'
import { BLOCK_SIZE, type PreparedRegion } from '../images/prepare.ts'

/** The stub accepts a block again after a bad checksum; more often than this, the line is not fit for use. */
const RESENDS = 3
const STUB_BAD_CHECKSUM = 0xc1
/** So often a region is begun: what went wrong on the wire does not come again, a broken flash does. */
const BEGINS = 3

/** The commands that begin a transfer and carry its blocks. */
const COMMANDS = {
  stub: { begin: 'deflateBegin', data: 'deflateData' },
  rom: { begin: 'deflateBegin', data: 'deflateData' },
  plain: { begin: 'flashBegin', data: 'flashData' },
} as const

const begin = async (loader: Loader, chip: ChipName, region: PreparedRegion, encrypt: boolean): Promise<void> => {
  const blockSize = BLOCK_SIZE[region.blockKind]
  const blocks = region.blocks.starts.length - 1
  // The ROM erases what it is told in whole blocks before it answers; the stub erases as it goes.
  const size = loader.kind === 'rom' ? Math.ceil(region.size / blockSize) * blockSize : region.size
  const body = [size, blocks, blockSize, region.offset]
  // The fifth word (write encrypted) belongs to every ROM but the ESP32's.
  if (loader.kind === 'rom' && CHIPS[chip].beginHasEncryptedWord) body.push(encrypt ? 1 : 0)
  await loader.request(COMMANDS[region.blockKind].begin, words(...body), {
    limit: loader.kind === 'rom' ? LIMITS.erase(size) : LIMITS.usual,
  })
}

/** A transfer of data blocks as it was, of the last beginning. */
export interface Transfer {
  /** Bytes on the wire, frames included. */
  readonly bytes: number
  /** From the first byte of the first block to the acknowledgement of the last. */
  readonly milliseconds: number
  /** The block that took longest, from its first byte to its acknowledgement. */
  readonly slowest: { readonly bytes: number; readonly milliseconds: number }
}

/** Sends the blocks one by one; a block that the stub found damaged is sent again. */
const sendBlocks = async (
  loader: Loader,
  chip: ChipName,
  region: PreparedRegion,
  onSent: (frameBytes: number) => void,
): Promise<Transfer> => {
  const startedAt = performance.now()
  const { frames, starts, limits } = region.blocks
  let slowest = { bytes: 0, milliseconds: 0 }
  for (let block = 0; block < limits.length; block++) {
    const frame = frames.subarray(starts[block], starts[block + 1])
    // The stub acknowledges before it erases and programs, so a block's work delays the answer to the next.
    const limit = Math.max(limits[block] ?? 0, limits[block - 1] ?? 0)
    const sentAt = performance.now()
    for (let sends = 1; ; sends++) {
      try {
        await loader.exchange(COMMANDS[region.blockKind].data, frame, limit)
        break
      } catch (error) {
        const again = error instanceof LoaderRefusal && loader.kind === 'stub' && error.status === STUB_BAD_CHECKSUM
        if (!again || sends > RESENDS) throw error
      }
    }
    const milliseconds = performance.now() - sentAt
    if (milliseconds > slowest.milliseconds) slowest = { bytes: frame.length, milliseconds }
    onSent(starts[block + 1] ?? 0)
  }
  const transfer = { bytes: frames.length, milliseconds: performance.now() - startedAt, slowest }
  // The stub tells of an error in the last block's work as the answer to the next command, whatever that is.
  if (loader.kind === 'stub')
    await loader.request('readReg', words(CHIPS[chip].macRegister), { limit: limits.at(-1) ?? 0 })
  return transfer
}

/**
 * Writes one prepared region, block by block, each sent when the one before is acknowledged. After an error that may be the wire's
 * the region is begun again, for the loader's stream has moved on, or ended.
 *
 * @param encrypt the chip encrypts what it takes; for plain blocks
 * @param onSent called after each acknowledged block with the bytes of frames acknowledged so far
 * @throws RunFailure `no-progress`, `link-unreliable`, `write-refused`, `port-lost`
 */
export const writeRegion = async (
  loader: Loader,
  chip: ChipName,
  region: PreparedRegion,
  encrypt: boolean,
  onSent: (frameBytes: number) => void,
): Promise<Transfer> => {
  for (let begins = 1; ; begins++) {
    try {
      await begin(loader, chip, region, encrypt)
      return await sendBlocks(loader, chip, region, onSent)
    } catch (error) {
      const again = error instanceof LoaderRefusal || (error instanceof LoaderSilence && (await stillAnswers(loader)))
      if (!again || begins === BEGINS) throw linkFailure(error, loader, 'write', region.name)
    }
  }
}

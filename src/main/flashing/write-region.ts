import { createHash } from 'node:crypto'
import { CHIPS, type ChipName } from '../espressif/chips.ts'
import { LIMITS, words } from './command.ts'
import { RunFailure } from './failure.ts'
import { LoaderRefusal, LoaderSilence, type Loader } from './loader.ts'
import { BLOCK_SIZE, type PreparedRegion } from './prepare.ts'
import type { RunStep } from '../../contract/index.ts'

/** Stub: error bytes that mean the bytes on the wire were not those sent. */
const WIRE_ERRORS = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc8, 0xc9])
const ROM_WIRE_ERRORS = new Set([0x01, 0x05, 0x07])
/** The stub accepts a block again after a bad checksum; more often than this, the line is not fit for use. */
const RESENDS = 3
const STUB_BAD_CHECKSUM = 0xc1

/** What a loader's error or silence during writing means. */
export const linkFailure = (error: unknown, loader: Loader, step: RunStep, region: string): unknown => {
  const where = `${loader.link.address}: ${region}`
  if (error instanceof LoaderSilence)
    return new RunFailure('no-progress', step, `${where}: ${error.message}`, { region })
  if (error instanceof LoaderRefusal) {
    const wire = loader.kind === 'stub' ? WIRE_ERRORS : ROM_WIRE_ERRORS
    return new RunFailure(
      wire.has(error.status) ? 'link-unreliable' : 'write-refused',
      step,
      `${where}: ${error.message}`,
      { region },
    )
  }
  return error
}

const begin = async (loader: Loader, chip: ChipName, region: PreparedRegion): Promise<void> => {
  const blockSize = BLOCK_SIZE[region.blockKind]
  const blocks = region.blocks.starts.length - 1
  // The ROM erases what it is told in whole blocks before it answers; the stub erases as it goes.
  const size = loader.kind === 'rom' ? Math.ceil(region.size / blockSize) * blockSize : region.size
  const body = [size, blocks, blockSize, region.offset]
  // The fifth word (write encrypted) belongs to every ROM but the ESP32's.
  if (loader.kind === 'rom' && CHIPS[chip].beginHasEncryptedWord) body.push(0)
  await loader.request('deflateBegin', words(...body), {
    limit: loader.kind === 'rom' ? LIMITS.erase(size) : LIMITS.usual,
  })
}

/**
 * Writes one prepared region, block by block, each sent when the one before is acknowledged.
 *
 * @param onSent called after each acknowledged block with the bytes of frames acknowledged so far
 * @throws RunFailure `no-progress`, `link-unreliable`, `write-refused`, `port-lost`
 */
export const writeRegion = async (
  loader: Loader,
  chip: ChipName,
  region: PreparedRegion,
  onSent: (frameBytes: number) => void,
): Promise<void> => {
  const { frames, starts, limits } = region.blocks
  try {
    await begin(loader, chip, region)
    for (let block = 0; block < limits.length; block++) {
      const frame = frames.subarray(starts[block], starts[block + 1])
      // The stub acknowledges before it erases and programs, so a block's work delays the answer to the next.
      const limit = Math.max(limits[block] ?? 0, limits[block - 1] ?? 0)
      for (let sends = 1; ; sends++) {
        try {
          await loader.exchange('deflateData', frame, limit)
          break
        } catch (error) {
          const again = error instanceof LoaderRefusal && loader.kind === 'stub' && error.status === STUB_BAD_CHECKSUM
          if (!again || sends > RESENDS) throw error
        }
      }
      onSent(starts[block + 1] ?? 0)
    }
  } catch (error) {
    throw linkFailure(error, loader, 'write', region.name)
  }
}

/**
 * The MD5 of a range of flash as the device computes it, lower-case hexadecimal. After a write this is also the command by which an
 * error of the last block comes to light: the stub answers it with that error.
 */
export const flashDigest = async (loader: Loader, offset: number, size: number, extraLimit = 0): Promise<string> => {
  const limit = LIMITS.digest(size) + extraLimit
  const dataLength = loader.kind === 'stub' ? 16 : 32
  const { data } = await loader.request('md5', words(offset, size, 0, 0), { limit, dataLength })
  return loader.kind === 'stub' ? Buffer.from(data).toString('hex') : Buffer.from(data).toString('latin1').toLowerCase()
}

/**
 * Compares a region with what the device read back.
 *
 * @throws RunFailure `digest-mismatch` with both digests, or what writeRegion throws
 */
export const verifyRegion = async (loader: Loader, region: PreparedRegion): Promise<void> => {
  let found: string
  try {
    found = await flashDigest(loader, region.offset, region.size, region.blocks.limits.at(-1))
  } catch (error) {
    throw linkFailure(error, loader, 'verify', region.name)
  }
  if (found !== region.md5)
    throw new RunFailure(
      'digest-mismatch',
      'verify',
      `${loader.link.address}: ${region.name} at 0x${region.offset.toString(16)}: wrote MD5 ${region.md5}, read back ${found}`,
      { region: region.name },
    )
}

const READ_PACKET = 0x1000
const READ_IN_FLIGHT = 64

/**
 * Reads flash through the stub: packets of 4096 bytes, each acknowledged with the total so far, then the digest of all.
 *
 * @throws RunFailure `link-unreliable` when the digest does not agree, `no-progress`
 */
export const readFlash = async (
  loader: Loader,
  offset: number,
  size: number,
  onRead: (bytes: number) => void = () => undefined,
): Promise<Uint8Array> => {
  const out = new Uint8Array(size)
  try {
    await loader.request('readFlash', words(offset, size, READ_PACKET, READ_IN_FLIGHT))
    let at = 0
    while (at < size) {
      const packet = await loader.nextFrame(LIMITS.usual)
      if (!packet) throw new LoaderSilence('readFlash', LIMITS.usual)
      if (at + packet.length > size)
        throw new RunFailure('link-unreliable', 'verify', 'more bytes came than were asked for')
      out.set(packet, at)
      at += packet.length
      onRead(at)
      await loader.acknowledge(at)
    }
    const digest = await loader.nextFrame(LIMITS.usual)
    const wanted = createHash('md5').update(out).digest('hex')
    if (!digest || Buffer.from(digest).toString('hex') !== wanted)
      throw new RunFailure(
        'link-unreliable',
        'verify',
        `${loader.link.address}: the bytes read do not agree with their digest`,
      )
  } catch (error) {
    throw linkFailure(error, loader, 'verify', `0x${offset.toString(16)}`)
  }
  return out
}

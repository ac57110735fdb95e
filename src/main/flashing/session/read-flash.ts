import { createHash } from 'node:crypto'
import { LIMITS, words } from '../loader/command.ts'
import { RunFailure } from '../failure.ts'
import { askTwice, linkFailure } from '../loader/link-failure.ts'
import { LoaderSilence, type Loader } from '../loader/loader.ts'
import { flashDigest } from './verify-region.ts'

const READ_PACKET = 0x1000
const READ_IN_FLIGHT = 64

/** What the ROM answers, however few bytes are asked for. */
const SLOW_READ = 64

const refuseDigest = (loader: Loader, bytes: Uint8Array, digest: string | undefined): void => {
  if (digest !== createHash('md5').update(bytes).digest('hex'))
    throw new RunFailure(
      'link-unreliable',
      'verify',
      `${loader.link.address}: the bytes read do not agree with their digest`,
    )
}

/** Packets of 4096 bytes, each acknowledged with the total so far, then the digest of all. */
const readByStub = async (
  loader: Loader,
  offset: number,
  out: Uint8Array,
  onRead: (bytes: number) => void,
): Promise<void> => {
  await loader.request('readFlash', words(offset, out.length, READ_PACKET, READ_IN_FLIGHT))
  let at = 0
  while (at < out.length) {
    const packet = await loader.nextFrame(LIMITS.usual)
    if (!packet) throw new LoaderSilence('readFlash', LIMITS.usual)
    if (at + packet.length > out.length)
      throw new RunFailure('link-unreliable', 'verify', 'more bytes came than were asked for')
    out.set(packet, at)
    at += packet.length
    onRead(at)
    await loader.acknowledge(at)
  }
  const digest = await loader.nextFrame(LIMITS.usual)
  refuseDigest(loader, out, digest && Buffer.from(digest).toString('hex'))
}

/** A command for every 64 bytes, and one for the digest: about a second for 30 kB. */
const readByRom = async (
  loader: Loader,
  offset: number,
  out: Uint8Array,
  onRead: (bytes: number) => void,
): Promise<void> => {
  for (let at = 0; at < out.length; at += SLOW_READ) {
    const length = Math.min(SLOW_READ, out.length - at)
    const where = words(offset + at, length)
    const { data } = await askTwice(loader, () => loader.request('readFlashSlow', where, { dataLength: SLOW_READ }))
    out.set(data.subarray(0, length), at)
    onRead(at + length)
  }
  refuseDigest(loader, out, await askTwice(loader, () => flashDigest(loader, offset, out.length)))
}

/**
 * Reads flash through the stub, or through the ROM where the chip starts none.
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
    await (loader.kind === 'stub' ? readByStub : readByRom)(loader, offset, out, onRead)
  } catch (error) {
    throw linkFailure(error, loader, 'verify', `0x${offset.toString(16)}`)
  }
  return out
}

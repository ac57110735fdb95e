import { createHash } from 'node:crypto'
import { LIMITS, words } from '../loader/command.ts'
import { RunFailure } from '../failure.ts'
import { linkFailure } from '../loader/link-failure.ts'
import { LoaderSilence, type Loader } from '../loader/loader.ts'

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

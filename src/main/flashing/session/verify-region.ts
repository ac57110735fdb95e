import { LIMITS, words } from '../loader/command.ts'
import { RunFailure } from '../failure.ts'
import { askTwice, linkFailure } from '../loader/link-failure.ts'
import type { Loader } from '../loader/loader.ts'
import type { PreparedRegion } from '../images/prepare.ts'

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
    const lastBlock = region.blocks.limits.at(-1)
    found = await askTwice(loader, () => flashDigest(loader, region.offset, region.size, lastBlock))
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

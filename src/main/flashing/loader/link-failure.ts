import type { RunStep } from '../../../contract/index.ts'
import { syncOnce } from './connect.ts'
import { RunFailure } from '../failure.ts'
import { LoaderRefusal, LoaderSilence, type Loader } from './loader.ts'

/** Stub: error bytes that mean the bytes on the wire were not those sent. */
const WIRE_ERRORS = new Set([0xc0, 0xc1, 0xc2, 0xc3, 0xc7, 0xc8, 0xc9])
const ROM_WIRE_ERRORS = new Set([0x01, 0x05, 0x07])

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

const SYNCS = 3

/** After a silence: is the same loader still there, so that it is worth trying again? A board that has restarted is not. */
export const stillAnswers = async (loader: Loader): Promise<boolean> => {
  for (let sync = 0; sync < SYNCS; sync++) {
    const kind = await syncOnce(loader)
    if (kind) return kind === loader.kind
  }
  return false
}

/**
 * Asks for something that can be asked twice: once more when the answer, or the question, was lost on the wire.
 *
 * @throws what the second try throws
 */
export const askTwice = async <T>(loader: Loader, ask: () => Promise<T>): Promise<T> => {
  try {
    return await ask()
  } catch (error) {
    const lost = error instanceof LoaderSilence || (error instanceof LoaderRefusal && !error.unsupported)
    if (!lost || !(await stillAnswers(loader))) throw error
    return ask()
  }
}

import { LIMITS, parseResponse, OPCODES } from './command.ts'
import type { Loader } from './loader.ts'
import { RunFailure } from '../failure.ts'
import { resetIntoLoader, type Reset } from './reset.ts'

/** 07 07 12 20, then 32 × 55: the alternating bits from which the ROM measures the baud rate. */
const SYNC_BODY = new Uint8Array(36).fill(0x55)
SYNC_BODY.set([0x07, 0x07, 0x12, 0x20])

const SYNCS_PER_RESET = 5
/** A look for a board that may not be there does not wait as long. */
export const SYNCS_PER_LOOK = 3
/** The loader answers one SYNC eight times. */
const ANSWERS_PER_SYNC = 8

/** The resets to try, in order. */
export type ConnectPlan = readonly Reset[]

/** Shorter and longer pauses in turn: which one a board needs depends on its reset circuit. */
export const DEFAULT_PLAN: ConnectPlan = [
  'unix-tight',
  'classic',
  'classic-long',
  'unix-tight',
  'classic',
  'classic-long',
]

/** To see whether there is a board at all: one of these at each look, in turn; mostly the one that nearly every board needs. */
export const PROBE_PLAN: ConnectPlan = ['unix-tight', 'unix-tight', 'classic-long']

/** Asks for an answer, without a reset: which loader is there, or undefined for silence. */
export type Ask = (loader: Loader) => Promise<'rom' | 'stub' | undefined>

const readAnswers = async (nextFrame: (limit: number) => Promise<Uint8Array | undefined>): ReturnType<Ask> => {
  const frame = await nextFrame(LIMITS.sync)
  if (!frame) return undefined
  let response = parseResponse(frame)
  let value: number | undefined
  for (let answers = 0; answers < ANSWERS_PER_SYNC; answers++) {
    if (response?.opcode === OPCODES.sync) value ??= response.value
    if (value !== undefined && answers === ANSWERS_PER_SYNC - 1) break
    const next = await nextFrame(LIMITS.sync / 2)
    if (!next) break
    response = parseResponse(next)
  }
  if (value === undefined) return undefined
  // Only a stub that is already running answers with value 0.
  return value === 0 ? 'stub' : 'rom'
}

/** Asks once. */
export const syncOnce: Ask = async (loader) => {
  await loader.discard()
  await loader.send('sync', SYNC_BODY)
  return readAnswers((limit) => loader.nextFrame(limit))
}

/** As `syncOnce`, but its silence is the board's and never a busy host's; takes longer to be sure on one. */
export const syncSurely: Ask = async (loader) => {
  await loader.discard()
  await loader.send('sync', SYNC_BODY)
  await loader.sent()
  return readAnswers((limit) => loader.frameOrSilence(limit))
}

/**
 * Puts the board into its loader and synchronises with it. Resets in the plan's order, with some SYNCs after each.
 *
 * @returns which loader answers: 'stub' where one was left running and the link has no control lines
 * @throws RunFailure `no-answer`, with what the board said instead
 */
export const connect = async (
  loader: Loader,
  plan: ConnectPlan,
  signal?: AbortSignal,
  syncs = SYNCS_PER_RESET,
  ask: Ask = syncOnce,
): Promise<'rom' | 'stub'> => {
  let heard = ''
  for (const reset of plan) {
    await resetIntoLoader(loader.link, reset, loader.timing, signal)
    for (let sync = 0; sync < syncs; sync++) {
      const kind = await ask(loader)
      if (kind) {
        loader.takeText()
        loader.kind = kind
        return kind
      }
    }
    heard += loader.takeText()
    // Without control lines a further reset changes nothing, but a board that is just being plugged in may still come.
  }
  const text = heard.trim().slice(-160)
  const resets = `after ${plan.length} ${plan.length === 1 ? 'reset' : 'resets'}`
  const tried = loader.link.hasLines()
    ? resets
    : 'over a port without reset lines, where the board has to be in its loader'
  throw new RunFailure(
    'no-answer',
    'connect',
    `${loader.link.address}: no answer to SYNC ${tried}` +
      (text ? `; the board said: ${JSON.stringify(text)}` : '; nothing was received'),
    { port: loader.link.address },
  )
}

/**
 * One board, from an open port to a verified flash: connect, identify, wait for the identity, start the stub, write, read back by
 * digest, reset. Top to bottom, never back.
 */
import { CHIPS, type Chip, type ChipName } from '../../espressif/chips.ts'
import type { RunStep } from '../../../contract/index.ts'
import { RunFailure } from '../failure.ts'
import { attachFlash, describeBoard, identify, readFlashId, setFlashSize, type BoardFacts } from '../loader/identify.ts'
import { checkChip, checkFlash, checkSecurity, isReadBack, isVerifiable } from './board-checks.ts'
import { askTwice } from '../loader/link-failure.ts'
import { LoaderRefusal, LoaderSilence, type Loader, type LoaderKind } from '../loader/loader.ts'
import { words } from '../loader/command.ts'
import { readRegister } from '../loader/registers.ts'
import { ROM_BAUD, type SessionPlan } from './session-plan.ts'
import { refuseUnheard, startApplication } from './start-application.ts'
import { startStub } from '../loader/stub.ts'
import { flashDigest, verifyRegion } from './verify-region.ts'
import { writeRegion, type Transfer } from './write-region.ts'
import type { BlockKind, PreparedRegion } from '../images/prepare.ts'

export { ROM_BAUD, type SessionPlan } from './session-plan.ts'

export interface SessionEvents {
  step(step: RunStep): void
  /** 0 to 1 within the step. */
  progress(ratio: number): void
  log(text: string): void
  /** Who the board is, whether or not it is the one that the plan means. */
  known(board: IdentifiedBoard): void
}

export interface IdentifiedBoard extends BoardFacts {
  readonly port: string
}

/** What the line gives once it knows the board: everything to write, common regions first, its own last. */
export type GiveRegions = (board: IdentifiedBoard, blocks: BlockKind) => Promise<readonly PreparedRegion[]>

export interface RegionResult {
  readonly name: string
  readonly offset: number
  readonly size: number
  readonly md5: string
  readonly sha256: string
  readonly skipped: boolean
  /** Was it read back by digest? False only where the chip's security state forbids it. */
  readonly verified: boolean
  /** What went over the wire; null for a region that was left alone. */
  readonly transfer: Transfer | null
}

export interface SessionResult {
  readonly board: IdentifiedBoard
  readonly flashSize: number | undefined
  readonly regions: readonly RegionResult[]
}

/** An error of the wire in a step in which it is not worth going on. */
const orFail = <T>(work: Promise<T>, step: RunStep): Promise<T> =>
  work.catch((error: unknown) => {
    if (error instanceof LoaderSilence || error instanceof LoaderRefusal)
      throw new RunFailure('link-unreliable', step, error.message)
    throw error
  })

/**
 * The rate to ask for, so that the chip then runs at `baud`: a ROM that takes its 26 MHz crystal for one of 40 MHz has to be asked for
 * more.
 */
const rateToAskFor = async (loader: Loader, chip: Chip, baud: number): Promise<number> => {
  if (loader.kind === 'stub' || chip.clockDivider === undefined) return baud
  const divider = (await readRegister(loader, chip.clockDivider)) & 0xfffff
  const crystal = (ROM_BAUD * divider) / 1e6
  return crystal > BETWEEN_CRYSTALS ? baud : Math.floor((baud * 40) / 26)
}
/** MHz. */
const BETWEEN_CRYSTALS = 33

/** Changes the loader's rate and then the port's. Does nothing on a link that has no rate of its own. */
export const changeBaud = async (loader: Loader, board: BoardFacts, baud: number): Promise<void> => {
  if (baud === ROM_BAUD || !loader.link.hasBaud) return
  const rate = board.security.secureDownload ? baud : await rateToAskFor(loader, CHIPS[board.chip], baud)
  await loader.request('changeBaudrate', words(rate, loader.kind === 'stub' ? ROM_BAUD : 0))
  await loader.link.setBaud(baud).catch((error: unknown) => {
    const { address } = loader.link
    const why = error instanceof Error ? error.message : String(error)
    const detail = `${address}: cannot set ${baud} baud (${why})`
    throw new RunFailure('baud-unsupported', loader.step, detail, { port: address, baud })
  })
  await loader.pause(50)
  await loader.discard()
}

/** Writes the regions in order, but those whose digest is right already. */
const writeAll = async (
  loader: Loader,
  chip: ChipName,
  regions: readonly PreparedRegion[],
  plan: SessionPlan,
  events: SessionEvents,
): Promise<ReadonlyMap<PreparedRegion, Transfer>> => {
  const total = regions.reduce((sum, region) => sum + region.blocks.frames.length, 0) || 1
  const transfers = new Map<PreparedRegion, Transfer>()
  const encrypt = plan.encryption === 'by-device'
  let before = 0
  for (const region of regions) {
    const where = `${region.name}: ${region.size} bytes at 0x${region.offset.toString(16)}`
    const digest =
      plan.skipUnchanged && region.blockKind !== 'plain'
        ? await orFail(
            askTwice(loader, () => flashDigest(loader, region.offset, region.size)),
            'write',
          )
        : undefined
    if (digest === region.md5) events.log(`${where} already right`)
    else {
      const onSent = (sent: number): void => events.progress((before + sent) / total)
      transfers.set(region, await writeRegion(loader, chip, region, encrypt && !region.clear, onSent))
      events.log(`${where} written`)
    }
    before += region.blocks.frames.length
    events.progress(before / total)
  }
  return transfers
}

/** The way of writing that the board's security and the plan leave. @throws RunFailure where a running stub leaves none */
const blockKindFor = (board: IdentifiedBoard, plan: SessionPlan, answered: LoaderKind): BlockKind => {
  if (plan.encryption === 'by-device' && answered === 'stub')
    throw new RunFailure(
      'security-differs',
      'identify',
      `${board.port}: a stub is running already, which does not encrypt what it writes; power the board off and on`,
      { expected: 'encryption by the ROM', found: 'a running stub' },
    )
  if (!isVerifiable(board.security, plan)) return 'plain'
  const romOnly = board.security.secureBoot && !CHIPS[board.chip].stubWithSecureBoot
  return (plan.useStub && !romOnly) || answered === 'stub' ? 'stub' : 'rom'
}

/** Attaches the flash, finds out its size and tells the loader; in Secure Download Mode it has to be taken on trust. */
const meetFlash = async (loader: Loader, board: BoardFacts, plan: SessionPlan): Promise<number | undefined> => {
  await attachFlash(loader)
  if (board.security.secureDownload) {
    await setFlashSize(loader, 2 ** Math.ceil(Math.log2(plan.flashNeeded)))
    return undefined
  }
  return (await askTwice(loader, () => readFlashId(loader, CHIPS[board.chip]))).size
}

/**
 * Programs the board whose loader answers. The caller opens and closes the link.
 *
 * @param give called once with the board; what it throws ends the session before the first byte is written to flash
 * @throws RunFailure with the step in which it happened
 */
export const programBoard = async (
  loader: Loader,
  plan: SessionPlan,
  give: GiveRegions,
  events: SessionEvents,
): Promise<SessionResult> => {
  const { link, kind: answered } = loader
  const enter = (step: RunStep): void => {
    loader.step = step
    events.step(step)
  }
  events.log(`${answered} loader answers`)

  enter('identify')
  const facts = await orFail(identify(loader, plan.chip), 'identify')
  const board: IdentifiedBoard = { ...facts, port: link.address }
  events.log(describeBoard(board))
  events.known(board)
  checkChip(board, plan, link.address)
  if (plan.readOnly) {
    enter('bind')
    await give(board, 'rom')
    await startApplication(loader, board, plan)
    return { board, flashSize: undefined, regions: [] }
  }
  checkSecurity(board, plan, link.address)
  refuseUnheard(loader, board, plan)
  const kind = blockKindFor(board, plan, answered)
  await orFail(changeBaud(loader, board, plan.baud), 'identify')
  const flashSize = await orFail(meetFlash(loader, board, plan), 'identify')
  events.log(flashSize === undefined ? 'flash size unknown' : `${flashSize >> 20} MB of flash`)
  checkFlash(flashSize, plan, link.address)

  // The identity is bound and made ready while the stub goes over the wire: loading RAM writes nothing that lasts.
  enter('bind')
  const given = give(board, kind)
  given.catch(() => undefined)
  if (kind === 'stub' && loader.kind === 'rom') {
    await startStub(loader, CHIPS[board.chip])
    events.log('stub runs')
    await orFail(attachFlash(loader), 'prepare')
  }
  const regions = await given

  enter('prepare')
  if (flashSize !== undefined) await orFail(setFlashSize(loader, flashSize), 'prepare')

  enter('write')
  const transfers = await writeAll(loader, board.chip, regions, plan, events)

  enter('verify')
  const results: RegionResult[] = []
  for (const [index, region] of regions.entries()) {
    const verified = isReadBack(region, board.security, plan)
    if (verified) await verifyRegion(loader, region)
    const { name, offset, size, md5, sha256 } = region
    const transfer = transfers.get(region) ?? null
    results.push({ name, offset, size, md5, sha256, skipped: transfer === null, verified, transfer })
    events.progress((index + 1) / regions.length)
  }
  const readBack = results.filter(({ verified }) => verified).length
  events.log(`${readBack} of ${results.length} regions read back by digest`)
  await startApplication(loader, board, plan)
  return { board, flashSize, regions: results }
}

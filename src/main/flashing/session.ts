/**
 * One board, from an open port to a verified flash: connect, identify, wait for the identity, start the stub, write, read back by
 * digest, reset. Top to bottom, never back.
 */
import { CHIPS, type ChipName } from '../espressif/chips.ts'
import type { RunStep } from '../../contract/index.ts'
import type { ConnectPlan } from './connect.ts'
import { RunFailure } from './failure.ts'
import { attachFlash, identify, readFlashId, setFlashSize, type BoardFacts } from './identify.ts'
import { LoaderRefusal, LoaderSilence, type Loader } from './loader.ts'
import { words } from './command.ts'
import { resetIntoApplication } from './reset.ts'
import { startStub } from './stub.ts'
import { verifyRegion, writeRegion, flashDigest } from './write-region.ts'
import type { BlockKind, PreparedRegion } from './prepare.ts'

/** The rate at which every ROM starts. */
export const ROM_BAUD = 115_200

export interface SessionPlan {
  /** The chip that the order names; any other is refused. Undefined to take whatever answers. */
  readonly chip: ChipName | undefined
  readonly baud: number
  readonly useStub: boolean
  /** Leave regions alone whose digest on the device is right already. */
  readonly skipUnchanged: boolean
  readonly connectPlan?: ConnectPlan
  /** Bytes of flash that the release needs at least. */
  readonly flashNeeded: number
}

export interface SessionEvents {
  step(step: RunStep): void
  /** 0 to 1 within the step. */
  progress(ratio: number): void
  log(text: string): void
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
}

export interface SessionResult {
  readonly board: IdentifiedBoard
  readonly flashSize: number | undefined
  readonly regions: readonly RegionResult[]
}

const orFail = <T>(work: Promise<T>, code: 'stub-not-started' | 'link-unreliable', step: RunStep): Promise<T> =>
  work.catch((error: unknown) => {
    if (error instanceof LoaderSilence || error instanceof LoaderRefusal)
      throw new RunFailure(code, step, error.message)
    throw error
  })

/** Changes the loader's rate and then the port's. Does nothing on a link that has no rate of its own. */
export const changeBaud = async (loader: Loader, baud: number): Promise<void> => {
  if (baud === ROM_BAUD || !loader.link.hasLines()) {
    // A plain socket has no rate; a pseudo-terminal takes any. Without lines nothing is gained but the risk of losing the board.
    if (!loader.link.address.startsWith('/dev/') && !loader.link.hasLines()) return
    if (baud === ROM_BAUD) return
  }
  await loader.request('changeBaudrate', words(baud, loader.kind === 'stub' ? ROM_BAUD : 0))
  await loader.link.setBaud(baud)
  await loader.pause(50)
  await loader.discard()
}

const checkChip = (board: BoardFacts, plan: SessionPlan, port: string): void => {
  if (plan.chip !== undefined && board.chip !== plan.chip) {
    const params = { expected: CHIPS[plan.chip].label, found: CHIPS[board.chip].label }
    throw new RunFailure(
      'wrong-chip',
      'identify',
      `${port}: the order names ${params.expected}, the board is ${params.found}`,
      params,
    )
  }
}

const checkFlash = (size: number | undefined, plan: SessionPlan, port: string): void => {
  if (size !== undefined && size < plan.flashNeeded)
    throw new RunFailure(
      'wrong-flash-size',
      'prepare',
      `${port}: the flash has ${size >> 20} MB, the firmware needs ${plan.flashNeeded} bytes`,
      { found: size >> 20, expected: Math.ceil(plan.flashNeeded / 2 ** 20) },
    )
}

const refuseSecured = (board: BoardFacts, port: string): void => {
  const { secureBoot, flashEncryption, secureDownload } = board.security
  const found = [
    secureDownload ? 'Secure Download Mode' : '',
    flashEncryption ? 'flash encryption' : '',
    secureBoot ? 'secure boot' : '',
  ].filter(Boolean)
  if (found.length > 0)
    throw new RunFailure('security-differs', 'identify', `${port}: the chip has ${found.join(', ')} enabled`, {
      found: found.join(', '),
    })
}

const skipOrWrite = async (
  loader: Loader,
  chip: ChipName,
  region: PreparedRegion,
  plan: SessionPlan,
  onSent: (bytes: number) => void,
): Promise<boolean> => {
  if (plan.skipUnchanged) {
    const found = await orFail(flashDigest(loader, region.offset, region.size), 'link-unreliable', 'write')
    if (found === region.md5) return true
  }
  await writeRegion(loader, chip, region, onSent)
  return false
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
  const { link, timing, kind: answered } = loader
  const enter = (step: RunStep): void => {
    loader.step = step
    events.step(step)
  }
  events.log(`${answered} loader answers`)

  enter('identify')
  const facts = await orFail(identify(loader, plan.chip), 'link-unreliable', 'identify')
  const board: IdentifiedBoard = { ...facts, port: link.address }
  events.log(`${CHIPS[board.chip].label}, MAC ${board.mac ?? 'unreadable'}`)
  checkChip(board, plan, link.address)
  refuseSecured(board, link.address)
  const chip = CHIPS[board.chip]

  // The identity is bound and made ready while the stub goes over the wire: loading RAM writes nothing that lasts.
  enter('bind')
  const useStub = plan.useStub || answered === 'stub'
  const given = give(board, useStub ? 'stub' : 'rom')
  given.catch(() => undefined)
  await orFail(changeBaud(loader, plan.baud), 'link-unreliable', 'prepare')
  if (useStub && loader.kind === 'rom') {
    await startStub(loader, chip)
    events.log('stub runs')
  }
  const regions = await given

  enter('prepare')
  await orFail(attachFlash(loader), 'link-unreliable', 'prepare')
  const flash = await orFail(readFlashId(loader, chip), 'link-unreliable', 'prepare')
  events.log(
    `flash id ${flash.id.toString(16)}, ${flash.size === undefined ? 'size unknown' : `${flash.size >> 20} MB`}`,
  )
  checkFlash(flash.size, plan, link.address)
  if (flash.size !== undefined) await orFail(setFlashSize(loader, flash.size), 'link-unreliable', 'prepare')

  enter('write')
  const total = regions.reduce((sum, region) => sum + region.blocks.frames.length, 0) || 1
  let before = 0
  const skipped = new Set<string>()
  for (const region of regions) {
    const wasSkipped = await skipOrWrite(loader, board.chip, region, plan, (sent) =>
      events.progress((before + sent) / total),
    )
    if (wasSkipped) skipped.add(region.name)
    before += region.blocks.frames.length
    events.progress(before / total)
    events.log(
      `${region.name}: ${region.size} bytes at 0x${region.offset.toString(16)} ${wasSkipped ? 'already right' : 'written'}`,
    )
  }

  enter('verify')
  const results: RegionResult[] = []
  for (const [index, region] of regions.entries()) {
    await verifyRegion(loader, region)
    const { name, offset, size, md5, sha256 } = region
    results.push({ name, offset, size, md5, sha256, skipped: skipped.has(name), verified: true })
    events.progress((index + 1) / regions.length)
  }
  events.log(`${results.length} regions read back by digest`)
  await resetIntoApplication(link, timing)
  return { board, flashSize: flash.size, regions: results }
}

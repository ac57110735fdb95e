import type { BindingInterface } from '@serialport/bindings-interface'
import { CHIPS } from '../../espressif/chips.ts'
import type { ConnectPlan } from '../loader/connect.ts'
import { attachFlash, identify, readFlashId, setFlashSize, type BoardFacts } from '../loader/identify.ts'
import type { Loader } from '../loader/loader.ts'
import { reachBoard } from './reach-board.ts'
import { resetIntoApplication } from '../loader/reset.ts'
import { changeBaud } from './session.ts'
import { leaveLoader } from './start-application.ts'
import { startStub } from '../loader/stub.ts'
import { REAL_TIME, type Timing } from '../timing.ts'

export interface FlashFacts {
  /** JEDEC id, three bytes, the vendor lowest. */
  readonly id: number
  /** Bytes; undefined for an id that is not known. */
  readonly size: number | undefined
}

export interface BoardOnPort {
  readonly loader: Loader
  readonly board: BoardFacts
  /** Null in Secure Download Mode, where no register can be read. */
  readonly flash: FlashFacts | null
}

/**
 * Connects to the board on one port, gives it to `use`, and starts its application again, whatever happened.
 *
 * @param wanted with a stub the flash can be read; baud is that of the transfer
 * @throws RunFailure
 */
export const withBoard = async <T>(
  binding: BindingInterface,
  address: string,
  wanted: {
    readonly stub: boolean
    readonly baud: number
    readonly plan?: ConnectPlan
    readonly timing?: Timing
    readonly signal?: AbortSignal
  },
  use: (board: BoardOnPort) => Promise<T>,
): Promise<T> => {
  const timing = wanted.timing ?? REAL_TIME
  const { plan, signal } = wanted
  const loader = await reachBoard(binding, address, timing, { ...(plan && { plan }), ...(signal && { signal }) })
  let board: BoardFacts | undefined
  try {
    loader.step = 'identify'
    board = await identify(loader, undefined)
    if (board.security.secureDownload) return await use({ loader, board, flash: null })
    const chip = CHIPS[board.chip]
    loader.step = 'prepare'
    await changeBaud(loader, board, wanted.baud)
    const mayStart = chip.stubWithSecureBoot || !board.security.secureBoot
    if (wanted.stub && mayStart && loader.kind === 'rom') await startStub(loader, chip)
    await attachFlash(loader)
    const flash = await readFlashId(loader, chip)
    if (flash.size !== undefined) await setFlashSize(loader, flash.size)
    return await use({ loader, board, flash })
  } finally {
    const starting = board ? leaveLoader(loader, board) : resetIntoApplication(loader.link, timing)
    await starting.catch(() => undefined)
    await loader.link.close()
  }
}

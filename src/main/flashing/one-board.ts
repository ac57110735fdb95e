import type { BindingInterface } from '@serialport/bindings-interface'
import { CHIPS } from '../espressif/chips.ts'
import { connect, DEFAULT_PLAN, type ConnectPlan } from './connect.ts'
import { attachFlash, identify, readFlashId, setFlashSize, type BoardFacts } from './identify.ts'
import { createLoader, type Loader } from './loader.ts'
import { openLink } from './open-link.ts'
import { resetIntoApplication } from './reset.ts'
import { changeBaud, ROM_BAUD } from './session.ts'
import { startStub } from './stub.ts'
import { REAL_TIME, type Timing } from './timing.ts'

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
  wanted: { readonly stub: boolean; readonly baud: number; readonly plan?: ConnectPlan; readonly timing?: Timing },
  use: (board: BoardOnPort) => Promise<T>,
): Promise<T> => {
  const timing = wanted.timing ?? REAL_TIME
  const link = await openLink(binding, address, { baud: ROM_BAUD })
  try {
    const loader = createLoader(link, timing)
    await connect(loader, wanted.plan ?? DEFAULT_PLAN)
    loader.step = 'identify'
    const board = await identify(loader, undefined)
    if (board.security.secureDownload) return await use({ loader, board, flash: null })
    loader.step = 'prepare'
    await changeBaud(loader, board, wanted.baud)
    if (wanted.stub && loader.kind === 'rom') await startStub(loader, CHIPS[board.chip])
    await attachFlash(loader)
    const flash = await readFlashId(loader, CHIPS[board.chip])
    if (flash.size !== undefined) await setFlashSize(loader, flash.size)
    return await use({ loader, board, flash })
  } finally {
    await resetIntoApplication(link, timing).catch(() => undefined)
    await link.close()
  }
}

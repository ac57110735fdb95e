/** An order in production: opened on the slots, with whoever puts boards in. Closed as one. */
import type { LineSettings, OrderView, SocketView } from '../../../contract/index.ts'
import type { Deflate } from '../../flashing/images/prepare.ts'
import { withBoard, type BoardOnPort } from '../../flashing/session/one-board.ts'
import type { DeviceFacts } from '../../inspection/check-unit.ts'
import { readUnit } from '../../inspection/read-unit.ts'
import { chipLabels } from '../../line/order-plan.ts'
import type { BoardsInPlace } from '../../line/slot.ts'
import type { DataFolder } from '../data-folder.ts'
import { openFlashBay, type AtTheBay, type FlashBay, type FlashBaySpec } from './flash-bay.ts'
import { openOrder, type OpenOrder } from '../orders/open-order.ts'
import type { PreparedOrder } from '../orders/prepare-order.ts'
import { openSockets, type Sockets } from './sockets.ts'

export interface Production {
  readonly order: OpenOrder
  view(): OrderView
  sockets(): SocketView[]
  /** The contacts of a socket were cleaned. @throws RequestRefusal when there is no such slot */
  cleaned(slot: number, who: string): Promise<void>
  /** Reads the board in a slot that the line does not use now. */
  inspect(slot: number): Promise<DeviceFacts>
  close(): Promise<void>
}

export interface ProductionOptions {
  readonly data: DataFolder
  readonly prepared: PreparedOrder
  readonly bay: FlashBaySpec
  /** Those that the order before left in their places. */
  readonly boards: BoardsInPlace
  readonly deflate: Deflate
  readonly printsLabels: boolean
  /** Do labels wait until their panel is done? */
  readonly holdsLabels: () => boolean
  readonly settings: () => LineSettings
  readonly onChange: () => void
  /** A pass was committed, with its label. */
  readonly onPass: () => void
}

const orderView = (order: OpenOrder): OrderView => {
  const { plan, line } = order
  const { state, stopReason, startedAt, endedAt } = line.state()
  return {
    id: order.id,
    number: order.number,
    productName: plan.product.name,
    vendorId: plan.product.vendorId,
    productId: plan.product.productId,
    chip: chipLabels(plan),
    firmware: plan.release && {
      name: plan.release.name,
      version: plan.release.version,
      digest: plan.release.digest,
    },
    manifest: plan.manifest?.name ?? null,
    testBuild: plan.mark !== null,
    state,
    stopReason,
    quantity: order.quantity,
    ...line.progress(),
    running: line.running(),
    startedAt,
    endedAt,
    identitiesReady: order.identities.ready(),
    missing: line.missing(),
    firstArticle: line.firstArticle(),
  }
}

/** @throws OrderRefusal */
export const openProduction = async (options: ProductionOptions): Promise<Production> => {
  const { data, prepared, onChange } = options
  let bay: FlashBay | undefined
  let order: OpenOrder | undefined
  let attendant: AtTheBay | undefined
  let sockets: Sockets | undefined
  const close = async (): Promise<void> => {
    attendant?.end()
    sockets?.close()
    await order?.close()
    await bay?.close()
  }
  try {
    bay = openFlashBay(options.bay, data.folder, prepared.plan)
    const fixture = await openSockets(data.records, bay.places, options.settings, onChange)
    sockets = fixture
    const open = await openOrder(prepared, {
      records: data.records,
      vault: data.vault,
      stationKey: data.stationKey,
      flash: bay.flash,
      places: bay.places,
      boards: options.boards,
      deflate: options.deflate,
      printsLabels: options.printsLabels,
      holdsLabels: options.holdsLabels,
      settings: options.settings,
      onChange() {
        attendant?.see(order?.line.slots() ?? [])
        onChange()
      },
      onInserted: (slot) => fixture.inserted(slot),
      onResult: (_, result) => {
        fixture.look()
        if (result.kind === 'pass') options.onPass()
      },
    })
    order = open
    attendant = bay.atTheBay(
      () => open.line.wanted(),
      (slot) => void open.line.giveUp(slot),
    )
    await attendant.begin()
    const { openBinding } = bay
    const lend = <T>(
      slot: number,
      wanted: { readonly stub: boolean; readonly baud: number },
      use: (board: BoardOnPort) => Promise<T>,
    ): Promise<T> =>
      open.line.lend(slot, async (port) => {
        const { binding, timing, close: giveBack } = openBinding()
        try {
          return await withBoard(binding, port, { ...wanted, timing }, use)
        } finally {
          giveBack()
        }
      })
    return {
      order: open,
      view: () => orderView(open),
      sockets: () => fixture.view(),
      cleaned: (slot, who) => fixture.cleaned(slot, who),
      inspect: (slot) =>
        lend(slot, { stub: true, baud: open.plan.baud }, (board) =>
          readUnit(board, { factoryLabel: open.plan.release?.factory.label, ...prepared.made?.encryption.reading }),
        ),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

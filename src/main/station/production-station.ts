/** The production station: set up by an engineer, opened with the order it worked on last. */
import type { SetUpInput, StationView } from '../../contract/index.ts'
import type { SystemPrinters } from '../labels/system-printer.ts'
import { openStation, type Station } from '../station.ts'
import { rememberedOrder, rememberOrder } from './orders/current-order.ts'
import { prepareKept, refuseOtherOrder } from './orders/orders.ts'
import { prepareOrder } from './orders/prepare-order.ts'
import { keepingOf } from './orders/products.ts'
import { RequestRefusal } from './request-refusal.ts'
import { bayOfSetUp, keepSetUp, keptSetUp, needsWindow, printerOfSetUp } from './set-up/set-up.ts'
import { orderSourceOfSetUp, orderOfSetUp } from './set-up/set-up-order.ts'
import type { Workplace } from './workplace.ts'

const workplaceOf = (kept: SetUpInput): Workplace => ({
  bay: bayOfSetUp(kept),
  baud: kept.baud,
  dpi: kept.printerDpi,
  simulated: false,
})

/** @throws RequestRefusal while the station is not set up */
export const productionWorkplace = async (station: Station): Promise<Workplace> => {
  const kept = await keptSetUp(station.data.records)
  if (!kept) throw new RequestRefusal('not-now', 'not-set-up')
  return workplaceOf(kept)
}

/** An order of an earlier program, which kept product and firmware in its set-up only, gets both. */
const adoptOrder = async (station: Station, kept: SetUpInput): Promise<string | undefined> => {
  const { records } = station.data
  const order = await records.ask('findOrder', { number: kept.orderNumber })
  if (!order || order.product_id !== null) return order?.id
  const source = await orderSourceOfSetUp(keepingOf(station), kept, order.created_by)
  await records.ask('giveOrderSource', { id: order.id, ...source })
  return order.id
}

const openLastOrder = async (station: Station, kept: SetUpInput): Promise<void> => {
  const { records } = station.data
  const remembered = await rememberedOrder(records)
  const id = remembered === undefined ? await adoptOrder(station, kept) : remembered?.id
  const order = id === undefined ? undefined : await records.ask('findOrder', { id })
  if (!order || order.closed_at !== null) return
  const place = workplaceOf(kept)
  await station.openOrder({ prepared: await prepareKept(keepingOf(station), order, place), bay: place.bay })
  await rememberOrder(records, order.id)
}

/** @throws FolderLockedError, RecordsError */
export const openProductionStation = async (
  options: {
    readonly host: StationView['host']
    readonly where: string
    readonly systemPrinters?: SystemPrinters
  },
  folder: string,
): Promise<Station> => {
  const station = await openStation({
    folder,
    where: options.where,
    facts: {
      name: 'Station',
      line: 'Line',
      mode: 'production',
      simulated: false,
      host: options.host,
      needsSetUp: true,
    },
    printer: { kind: 'none' },
    systemPrinters: options.systemPrinters,
  })
  try {
    const kept = await keptSetUp(station.data.records)
    if (kept) {
      station.become({ name: kept.stationName, line: kept.lineName, needsSetUp: false })
      await station.labels.usePrinter(printerOfSetUp(kept))
      // What was right when it was saved may be gone by now; opening the order says what.
      await openLastOrder(station, kept).catch((error: unknown) => {
        process.stderr.write(`order: ${error instanceof Error ? error.message : String(error)}\n`)
      })
    }
    return station
  } catch (error) {
    await station.close()
    throw error
  }
}

/** Keeps what an engineer set up, makes its product, release and order, and opens the order. @throws OrderRefusal, RequestRefusal */
export const setUpStation = async (station: Station, input: SetUpInput, who: string): Promise<void> => {
  const { data } = station
  // First everything that can be refused, then everything that is kept.
  if (needsWindow(input) && !station.systemPrinters)
    throw new RequestRefusal('not-now', 'printer-window-only', { address: input.printer ?? '' })
  const checked = await prepareOrder(await orderOfSetUp(keepingOf(station), input))
  const known = await data.records.ask('findOrder', { number: input.orderNumber })
  if (known) refuseOtherOrder(known, checked.plan)
  const source = await orderSourceOfSetUp(keepingOf(station), input, who)
  const remarks = {
    ...source,
    manifestId: null,
    due: null,
    lot: '',
    customerReference: '',
    notes: '',
    firstArticle: input.firstArticle,
    who,
  }
  await keepSetUp(data.records, input)
  station.become({ name: input.stationName, line: input.lineName, needsSetUp: false })
  await station.labels.usePrinter(printerOfSetUp(input))
  const prepared = { ...checked, request: { ...checked.request, remarks } }
  const order = await station.openOrder({ prepared, bay: bayOfSetUp(input) })
  await data.records.ask('giveOrderSource', { id: order.id, ...source })
  await rememberOrder(data.records, order.id)
}

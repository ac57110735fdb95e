/** The demo: a product, a release and orders of its own on a simulated bench, begun by themselves. */
import type { StationView } from '../../contract/index.ts'
import type { DemoReleaseOptions } from '../firmware/demo-release.ts'
import type { FaultSpec } from '../simulator/faults.ts'
import { factorOfPace, type Pace } from '../simulator/pace.ts'
import type { PrinterFault } from '../simulator/printer-faults.ts'
import type { SystemPrinters } from '../labels/system-printer.ts'
import { openStation, type Station } from '../station.ts'
import { rememberedOrder, rememberOrder } from './orders/current-order.ts'
import { DEMO_BAUD, DEMO_DPI, demoDefinition, demoOrder, demoRelease } from './orders/demo-order.ts'
import { prepareKept } from './orders/orders.ts'
import { prepareOrder } from './orders/prepare-order.ts'
import { keepingOf, saveProduct } from './orders/products.ts'
import { registerRelease } from './orders/releases.ts'
import type { SimulationOptions } from './bay/simulated-bench.ts'
import type { Workplace } from './workplace.ts'

/** What the demo is asked to rehearse; its usual self without. */
export interface Rehearsal {
  readonly slots?: number
  /** Of each order. */
  readonly units?: number
  /** Of the boards of a new order, the first of them 1. */
  readonly faults?: readonly FaultSpec[]
  readonly printerFaults?: readonly PrinterFault[]
}

export interface DemoOptions {
  readonly host: StationView['host']
  readonly where: string
  /** Of the bench. */
  readonly pace: Pace
  readonly demoRelease?: DemoReleaseOptions
  readonly rehearsal?: Rehearsal
  readonly systemPrinters?: SystemPrinters
}

const DEMO_QUANTITY = 24
const DEMO_SLOTS = 8
/** The third board fails as often as it is tried by itself; tried once more by a person, it passes. */
const DEMO_FAULT = { name: 'digest-mismatch', unit: 3, times: 2 } as const
const DEMO_NUMBER = /^DEMO-(\d+)$/u
const demoNumber = (nth: number): string => `DEMO-${String(nth).padStart(3, '0')}`
const nthOf = (number: string): number => Number(DEMO_NUMBER.exec(number)?.[1] ?? 0)
/** Kept with what the demo makes by itself. */
const WHO = 'Demo'

/** The bench as another order finds it: empty, with sound boards beside it. */
export const demoWorkplace = (
  { pace, rehearsal }: Pick<DemoOptions, 'pace' | 'rehearsal'>,
  change: Partial<SimulationOptions> = {},
): Workplace => ({
  bay: {
    kind: 'simulated',
    simulation: {
      slots: rehearsal?.slots ?? DEMO_SLOTS,
      pace,
      faults: [],
      keepsFailed: true,
      startsClear: true,
      ...change,
    },
  },
  baud: DEMO_BAUD,
  dpi: DEMO_DPI,
  simulated: true,
})

/** The demo's own product and release, entered when they are not there. */
const ensureSource = async (station: Station, folder: string): Promise<{ productId: string; releaseId: string }> => {
  const { records } = station.data
  const definition = demoDefinition()
  const known = (await records.ask('products')).find(({ name }) => name === definition.name)
  const productId = known?.id ?? (await saveProduct(keepingOf(station), { id: null, definition }, true, WHO))
  const releaseId = await registerRelease(records, { folder, factoryPartition: null }, WHO)
  return { productId, releaseId }
}

/** @param isNew a new order begins with empty slots, and one of its boards fails; one that goes on is left as it was */
const startDemoOrder = async (options: DemoOptions, station: Station, nth: number, isNew: boolean): Promise<void> => {
  const { folder, records } = station.data
  // Boards are numbered through all demo orders.
  const { count } = await records.ask('countUnits')
  const faults = options.rehearsal?.faults ?? [DEMO_FAULT]
  const { bay } = demoWorkplace(options, {
    faults: isNew ? faults.map((fault) => ({ ...fault, unit: count + fault.unit })) : [],
    startsClear: isNew,
  })
  const release = await demoRelease(folder, options.demoRelease)
  const source = await ensureSource(station, release)
  const remarks = {
    ...source,
    manifestId: null,
    due: null,
    lot: '',
    customerReference: '',
    notes: '',
    firstArticle: false,
    who: WHO,
  }
  const order = await station.openOrder({
    prepared: await prepareOrder({
      ...demoOrder(demoNumber(nth), options.rehearsal?.units ?? DEMO_QUANTITY, release),
      remarks,
    }),
    bay,
  })
  await rememberOrder(records, order.id)
  await order.line.start()
}

/** The demo's next order. */
export const startNextDemoOrder = async (options: DemoOptions, station: Station): Promise<void> => {
  const numbers = await station.data.records.ask('orderNumbers')
  await startDemoOrder(options, station, Math.max(0, ...numbers.map(nthOf)) + 1, true)
}

/** Opens the demo where it was left, and begins a new order when the last one is over. @throws FolderLockedError, RecordsError */
export const openDemo = async (options: DemoOptions, folder: string): Promise<Station> => {
  const station = await openStation({
    folder,
    where: options.where,
    facts: {
      name: 'Demo station',
      line: 'Demo line',
      mode: 'demo',
      simulated: true,
      host: options.host,
      needsSetUp: false,
    },
    printer: {
      kind: 'simulated',
      factor: factorOfPace(options.pace),
      faults: options.rehearsal?.printerFaults ?? [],
    },
    systemPrinters: options.systemPrinters,
  })
  try {
    const latest = await rememberedOrder(station.data.records)
    const goesOn = latest && latest.closed_at === null && latest.state !== 'finished' && latest.state !== 'stopped'
    if (!goesOn) await startNextDemoOrder(options, station)
    else if (nthOf(latest.number) > 0) await startDemoOrder(options, station, nthOf(latest.number), false)
    else {
      const place = demoWorkplace(options, { startsClear: false })
      await station.openOrder({ prepared: await prepareKept(keepingOf(station), latest, place), bay: place.bay })
    }
    return station
  } catch (error) {
    await station.close()
    throw error
  }
}

/** The composition root: a data folder and an order in, a running station out. Every host drives this. */
import type { OrderView, StationView, View, ViewPatch } from '../contract/index.ts'
import { CHIPS } from './espressif/chips.ts'
import { quickDeflate } from './flashing/prepare.ts'
import type { Records } from './records/records.ts'
import type { Vault } from './security/vault.ts'
import type { BenchOperator } from './simulator/bench-operator.ts'
import { openDataFolder } from './station/data-folder.ts'
import { NO_LABELS } from './station/label-desk.ts'
import { nextStep } from './station/next-step.ts'
import { openOrder, type OpenOrder } from './station/open-order.ts'
import type { PreparedOrder } from './station/prepare-order.ts'
import { openSimulatedBench, type SimulatedBench, type SimulationOptions } from './station/simulated-bench.ts'
import { createViewFeed } from './station/view-feed.ts'
import { VERSION } from './version.ts'

export interface StationOptions {
  readonly folder: string
  readonly mode: StationView['mode']
  readonly host: StationView['host']
  /** How this process can be reached, until a host says more. */
  readonly where: string
  readonly simulation: SimulationOptions
  /** The order to open, given the data folder. */
  readonly order: (folder: string) => Promise<PreparedOrder>
}

export interface Station {
  readonly records: Records
  readonly vault: Vault
  view(): View
  onPatch(listener: (patch: ViewPatch) => void): () => void
  order(): OpenOrder | undefined
  /** Resolves when no label waits or is on its way any more. */
  labelsDone(): Promise<void>
  reachableAt(where: string): void
  close(): Promise<void>
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
    chip: CHIPS[plan.chip].label,
    firmware: { name: plan.release.name, version: plan.release.version, digest: plan.release.digest },
    testBuild: plan.testBuild,
    state,
    stopReason,
    quantity: order.quantity,
    ...line.progress(),
    running: line.running(),
    startedAt,
    endedAt,
    identitiesReady: order.identities.ready(),
  }
}

const SMALLEST_FLASH = 4 * 1024 * 1024
const flashSizeFor = (needed: number): number => Math.max(SMALLEST_FLASH, 2 ** Math.ceil(Math.log2(needed)))

/** @throws FolderLockedError, RecordsError, VaultError, OrderRefusal */
export const openStation = async (options: StationOptions): Promise<Station> => {
  const data = await openDataFolder(options.folder, options.where)
  let order: OpenOrder | undefined
  let bench: SimulatedBench | undefined
  let operator: BenchOperator | undefined

  const read = (): View => {
    const orderNow = order ? orderView(order) : null
    const slots = order?.line.slots() ?? []
    return {
      station: {
        name: 'Station 1',
        line: 'Line 1',
        mode: options.mode,
        simulated: true,
        host: options.host,
        version: VERSION,
        dataFolder: options.folder,
        needsSetUp: false,
      },
      order: orderNow,
      slots,
      labels: NO_LABELS,
      next: nextStep(orderNow, slots, NO_LABELS),
    }
  }
  const feed = createViewFeed(read)
  const onChange = (): void => {
    feed.touch()
    operator?.see(order?.line.slots() ?? [])
  }
  const close = async (): Promise<void> => {
    operator?.end()
    feed.close()
    await order?.close()
    await bench?.close()
    await data.close()
  }

  try {
    const prepared = await options.order(options.folder)
    const { chip, release } = prepared.plan
    bench = openSimulatedBench(options.simulation, options.folder, chip, flashSizeFor(release.flashNeeded))
    order = await openOrder(prepared, {
      records: data.records,
      vault: data.vault,
      stationKey: data.stationKey,
      flash: bench.flash,
      places: bench.places,
      deflate: quickDeflate,
      printsLabels: true,
      onChange,
    })
    const { line, quantity } = order
    operator = bench.operator(
      () => quantity - line.progress().passed,
      (slot) => line.giveUp(slot),
    )
    await operator.begin()
    return {
      records: data.records,
      vault: data.vault,
      view: read,
      onPatch: (listener) => feed.onPatch(listener),
      order: () => order,
      labelsDone: () => Promise.resolve(),
      reachableAt: (where) => data.lock.tell(where),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

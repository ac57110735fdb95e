/** The places that boards are put into, and the workers that flash them: simulated all, or real all, never both. */
import type { BindingInterface } from '@serialport/bindings-interface'
import type { PortView, SlotView } from '../../../contract/index.ts'
import { startFlashWorkers, type FlashWorkers } from '../../flashing/workers/flash-workers.ts'
import { nativeBinding } from '../../flashing/ports/native-ports.ts'
import { remoteBinding } from '../../flashing/ports/remote-binding.ts'
import { REAL_TIME, type Timing } from '../../flashing/timing.ts'
import type { OrderPlan } from '../../line/order-plan.ts'
import type { RunPlace } from '../../line/unit-run.ts'
import { factorOfPace } from '../../simulator/pace.ts'
import { openSimulatedBench, type SimulationOptions } from './simulated-bench.ts'

/** Whoever puts boards in: a person at real slots, a simulated one at a bench. */
export interface AtTheBay {
  /** What the line shows of its slots. */
  see(slots: readonly SlotView[]): void
  begin(): Promise<void>
  end(): void
}

export interface FlashBay {
  readonly flash: FlashWorkers
  readonly places: readonly RunPlace[]
  /** For what is read outside of a run; `close` when done. */
  openBinding(): { binding: BindingInterface; timing: Timing; close(): void }
  atTheBay(wanted: () => number, giveUp: (slot: number) => void): AtTheBay
  close(): Promise<void>
}

export type FlashBaySpec =
  | { readonly kind: 'simulated'; readonly simulation: SimulationOptions }
  | { readonly kind: 'real'; readonly ports: readonly string[] }

const SMALLEST_FLASH = 4 * 1024 * 1024
/** Ports of one worker; more would let one that is busy delay the others' answers. */
const PORTS_PER_WORKER = 8

const aPerson: AtTheBay = { see: () => undefined, begin: () => Promise.resolve(), end: () => undefined }

export const openFlashBay = (spec: FlashBaySpec, folder: string, plan: OrderPlan): FlashBay => {
  if (spec.kind === 'simulated') {
    const flashSize = Math.max(SMALLEST_FLASH, 2 ** Math.ceil(Math.log2(plan.release?.flashNeeded ?? 1)))
    const bench = openSimulatedBench(spec.simulation, folder, plan.chip, flashSize)
    return {
      flash: bench.flash,
      places: bench.places,
      openBinding() {
        const port = bench.bench.connect()
        return {
          binding: remoteBinding(port),
          timing: { factor: factorOfPace(spec.simulation.pace) },
          close: () => port.close(),
        }
      },
      atTheBay: (wanted, giveUp) => bench.operator(wanted, giveUp),
      close: () => bench.close(),
    }
  }
  const flash = startFlashWorkers(
    Math.ceil(spec.ports.length / PORTS_PER_WORKER),
    () => ({ source: { kind: 'native' }, transfer: [] }),
    REAL_TIME,
  )
  return {
    flash,
    places: spec.ports.map((port, index) => ({ slot: index + 1, port })),
    openBinding: () => ({ binding: nativeBinding(), timing: REAL_TIME, close: () => undefined }),
    atTheBay: () => aPerson,
    close: () => flash.close(),
  }
}

/** Serial ports of this computer. */
export const systemPorts = async (): Promise<PortView[]> =>
  (await nativeBinding().list()).map((port) => ({
    path: port.path,
    manufacturer: port.manufacturer ?? null,
    vendorId: port.vendorId ?? null,
    productId: port.productId ?? null,
    serialNumber: port.serialNumber ?? null,
    location: port.locationId ?? null,
  }))

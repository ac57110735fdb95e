/** A simulated line: a bench of boards, workers that flash them, and somebody who puts the boards in and takes them out. */
import { join } from 'node:path'
import type { ChipName } from '../../espressif/chips.ts'
import { startFlashWorkers, type FlashWorkers } from '../../flashing/workers/flash-workers.ts'
import { makeFolder } from '../../make-folder.ts'
import { openBench, type Bench } from '../../simulator/bench.ts'
import { createBenchOperator, type BenchOperator } from '../../simulator/bench-operator.ts'
import { slotPath } from '../../simulator/bench-protocol.ts'
import type { FaultSpec } from '../../simulator/faults.ts'
import { factorOfPace, type Pace } from '../../simulator/pace.ts'
import type { RunPlace } from '../../line/unit-run.ts'

export interface SimulationOptions {
  readonly slots: number
  readonly pace: Pace
  readonly faults: readonly FaultSpec[]
  readonly keepsFailed: boolean
  readonly startsClear: boolean
}

export interface SimulatedBench {
  readonly flash: FlashWorkers
  readonly places: readonly RunPlace[]
  readonly bench: Bench
  /** The person at the bench, for the line that needs one. */
  operator(wanted: () => number, giveUp: (slot: number) => void): BenchOperator
  close(): Promise<void>
}

const FLASH_WORKERS = 2

export const openSimulatedBench = (
  options: SimulationOptions,
  folder: string,
  chip: ChipName,
  flashSize: number,
): SimulatedBench => {
  const directory = join(folder, 'boards')
  makeFolder(directory)
  const bench = openBench({ slots: options.slots, chip, pace: options.pace, directory, flashSize })
  const factor = factorOfPace(options.pace)
  const flash = startFlashWorkers(
    FLASH_WORKERS,
    () => {
      const port = bench.connect()
      return { source: { kind: 'simulated', bench: port }, transfer: [port] }
    },
    { factor },
  )
  return {
    flash,
    bench,
    places: Array.from({ length: options.slots }, (_, index) => ({ slot: index + 1, port: slotPath(index + 1) })),
    operator: (wanted, giveUp) =>
      createBenchOperator({
        bench,
        faults: options.faults,
        file: join(folder, 'bench.json'),
        factor,
        wanted,
        keepsFailed: options.keepsFailed,
        startsClear: options.startsClear,
        giveUp,
      }),
    async close() {
      await flash.close()
      await bench.close()
    },
  }
}

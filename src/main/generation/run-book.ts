/** What a run keeps of its devices: in memory for one run, in the records for all of them (`ledger-run.ts`). */
import type { KnownDevice } from './generation-worker.ts'
import { registerOfRun, type Register } from './register.ts'
import type { WorkFolder } from './work-folder.ts'

export interface RunBook extends Register {
  /** Seals the devices; undefined when they are kept nowhere. */
  readonly stationKey: Uint8Array | undefined
  /** What an interrupted run made at this position. */
  known(position: number): Promise<KnownDevice | undefined>
  /** The devices' files are complete. */
  written(positions: readonly number[]): Promise<void>
  /** No more is made. @param all are all devices of the run complete? */
  end(all: boolean): Promise<void>
}

export interface RunKeeping {
  readonly book: RunBook
  readonly work: WorkFolder
}

export const bookInMemory = (): RunBook => ({
  ...registerOfRun(),
  stationKey: undefined,
  known: () => Promise.resolve(undefined),
  written: () => Promise.resolve(),
  end: () => Promise.resolve(),
})

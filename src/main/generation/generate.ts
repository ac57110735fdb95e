/** `imprint generate`, from a checked request to the devices' folders and the run's tables. */
import { GenerationError } from './generation-error.ts'
import type { Job, WrittenDevice } from './generation-worker.ts'
import { writeMadePai } from './made-pai.ts'
import type { ClaimKind } from './register.ts'
import type { GenerationRequest } from './request.ts'
import { bookInMemory, type RunBook, type RunKeeping } from './run-book.ts'
import { openRunTables, rescueTables, type RunTables } from './run-tables.ts'
import { checkThatAllFits } from './trial.ts'
import { CLAIM_WORDS } from './unit-duplicates.ts'
import { openWorkFolder, removeDeadRuns } from './work-folder.ts'
import { startWorkers, type AboutBatch, type WorkerPool } from './worker-pool.ts'

export interface GenerationProgress {
  readonly made: number
  readonly count: number
}

export interface GenerationOptions {
  readonly now: () => Date
  readonly signal?: AbortSignal | undefined
  /** With 0 made when the threads are ready, then with each device. */
  readonly onProgress?: ((progress: GenerationProgress) => void) | undefined
  /** Threads; as many as the machine runs at once when it is left out. */
  readonly workers?: number | undefined
}

export interface GenerationResult {
  readonly made: number
  /** Of them, those that an interrupted run had made already. */
  readonly found: number
  readonly count: number
  readonly folder: string
  readonly summary: string | undefined
  readonly cnDacs: string | undefined
}

/** Batches that each thread has: it makes the next while the claims of the last are on their way to the disk. */
const BATCHES_AHEAD = 2
/** Devices in a batch, and parts of what is left that a thread's batch is at most: so that all threads end together. */
const LARGEST_BATCH = 8
const PARTS_OF_REST = 4
/** Draws that may meet a taken value in a row; by chance not even two do. */
const MOST_DRAWS = 20

/** One run's devices, given to the threads in order. */
class Run {
  readonly #request: GenerationRequest
  readonly #book: RunBook
  readonly #tables: RunTables
  readonly #options: GenerationOptions
  readonly #draws = new Map<number, number>()
  #pool: WorkerPool | undefined
  #next = 0
  #batch = 0
  /** Those under way. */
  readonly #batches = new Map<number, { readonly first: number; readonly size: number }>()
  #error: Error | undefined
  #settle: (() => void) | undefined
  made = 0
  found = 0

  constructor(request: GenerationRequest, book: RunBook, tables: RunTables, options: GenerationOptions) {
    this.#request = request
    this.#book = book
    this.#tables = tables
    this.#options = options
  }

  readonly fail = (error: unknown): void => {
    this.#error ??= error instanceof Error ? error : new Error(String(error))
    this.#settle?.()
  }

  readonly hear = (message: AboutBatch): void => {
    this.#answer(message).catch(this.fail)
  }

  /** Resolves when all devices are complete, or when no more are begun and those under way are complete. */
  async work(pool: WorkerPool): Promise<void> {
    this.#pool = pool
    await new Promise<void>((resolve) => {
      this.#settle = resolve
      this.#options.onProgress?.({ made: 0, count: this.#request.count })
      this.#refill()
    })
    if (this.#error) throw this.#error
  }

  get #stopped(): boolean {
    return this.#error !== undefined || this.#options.signal?.aborted === true
  }

  #refill(): void {
    const threads = this.#pool?.size ?? 1
    while (this.#batches.size < BATCHES_AHEAD * threads && this.#next < this.#request.count && !this.#stopped) {
      const rest = this.#request.count - this.#next
      const size = Math.max(1, Math.min(LARGEST_BATCH, Math.ceil(rest / (threads * PARTS_OF_REST))))
      const positions = Array.from({ length: size }, (_, index) => this.#next + index)
      this.#batches.set(this.#batch, { first: this.#next, size })
      this.#next += size
      void this.#give(this.#batch++, positions).catch(this.fail)
    }
    if (this.#batches.size === 0) this.#settle?.()
  }

  async #give(batch: number, positions: readonly number[]): Promise<void> {
    const jobs: Job[] = []
    for (const position of positions)
      jobs.push({ position, given: this.#request.given(position), known: await this.#book.known(position) })
    this.#pool?.give({ type: 'make', batch, jobs })
  }

  async #answer(message: AboutBatch): Promise<void> {
    switch (message.type) {
      case 'made': {
        const taken = await this.#book.claim(message.claims)
        for (const [position, kind] of taken) this.#checkDraws(position, kind)
        this.#pool?.answer({ type: 'claimed', batch: message.batch, taken: [...taken.keys()] })
        return
      }
      case 'failed': {
        const place = this.#request.place(message.position)
        const text = place === undefined ? message.message : `${place}: ${message.message}`
        this.#error ??= message.input ? new GenerationError(text) : new Error(text)
        return
      }
      case 'written': {
        const { first, size } = this.#batches.get(message.batch) ?? { first: 0, size: 0 }
        this.#batches.delete(message.batch)
        await this.#complete(message.devices)
        this.#tables.add(first, size, message.rows)
        this.#refill()
      }
    }
  }

  async #complete(devices: readonly WrittenDevice[]): Promise<void> {
    await this.#book.written(devices.flatMap(({ position, found }) => (found ? [] : [position])))
    for (const { position, found } of devices) {
      this.#draws.delete(position)
      this.made++
      if (found) this.found++
      this.#options.onProgress?.({ made: this.made, count: this.#request.count })
    }
  }

  #checkDraws(position: number, taken: ClaimKind): void {
    const draws = (this.#draws.get(position) ?? 0) + 1
    this.#draws.set(position, draws)
    if (draws < MOST_DRAWS) return
    const place = this.#request.place(position)
    throw new GenerationError(
      `${place === undefined ? '' : `${place}: `}the ${CLAIM_WORDS[taken]} is another device's already; every device needs its own`,
    )
  }
}

const withoutLedger = (folder: string): RunKeeping => {
  const work = openWorkFolder(folder)
  if (!work) throw new Error(`${folder}: the run's work folder cannot be locked`)
  return { book: bookInMemory(), work }
}

/**
 * Makes the devices. One device's folder is there as a whole or not at all; the tables name complete devices only.
 *
 * @param keep opens what the run is kept in, once the request has been found good; the request may become that of an earlier run
 * @throws GenerationError for input that a person can correct
 */
export const generate = async (
  asked: GenerationRequest,
  options: GenerationOptions,
  keep?: (request: GenerationRequest) => Promise<{ request: GenerationRequest; keeping: RunKeeping }>,
): Promise<GenerationResult> => {
  // In the ledger a device that is there may be the run's own.
  checkThatAllFits(asked, keep === undefined)
  const { request, keeping } = (await keep?.(asked)) ?? { request: asked, keeping: withoutLedger(asked.plan.folder) }
  const { plan, count } = request
  const { book, work } = keeping
  try {
    if (request.authority?.made) writeMadePai(plan.folder, request.authority.made, plan.keyFiles)
    removeDeadRuns(plan.folder, (path) => rescueTables(path, plan.folder, options.now()))
    const tables = openRunTables(plan, work.path)
    const run = new Run(request, book, tables, options)
    const data = { plan, workFolder: work.path, stationKey: book.stationKey }
    const pool = await startWorkers(data, run.hear, run.fail, options.workers)
    let places: ReturnType<RunTables['finish']> | undefined
    try {
      await run.work(pool)
    } finally {
      await pool.close()
      // Also of a run that failed: what it had made until then is complete.
      if (run.made > 0) places = tables.finish(options.now())
      await book.end(run.made === count)
    }
    const { made, found } = run
    return { made, found, count, folder: plan.folder, summary: places?.summary, cnDacs: places?.cnDacs }
  } finally {
    work.remove()
  }
}

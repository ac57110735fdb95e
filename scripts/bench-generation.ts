/**
 * Figures of `imprint generate`, run by `npm run bench -- generation`. The limit is PBKDF2 alone on as many threads as generate uses,
 * measured in turns with the work, so that whatever else the machine does slows both; it is what no program could be faster than.
 * Shares are given twice: by the clock, and by the processor time of this process, which other programs do not blur.
 */
import { spawn } from 'node:child_process'
import { pbkdf2Sync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isMainThread, parentPort, threadId, Worker, workerData } from 'node:worker_threads'
import { writeNvs } from '../src/main/espressif/nvs-write.ts'
import { codesOf, rowsOf, type OutputFile } from '../src/main/generation/device-files.ts'
import { dacMaker, makeCommissioning, makeDevice } from '../src/main/generation/device.ts'
import { generate, type GenerationProgress } from '../src/main/generation/generate.ts'
import { openLedgerRun } from '../src/main/generation/ledger-run.ts'
import { openLedger } from '../src/main/generation/ledger.ts'
import { writeDeviceFolder } from '../src/main/generation/output-folder.ts'
import type { GenerationPlan } from '../src/main/generation/plan.ts'
import { pooledRandomBytes } from '../src/main/generation/random-pool.ts'
import { qrRows } from '../src/main/generation/qr-symbol.ts'
import type { GenerateOptions } from '../src/main/generation/generate-options.ts'
import { readRequest, type GenerationRequest } from '../src/main/generation/request.ts'
import { keyPairFromScalar, signingKey } from '../src/main/matter/key-pair.ts'
import { pythonTools } from '../tests/interop/python-tools.ts'

const ITERATIONS = 10_000
const THREADS = availableParallelism()
/** One turn of a thread: a batch of hashes, then a batch of the other work. */
const BATCH = 8
const TURNS = 50
/** Devices of a run of the whole output. */
const WHOLE = 3000
/** Before the first turn, so that the code is compiled. */
const WARM_UP = 15

interface Turns {
  readonly plan: GenerationPlan
  /** Where files of constant content are written; undefined for the measurement without files. */
  readonly folder: string | undefined
  readonly files: readonly OutputFile[]
}
/** Milliseconds an item: by the clock, and of the processor. */
interface Time {
  readonly clock: number
  readonly processor: number
}
interface TurnTimes {
  readonly hash: Time[]
  readonly identity: Time[]
  readonly files: Time[]
}

const hash = (): void => void pbkdf2Sync(randomBytes(4), randomBytes(32), ITERATIONS, 80, 'sha256')

/** A batch of identities without their files, in the order of generate's threads: verifiers, DACs, partitions with QR matrices. */
const batchMaker = (plan: GenerationPlan): (() => void) => {
  const { issuer } = plan.attestation ?? {}
  const given = { data: {}, own: [] }
  const random = pooledRandomBytes()
  const makeDac = issuer && dacMaker(plan, signingKey(keyPairFromScalar(issuer.privateKey)), random)
  return () => {
    const devices = Array.from({ length: BATCH }, () => makeCommissioning(plan, given, random)).map((commissioning) =>
      makeDevice(plan, given, commissioning, makeDac, random),
    )
    for (const device of devices) {
      const rows = rowsOf(plan, given, device)
      writeNvs(
        rows.map(({ item }) => item),
        { size: plan.partition.size, version: 2 },
      )
      qrRows(codesOf(plan, device)?.qr ?? '')
    }
  }
}

const processorTime = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1000

/** @param work for a whole batch */
const timed = (work: () => void): Time => {
  const began = performance.now()
  const before = process.threadCpuUsage()
  work()
  const processor = processorTime(process.threadCpuUsage(before)) / BATCH
  return { clock: (performance.now() - began) / BATCH, processor }
}
const eachOfBatch = (work: (index: number) => void) => (): void => {
  for (let index = 0; index < BATCH; index++) work(index)
}

const takeTurns = ({ plan, folder, files }: Turns): TurnTimes => {
  const identities = batchMaker(plan)
  if (folder !== undefined) mkdirSync(join(folder, '.work'), { recursive: true })
  const times: TurnTimes = { hash: [], identity: [], files: [] }
  for (let turn = 0; turn < WARM_UP; turn++) timed(identities)
  for (let turn = 0; turn < TURNS; turn++) {
    times.hash.push(timed(eachOfBatch(hash)))
    if (folder === undefined) times.identity.push(timed(identities))
    else {
      const name = `${process.pid}-${threadId}-${turn}`
      const write = (index: number): void => writeDeviceFolder(folder, `${name}-${index}`, join(folder, '.work'), files)
      times.files.push(timed(eachOfBatch(write)))
    }
  }
  return times
}

if (!isMainThread) parentPort?.postMessage(takeTurns(workerData as Turns))

/** The turns of all threads at once. */
const onAllThreads = async (turns: Turns): Promise<TurnTimes> => {
  const results = await Promise.all(
    Array.from({ length: THREADS }, async () => {
      const worker = new Worker(fileURLToPath(import.meta.url), { workerData: turns })
      const [times] = (await once(worker, 'message')) as [TurnTimes]
      return times
    }),
  )
  const all = (kind: keyof TurnTimes): Time[] => results.flatMap((times) => times[kind])
  return { hash: all('hash'), identity: all('identity'), files: all('files') }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const mean = (values: readonly Time[]): Time => ({
  clock: sum(values.map(({ clock }) => clock)) / values.length,
  processor: sum(values.map(({ processor }) => processor)) / values.length,
})
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
const shares = (clock: number, processor: number): string =>
  `${percent(clock)} by the clock, ${percent(processor)} of processor time (needed: 90 %)`
const say = (name: string, value: string): void => void process.stdout.write(`  ${name.padEnd(54)} ${value}\n`)

const certificates = fileURLToPath(new URL('../tests/vectors/certs/', import.meta.url))
const OPTIONS: GenerateOptions = {
  ...{ vendorId: '0xFFF2', productId: '0x8001', outdir: '', target: 'esp32', size: '0x6000', bin: true },
  ...{ secureCertBin: true, privateKeys: true, commissioningFlow: '0', discoveryMode: '2', cnPrefix: 'ESP32' },
  ...{ iterationCount: String(ITERATIONS), efuseKeyId: '-1', pai: true },
  cert: join(certificates, 'Chip-Test-PAI-FFF2-8001-Cert.pem'),
  key: join(certificates, 'Chip-Test-PAI-FFF2-8001-Key.pem'),
  certDclrn: join(certificates, 'Chip-Test-CD-FFF2-8001.der'),
}
const requestOf = (outdir: string, count: number): GenerationRequest =>
  readRequest({ ...OPTIONS, outdir, count: String(count) }, new Date())

interface Measured {
  /** From the threads ready to the end, milliseconds of the clock and of the whole process. */
  readonly working: Time
  /** Devices a second in the second half: V8 compiles what is run often during the first thousand devices or so. */
  readonly steady: number
  /** Of the whole process for one device of the second half, milliseconds. */
  readonly processor: number
  /** Seconds until the threads are ready. */
  readonly start: number
  /** Bytes, highest of the process. */
  readonly peak: number
  readonly seconds: number
}

const measure = async (outdir: string, count: number, ledgerFile?: string): Promise<Measured> => {
  const request = requestOf(outdir, count)
  const ledger = ledgerFile === undefined ? undefined : await openLedger(ledgerFile)
  let peak = 0
  const sample = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 50)
  const began = performance.now()
  const half = count >> 1
  let ready = 0
  let middle = 0
  let last = 0
  let atReady: NodeJS.CpuUsage | undefined
  let atMiddle: NodeJS.CpuUsage | undefined
  let used = 0
  let usedWorking = 0
  const onProgress = ({ made }: GenerationProgress): void => {
    last = performance.now()
    if (made === 0) {
      ready = last
      atReady = process.cpuUsage()
    } else if (made === half) {
      middle = last
      atMiddle = process.cpuUsage()
    } else if (made === count) {
      used = processorTime(process.cpuUsage(atMiddle))
      usedWorking = processorTime(process.cpuUsage(atReady))
    }
  }
  try {
    const options = { now: () => new Date(), onProgress, workers: THREADS }
    await generate(request, options, ledger && ((checked) => openLedgerRun(checked, ledger)))
    const seconds = (performance.now() - began) / 1000
    const working = { clock: last - ready, processor: usedWorking }
    const steady = (1000 * (count - half)) / (last - middle)
    return { working, steady, processor: used / (count - half), start: (ready - began) / 1000, peak, seconds }
  } finally {
    clearInterval(sample)
    await ledger?.close()
  }
}

/** The files of one device that was made, as the constant content of others. */
const filesOfOne = (product: string): OutputFile[] => {
  const id = readdirSync(product).find((name) => /^[0-9a-f]{8}-/u.test(name)) ?? ''
  return readdirSync(join(product, id), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      const secret = (statSync(path).mode & 0o077) === 0
      return { name: path.slice(join(product, id).length + 1), bytes: readFileSync(path), secret }
    })
}

/** Seconds that the incumbent takes for so many devices. */
const incumbent = async (program: string, outdir: string, count: number): Promise<number> => {
  const began = performance.now()
  const args = ['-v', '0xFFF2', '-p', '0x8001', '--pai', '-c', OPTIONS.cert ?? '', '-k', OPTIONS.key ?? '']
  const child = spawn(program, [...args, '-cd', OPTIONS.certDclrn ?? '', '-n', String(count), '--outdir', outdir], {
    stdio: 'ignore',
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`esp-matter-mfg-tool ended with ${code}`)
  return (performance.now() - began) / 1000
}

const compareWithIncumbent = async (folder: string): Promise<void> => {
  const tools = await pythonTools(['esp-matter-mfg-tool==1.0.29'])
  if (!tools) return
  const count = 100
  const rounds = 3
  const times = { theirs: [] as number[], ours: [] as number[] }
  for (let round = 0; round < rounds; round++) {
    times.theirs.push(await incumbent(join(tools.bin, 'esp-matter-mfg-tool'), join(folder, `theirs-${round}`), count))
    times.ours.push((await measure(join(folder, `beside-${round}`), count)).seconds)
  }
  const [theirs, ours] = [(rounds * count) / sum(times.theirs), (rounds * count) / sum(times.ours)]
  say(`esp-matter-mfg-tool 1.0.29, ${count} devices, start included`, `${theirs.toFixed(1)} devices/s`)
  say(
    `imprint generate in turns with it, start included`,
    `${ours.toFixed(1)} devices/s, ${(ours / theirs).toFixed(1)} times`,
  )
}

/**
 * Rates in turns with the limit: hash and files alone, on all threads at once. Nothing is removed until the end, because file systems
 * (ext4 for one) make new files slowly where many were removed shortly before.
 */
const wholeOutput = async (folder: string, files: readonly OutputFile[]): Promise<void> => {
  const { plan } = requestOf(folder, 1)
  const byClock: number[] = []
  const byProcessor: number[] = []
  const starts: number[] = []
  let turn = 0
  const limit = async (): Promise<{ hash: Time; files: Time }> => {
    const place = join(folder, `limit-${++turn}`)
    const times = await onAllThreads({ plan, folder: place, files })
    return { hash: mean(times.hash), files: mean(times.files) }
  }
  const limits = [await limit()]
  for (let round = 0; round < 3; round++) {
    const { steady, processor, start } = await measure(join(folder, `whole-${round}`), WHOLE)
    limits.push(await limit())
    const around = mean(
      limits.slice(-2).map((one) => ({
        clock: one.hash.clock + one.files.clock,
        processor: one.hash.processor + one.files.processor,
      })),
    )
    byClock.push(steady / ((THREADS * 1000) / around.clock))
    byProcessor.push(around.processor / processor)
    starts.push(start)
  }
  const alone = (kind: 'hash' | 'files'): string => {
    const { clock, processor } = mean(limits.map((one) => one[kind]))
    return `${clock.toFixed(2)} ms by the clock, ${processor.toFixed(2)} ms of processor time`
  }
  say('PBKDF2 alone', alone('hash'))
  say('files alone, constant content', alone('files'))
  say('(b) whole output, steady, share of 1 / (hash + files)', shares(median(byClock), median(byProcessor)))
  say('until the threads are ready', `${median(starts).toFixed(2)} s`)
}

/** Runs of each count: a short run is decided by chance more than a long one. */
const ROUNDS: readonly (readonly [count: number, rounds: number])[] = [
  [100, 15],
  [1000, 3],
  [10_000, 1],
]

/**
 * The rate at a count, each beside its limit of that moment: what a run takes longer than one of half the count, so that neither what
 * happens once nor the batches under way at its middle count. On a file system in memory where there is one: what is asked is whether
 * generate slows down, and a disk does so by itself (ext4 for minutes after many files were removed).
 */
const steadiness = async (files: readonly OutputFile[]): Promise<void> => {
  const inMemory = existsSync('/dev/shm')
  const folder = mkdtempSync(join(inMemory ? '/dev/shm' : tmpdir(), 'imprint-bench-'))
  const { plan } = requestOf(folder, 1)
  let turn = 0
  const limit = async (): Promise<Time> => {
    const times = await onAllThreads({ plan, folder: join(folder, `limit-${++turn}`), files })
    const [alone, written] = [mean(times.hash), mean(times.files)]
    return { clock: alone.clock + written.clock, processor: alone.processor + written.processor }
  }
  try {
    const ofClock: number[] = []
    const ofProcessor: number[] = []
    let before = await limit()
    for (const [count, rounds] of ROUNDS) {
      const half = count / 2
      const clocks: number[] = []
      const processors: number[] = []
      let most = 0
      for (let round = 0; round < rounds; round++) {
        const shorter = await measure(join(folder, `half-${count}-${round}`), half)
        const whole = await measure(join(folder, `steady-${count}-${round}`), count)
        clocks.push((whole.working.clock - shorter.working.clock) / half)
        processors.push((whole.working.processor - shorter.working.processor) / half)
        most = Math.max(most, whole.peak)
      }
      const after = await limit()
      const around = mean([before, after])
      before = after
      const rate = 1000 / median(clocks)
      ofClock.push(rate / ((THREADS * 1000) / around.clock))
      ofProcessor.push(around.processor / median(processors))
      const share = `${percent(ofClock.at(-1) ?? 0)} by the clock, ${percent(ofProcessor.at(-1) ?? 0)} of processor time`
      say(
        `${count} devices${inMemory ? ', files in memory' : ''}`,
        `${rate.toFixed(1)}/s from ${half} on: ${share}; ${Math.round(most / 2 ** 20)} MB at most`,
      )
    }
    const spread = (shares: readonly number[]): string => percent(1 - Math.min(...shares) / Math.max(...shares))
    say(
      'spread of the steady share over the counts',
      `${spread(ofClock)} by the clock, ${spread(ofProcessor)} of processor time (allowed: 5 %)`,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const run = async (): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'imprint-bench-'))
  try {
    process.stdout.write(`  ${THREADS} threads, ${ITERATIONS} iterations\n`)
    await measure(join(folder, 'warm'), 20)
    const { plan } = requestOf(folder, 1)
    const times = await onAllThreads({ plan, folder: undefined, files: [] })
    const [limit, identity] = [mean(times.hash), mean(times.identity)]
    say('identities, nothing written', `${((1000 * THREADS) / identity.clock).toFixed(1)}/s`)
    say(
      '(a) identities, share of PBKDF2 alone',
      shares(limit.clock / identity.clock, limit.processor / identity.processor),
    )
    const files = filesOfOne(join(folder, 'warm', 'fff2_8001'))
    await wholeOutput(folder, files)
    const ledger = await measure(join(folder, 'ledger'), 400, join(folder, 'devices.db'))
    say('400 devices with --ledger', `${((1000 * 400) / ledger.working.clock).toFixed(1)}/s`)
    await compareWithIncumbent(folder)
    await steadiness(files)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * `npm run bench -- flashing`: how close to the wire flashing is, and what it costs. The boards are simulated in a process of their
 * own and reached through pseudo-terminals, so the figures are of this process alone.
 */
import { spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { startFlashWorkers, type RunEnd } from '../src/main/flashing/workers/flash-workers.ts'
import type { Region } from '../src/main/flashing/images/prepare.ts'
import { strongDeflate } from '../src/main/flashing/images/strong-deflate.ts'
import { detectionTime, neighbourDelay, onBench } from './bench-flashing-slots.ts'

const BAUD = 921_600
const APP_SIZE = 1_500_000
/** As the simulated stub computes it, bytes a millisecond. */
const DIGEST_RATE = 4000
const SETTLE = 2_000

const cache = fileURLToPath(new URL('../node_modules/.cache/imprint-bench', import.meta.url))
const script = fileURLToPath(new URL('./bench-boards.ts', import.meta.url))

/** Firmware is about half incompressible. */
const appBytes = (): Uint8Array => {
  const bytes = randomBytes(APP_SIZE)
  for (let at = 0; at < APP_SIZE; at += 4096) bytes.fill('imprint ', at, Math.min(at + 2200, APP_SIZE))
  return bytes
}
const app: Region = { name: 'app', offset: 0x10000, bytes: appBytes() }
const own: Region = { name: 'fctry', offset: 0x3e0000, bytes: randomBytes(0x6000) }

const smallApp: Region = { ...app, bytes: app.bytes.subarray(0, 400_000) }

interface Boards {
  readonly addresses: readonly string[]
  end(): Promise<void>
}

const startBoards = async (way: 'pty' | 'tcp', count: number, used: boolean): Promise<Boards> => {
  const child = spawn(process.execPath, [script, way, String(count), used ? 'used' : 'blank'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const addresses: string[] = []
  for await (const line of createInterface({ input: child.stdout })) if (addresses.push(line) === count) break
  return {
    addresses,
    async end() {
      const exited = once(child, 'exit')
      child.stdin.end()
      await exited
    },
  }
}

interface Measured {
  readonly ends: readonly RunEnd[]
  readonly cpuSeconds: number
  readonly rss: number
  readonly loopP99: number
}

/** Writes all boards at once with native ports. */
const flashAll = async (addresses: readonly string[]): Promise<Measured> => {
  const threads = Math.min(addresses.length, 2)
  const workers = startFlashWorkers(threads, () => ({ source: { kind: 'native' }, transfer: [] }), { factor: 1 })
  try {
    await workers.loadRelease('release', [app], strongDeflate(cache))
    const cpu = process.cpuUsage()
    const loop = monitorEventLoopDelay({ resolution: 1 })
    loop.enable()
    const ends = await Promise.all(
      addresses.map(
        (port, seat) =>
          workers.run(
            seat,
            port,
            { chip: 'esp32c3', baud: BAUD, useStub: true, skipUnchanged: false, flashNeeded: 0x400000 },
            'release',
            {
              waiting: () => undefined,
              found: () => undefined,
              step: () => undefined,
              progress: () => undefined,
              log: () => undefined,
              identified: () => Promise.resolve([own]),
            },
          ).ended,
      ),
    )
    loop.disable()
    const { user, system } = process.cpuUsage(cpu)
    const rss = process.memoryUsage().rss
    return { ends, cpuSeconds: (user + system) / 1e6, rss, loopP99: loop.percentile(99) / 1e6 }
  } finally {
    await workers.close()
  }
}

const idleLoop = async (): Promise<number> => {
  const loop = monitorEventLoopDelay({ resolution: 1 })
  loop.enable()
  await new Promise((resolve) => setTimeout(resolve, SETTLE))
  loop.disable()
  return loop.percentile(99) / 1e6
}

/** Bytes on the wire against what the wire could have carried in the same time. */
const efficiencies = (ends: readonly RunEnd[]): number[] =>
  ends.flatMap((end) => {
    const transfer = end.ok ? end.result.regions.find((region) => region.name === app.name)?.transfer : undefined
    return transfer ? [transfer.bytes / ((BAUD / 10_000) * transfer.milliseconds)] : []
  })

const percent = (ratio: number): string => `${(ratio * 100).toFixed(1)} %`
const print = (what: string, value: string, goal = ''): void =>
  void process.stdout.write(`  ${what.padEnd(58)}${value.padStart(12)}${goal && `   goal ${goal}`}\n`)

const benchSlots = async (slots: number): Promise<Measured> => {
  const boards = await startBoards('pty', slots, false)
  try {
    const measured = await flashAll(boards.addresses)
    const passed = measured.ends.filter((end) => end.ok).length
    const ratios = efficiencies(measured.ends)
    print(`${slots} slots: passed`, `${passed}/${slots}`)
    print(`${slots} slots: wire efficiency, lowest of all slots`, percent(Math.min(...ratios)), '97 %')
    print(`${slots} slots: host CPU a unit`, `${(measured.cpuSeconds / slots).toFixed(3)} s`)
    print(`${slots} slots: event loop of main, p99`, `${measured.loopP99.toFixed(1)} ms`)
    return measured
  } finally {
    await boards.end()
  }
}

/**
 * A chip that holds old firmware. The stub erases ahead of what it writes, so that the flash, though it has less to do than the wire,
 * holds it up at first (docs/line-set-up.md, section 6): no cutting of the stream into blocks gets beyond 90 %.
 */
const benchUsed = async (): Promise<void> => {
  const boards = await startBoards('pty', 1, true)
  try {
    const { ends } = await flashAll(boards.addresses)
    const transfer = ends[0]?.ok ? ends[0].result.regions[0]?.transfer : undefined
    if (!transfer) return print('a used chip', 'failed')
    const wire = transfer.bytes / (BAUD / 10_000)
    // 64 kB blocks of 150 ms and pages of 0.5 ms (src/main/simulator/flash-timing.ts).
    const flash = (APP_SIZE / 0x10000) * 150 + (APP_SIZE / 256) * 0.5
    print('a used chip: floor against time', percent(Math.max(wire, flash) / transfer.milliseconds), '95 %')
  } finally {
    await boards.end()
  }
}

/** The fixed part, on a board with control lines or on its own USB. */
const benchFixedPart = (ownUsb?: 'serial-jtag'): Promise<void> =>
  onBench(
    { slots: 1, ...(ownUsb ? { ownUsb } : {}) },
    app,
    async ({ insert, run }) => {
      await insert(1)
      await new Promise((resolve) => setTimeout(resolve, SETTLE))
      const at: Record<string, number> = {}
      const end = await run(1, {}, (what, moment) => (at[what] ??= moment))
      const endedAt = performance.now()
      const kind = ownUsb ? 'USB-Serial/JTAG: ' : ''
      if (!end.ok) return print(`${kind}a board with control lines`, end.failure.code)
      const bytes = end.result.regions.reduce((sum, region) => sum + region.size, 0)
      const opened = (at['write'] ?? 0) - (at['connect'] ?? 0)
      // The reset pulse: 100 ms; on the chip's own USB 200, and with that the port is gone.
      const rest = endedAt - (at['verify'] ?? 0) - bytes / DIGEST_RATE - (ownUsb ? 200 : 100)
      print(`${kind}port opened to first data block`, `${opened.toFixed(0)} ms`, ownUsb ? '' : '1500 ms')
      print(`${kind}last block to 'pass', beyond digest and reset`, `${rest.toFixed(0)} ms`, ownUsb ? '' : '300 ms')
    },
    strongDeflate(cache),
  )

const NEIGHBOUR_FAULTS = ['flood', 'stalled-answer', 'no-answer', 'usb-unplugged', 'power-lost'] as const

const benchNeighbours = async (): Promise<void> => {
  for (const fault of NEIGHBOUR_FAULTS) {
    const late = await neighbourDelay(fault, smallApp)
    print(`neighbours of ${fault}: latest acknowledgement late by`, `${late.toFixed(1)} ms`, '50 ms')
  }
}

const benchDetection = async (): Promise<void> => {
  print(
    'board into an adapter: found after, slowest of 4',
    `${(await detectionTime(undefined, smallApp)).toFixed(0)} ms`,
    '1000 ms',
  )
  print(
    'USB-Serial/JTAG plugged in: found after, slowest of 4',
    `${(await detectionTime('serial-jtag', smallApp)).toFixed(0)} ms`,
  )
}

/** One process of esptool doing the same, over TCP: CPU seconds, or undefined where it is not installed. */
const benchEsptool = async (): Promise<number | undefined> => {
  const pattern = fileURLToPath(new URL('../node_modules/.cache/imprint-python/*/bin/esptool', import.meta.url))
  const esptool = globSync(pattern).find((file) => existsSync(file))
  if (!esptool) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'imprint-bench-'))
  const boards = await startBoards('tcp', 1, false)
  try {
    const [appFile, ownFile] = [join(folder, 'app.bin'), join(folder, 'own.bin')]
    writeFileSync(appFile, app.bytes)
    writeFileSync(ownFile, own.bytes)
    const program =
      'import resource,subprocess,sys; c=subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL).returncode; ' +
      'r=resource.getrusage(resource.RUSAGE_CHILDREN); print(r.ru_utime+r.ru_stime); sys.exit(c)'
    const port = ['--chip', 'esp32c3', '--port', boards.addresses[0] ?? '', '--baud', String(BAUD)]
    const { status, stdout } = spawnSync(
      join(esptool, '..', 'python'),
      ['-c', program, esptool, ...port, 'write-flash', '0x10000', appFile, '0x3e0000', ownFile],
      { encoding: 'utf8' },
    )
    return status === 0 ? Number(stdout.trim()) : undefined
  } finally {
    await boards.end()
    rmSync(folder, { recursive: true, force: true })
  }
}

const measure = async (): Promise<void> => {
  const idle = await idleLoop()
  print('idle process: event loop, p99', `${idle.toFixed(1)} ms`)
  const one = await benchSlots(1)
  const eight = await benchSlots(8)
  const all = await benchSlots(32)
  const [single = 0] = efficiencies(one.ends)
  print('32 slots: efficiency below that of 1 slot', percent(single - Math.min(...efficiencies(all.ends))), '1 point')
  print('32 slots: event loop of main above idle', `${(all.loopP99 - idle).toFixed(1)} ms`, '20 ms')
  print('memory for each further slot', `${((all.rss - eight.rss) / 24 / 2 ** 20).toFixed(2)} MB`, '2 MB')
  await benchUsed()
  await benchFixedPart()
  await benchFixedPart('serial-jtag')
  await benchDetection()
  await benchNeighbours()
  const esptool = await benchEsptool()
  if (esptool === undefined) print('esptool for comparison', 'not installed')
  else {
    print('esptool: CPU a unit', `${esptool.toFixed(2)} s`)
    print("host CPU a unit, of esptool's", `1/${(esptool / (all.cpuSeconds / 32)).toFixed(0)}`, '1/20')
  }
}

/** Prints the figures of flashing, measured in a process of its own. */
export const run = async (): Promise<void> => {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], { stdio: 'inherit' })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`the flashing bench ended with ${code}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await measure()

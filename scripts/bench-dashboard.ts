/**
 * Figures of the dashboard, run by `npm run bench -- dashboard`: a recorded stream of 32 slots, replayed by another process into the
 * built application in Chromium. An hour of production takes three minutes (IMPRINT_BENCH_HOURS, default 1).
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { chromium, type CDPSession, type Page } from 'playwright-core'
import { hasChromium, LAUNCH } from '../tests/e2e/fixtures-renderer/browser.ts'
import { ensureBuilt } from './build.mjs'
import { Stream } from './dashboard/stream.ts'

const RECORDED_SECONDS = 30
/** Of production at its own speed. */
const WATCHED_SECONDS = 40
const FAST = 20
const HOURS = Number(process.env['IMPRINT_BENCH_HOURS'] ?? 1)
/** Before the heap is first looked at: caches fill and code is compiled. */
const SETTLING_SECONDS = 20

const script = (name: string): string => fileURLToPath(new URL(`dashboard/${name}`, import.meta.url))
const say = (name: string, value: string): void => void process.stdout.write(`  ${name.padEnd(54)} ${value}\n`)
const pause = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000))

interface LongFrame {
  readonly duration: number
  readonly scripts: number
  /** Of the scripts: styles and layout that they asked for. */
  readonly forced: number
  /** Styles, layout and paint at the end of the frame. */
  readonly layout: number
}

interface Watched {
  /** Milliseconds from an input to the paint that shows its effect. */
  readonly interactions: number[]
  /** Frames that took longer than 50 ms: what they took of it, in milliseconds. */
  readonly longFrames: readonly LongFrame[]
}

/** Begins to watch; forgets what was before. */
const watch = (page: Page): Promise<unknown> => page.evaluate(readFileSync(script('page-watch.mjs'), 'utf8'))

interface Metrics {
  readonly at: number
  /** Seconds of the main thread. */
  readonly busy: number
}
const metrics = async (session: CDPSession): Promise<Metrics> => {
  const { metrics: all } = await session.send('Performance.getMetrics')
  const value = (name: string): number => all.find((metric) => metric.name === name)?.value ?? 0
  return { at: performance.now() / 1000, busy: value('TaskDuration') }
}
const heap = async (session: CDPSession): Promise<number> => {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return usedSize / 2 ** 20
}

/** Somebody who looks into slots and closes them again, with the mouse and with Esc in turn. */
const useDashboard = async (page: Page, seconds: number): Promise<void> => {
  const end = performance.now() + seconds * 1000
  for (let turn = 0; performance.now() < end; turn++) {
    await page
      .locator('.tile')
      .nth(turn % 32)
      .click()
    await page.getByRole('dialog').waitFor()
    await pause(0.4)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await pause(0.6)
  }
}

interface Replay {
  readonly child: ChildProcess
  readonly address: string
  speed(times: number): void
  /** Resolves when the line stands still, always at the same moment of the recording. */
  rest(): Promise<unknown>
}

const startReplay = async (file: string): Promise<Replay> => {
  const child = spawn(process.execPath, [script('replay.ts'), file], { stdio: ['pipe', 'pipe', 'inherit'] })
  const said = createInterface({ input: child.stdout })
  const [address] = (await once(said, 'line')) as [string]
  return {
    child,
    address,
    speed: (times) => child.stdin.write(`${times}\n`),
    rest() {
      const rests = once(said, 'line')
      child.stdin.write('rest\n')
      return rests
    },
  }
}

const measure = async (page: Page, session: CDPSession, { speed, rest }: Replay): Promise<void> => {
  speed(1)
  await pause(5)
  await watch(page)
  const before = await metrics(session)
  await pause(WATCHED_SECONDS / 2)
  const idle = await metrics(session)
  await useDashboard(page, WATCHED_SECONDS / 2)
  const { interactions, longFrames } = await page.evaluate<Watched>('watched')
  const sorted = interactions.toSorted((a, b) => a - b)
  const worst = sorted.at(-1) ?? 16
  const median = sorted[sorted.length >> 1] ?? 16
  say('interaction to paint', `${median} ms at the median, ${worst} ms at most of ${sorted.length} (needed: < 100)`)
  const [longest] = longFrames.toSorted((a, b) => b.duration - a.duration)
  say(
    'longest frame',
    longest
      ? `${Math.round(longest.duration)} ms, ${longFrames.length} over 50 ms (needed: none)`
      : 'none over 50 ms (needed: none)',
  )
  for (const { duration, scripts, forced, layout } of longFrames) {
    const parts = `scripts ${Math.round(scripts)} (${Math.round(forced)} of it layout), styles and layout ${Math.round(layout)}`
    say('', `${Math.round(duration)} ms: ${parts}`)
  }
  const share = (idle.busy - before.busy) / (idle.at - before.at)
  say('main thread of the renderer, watching', `${(100 * share).toFixed(1)} % of a core (needed: < 30 %)`)

  // What is on the page, and so in the heap, follows the boards: it is compared at one moment of the recording.
  const atRest = async (): Promise<{ used: number; elements: number }> => {
    await rest()
    let elements = 0
    // The page may still have pushes before it.
    for (let before = -1; before !== elements; await pause(1)) {
      before = elements
      elements = await page.locator('*').count()
    }
    return { used: await heap(session), elements }
  }
  speed(FAST)
  await pause(SETTLING_SECONDS)
  const first = await atRest()
  speed(FAST)
  await pause((HOURS * 3600) / FAST)
  const last = await atRest()
  say(
    `heap over ${HOURS} h of production at ${FAST}×`,
    `${first.used.toFixed(1)} MB, then ${last.used.toFixed(1)} MB; elements ${first.elements}, then ${last.elements} (needed: flat)`,
  )
}

export const run = async (): Promise<void> => {
  if (!hasChromium()) return
  ensureBuilt()
  const folder = mkdtempSync(join(tmpdir(), 'imprint-bench-'))
  const file = join(folder, 'stream.json')
  const recorder = spawn(process.execPath, [script('record.ts'), file, String(RECORDED_SECONDS)], { stdio: 'inherit' })
  const [code] = (await once(recorder, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`recording ended with ${code}`)
  const { view, pushes, length } = Stream.parse(JSON.parse(readFileSync(file, 'utf8')))
  say(
    'recorded',
    `${view.slots.length} slots, ${pushes.length} pushes in ${(length / 1000).toFixed(0)} s, ${((1000 * pushes.length) / length).toFixed(1)} a second`,
  )
  const replay = await startReplay(file)
  const browser = await chromium.launch(LAUNCH)
  try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } })
    await page.goto(replay.address)
    await page.locator('.tile').nth(31).waitFor()
    const session = await page.context().newCDPSession(page)
    await session.send('Performance.enable', { timeDomain: 'threadTicks' })
    await measure(page, session, replay)
  } finally {
    await browser.close()
    const gone = once(replay.child, 'exit')
    replay.child.stdin?.end()
    await gone
    rmSync(folder, { recursive: true, force: true })
  }
}

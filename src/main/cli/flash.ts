import { Command, Option } from 'commander'
import { failureFromData } from '../flashing/failure.ts'
import { FLASH_MODES } from '../flashing/images/flash-parameters.ts'
import { startFlashWorkers, type FlashWorkers, type RunEnd } from '../flashing/workers/flash-workers.ts'
import { quickDeflate, type Region } from '../flashing/images/prepare.ts'
import type { SessionPlan } from '../flashing/session/session.ts'
import { REAL_TIME } from '../flashing/timing.ts'
import { wholeNumber } from './arguments.ts'
import { addBoardOptions, boardPlan, type BoardOptions } from './board-options.ts'
import { readFlashInput, type FlashInputOptions } from './flash-input.ts'
import { listenForInterrupts } from './interrupts.ts'
import { collectPorts } from './port-address.ts'

interface Options extends FlashInputOptions, BoardOptions {
  readonly port: readonly string[]
  readonly baud: string
  readonly stub: boolean
  readonly json?: true
  readonly skipUnchanged?: true
  readonly startBy?: 'reset' | 'watchdog'
}

/** More threads than this gain nothing: a thread serves many ports. */
const MOST_THREADS = 4
const RELEASE = 'release'

/** Runs one port to its end, telling its progress line by line; with --json in one line of JSON at the end. */
const flashPort = async (
  workers: FlashWorkers,
  seat: number,
  port: string,
  plan: SessionPlan,
  own: readonly Region[],
  json: boolean,
  signal: AbortSignal,
): Promise<boolean> => {
  const startedAt = performance.now()
  const tell = (text: string): void => void process.stderr.write(`${port}: ${text}\n`)
  let step = ''
  let tenth = 0
  const job = workers.run(seat, port, plan, RELEASE, {
    waiting: () => undefined,
    found: () => undefined,
    step(next) {
      step = next
      tenth = 0
      tell(next)
    },
    progress(ratio) {
      if (Math.floor(ratio * 10) <= tenth) return
      tenth = Math.floor(ratio * 10)
      tell(`${step} ${tenth * 10} %`)
    },
    log: (_, text) => tell(text),
    identified: () => Promise.resolve(own),
  })
  signal.addEventListener('abort', () => job.cancel())
  const end: RunEnd = await job.ended
  const seconds = Math.round((performance.now() - startedAt) / 10) / 100
  const written = end.ok ? end.result.regions : []
  const verified = written.filter((region) => region.verified).length
  const outcome = verified === written.length ? 'pass' : 'unverified'
  if (json) {
    const told = end.ok
      ? { port, outcome, seconds, ...end.result }
      : { port, outcome: 'fail', seconds, failure: end.failure }
    process.stdout.write(`${JSON.stringify(told)}\n`)
  } else if (end.ok) {
    const { mac } = end.result.board
    process.stdout.write(
      `${port}: ${outcome}  ${mac ?? 'MAC unreadable'}  ${written.length} regions written, ${verified} read back, ${seconds} s\n`,
    )
  } else {
    const { code, message, help } = failureFromData(end.failure)
    process.stdout.write(`${port}: fail  ${code}: ${message}. ${help}\n`)
  }
  return end.ok
}

/** `imprint flash`: writes a release to the boards on some ports, all at once, without an order and without records. */
export const flashCommand = (): Command =>
  addBoardOptions(
    new Command('flash')
      .description('write a build folder to one or more boards, side by side, and read it back')
      .requiredOption(
        '--port <port>',
        'path, socket://HOST:PORT or rfc2217://HOST:PORT; may be given again',
        collectPorts,
      )
      .requiredOption('--release <dir>', 'ESP-IDF build folder')
      .option('--factory <file>', 'image for the manufacturing partition')
      .option('--nvs-keys <file>', 'image for the partition with the keys of encrypted NVS')
      .option('--baud <n>', 'rate of the transfer', '921600')
      .option('--no-stub', 'write with the ROM loader alone')
      .option('--skip-unchanged', 'leave regions alone whose digest on the board is right already')
      .option('--flash-mode <mode>', `in the bootloader's header: keep, ${FLASH_MODES.join(', ')}`, 'keep')
      .option('--flash-freq <freq>', "in the bootloader's header: keep, or such as 80m", 'keep')
      .option('--flash-size <mb>', "in the bootloader's header: keep, or megabytes", 'keep')
      .addOption(
        new Option('--start-by <way>', 'start the application by this, whatever suits the port').choices([
          'reset',
          'watchdog',
        ]),
      )
      .option('--json', 'a line of JSON for each port'),
    false,
  ).action(async (options: Options) => {
    const baud = wholeNumber('--baud', options.baud, 9_600, 5_000_000)
    const board = boardPlan(options)
    const { release, common, own } = await readFlashInput(options)
    const plan: SessionPlan = {
      chip: release.chip.name,
      baud,
      useStub: options.stub,
      skipUnchanged: options.skipUnchanged === true,
      flashNeeded: release.flashNeeded,
      ...board,
      ...(options.startBy === undefined ? {} : { startBy: options.startBy }),
    }
    const threads = Math.min(options.port.length, MOST_THREADS)
    const workers = startFlashWorkers(threads, () => ({ source: { kind: 'native' }, transfer: [] }), REAL_TIME)
    const { signal, free } = listenForInterrupts()
    try {
      await workers.loadRelease(RELEASE, common, quickDeflate)
      const passed = await Promise.all(
        options.port.map((port, seat) => flashPort(workers, seat, port, plan, own, options.json === true, signal)),
      )
      if (passed.includes(false)) process.exitCode ??= 1
    } finally {
      free()
      await workers.close()
    }
  })

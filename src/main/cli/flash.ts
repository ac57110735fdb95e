import { readFile } from 'node:fs/promises'
import { Command } from 'commander'
import { ReleaseError, readRelease, type Release } from '../firmware/release.ts'
import { failureFromData } from '../flashing/failure.ts'
import { FLASH_MODES, FlashParametersError, withFlashParameters } from '../flashing/flash-parameters.ts'
import { startFlashWorkers, type FlashWorkers, type RunEnd } from '../flashing/flash-workers.ts'
import { quickDeflate, type Region } from '../flashing/prepare.ts'
import type { SessionPlan } from '../flashing/session.ts'
import { REAL_TIME } from '../flashing/timing.ts'
import { collect, wholeNumber } from './arguments.ts'
import { InputError } from './input-error.ts'

interface Options {
  readonly port: readonly string[]
  readonly release: string
  readonly factory?: string
  readonly baud: string
  readonly stub: boolean
  readonly json?: true
  readonly flashMode: string
  readonly flashFreq: string
  readonly flashSize: string
  readonly skipUnchanged?: true
  readonly bootText?: string
}

/** More threads than this gain nothing: a thread serves many ports. */
const MOST_THREADS = 4
const RELEASE = 'release'

const readFactory = async (file: string, release: Release): Promise<Region> => {
  const { offset, size, label } = release.factory
  let bytes: Uint8Array
  try {
    bytes = await readFile(file)
  } catch {
    throw new InputError(`${file} cannot be read; give the image of the manufacturing partition (--factory FILE)`)
  }
  if (bytes.length === 0 || bytes.length > size)
    throw new InputError(`${file} has ${bytes.length} bytes, partition '${label}' takes 1 to ${size}`)
  return { name: label, offset, bytes }
}

const readInput = async (options: Options): Promise<{ release: Release; own: readonly Region[] }> => {
  const twice = options.port.find((port, index) => options.port.indexOf(port) !== index)
  if (twice !== undefined) throw new InputError(`--port ${twice} is given twice; each port is given once`)
  try {
    const release = await readRelease(options.release)
    return { release, own: options.factory === undefined ? [] : [await readFactory(options.factory, release)] }
  } catch (error) {
    if (error instanceof ReleaseError) throw new InputError(error.message)
    throw error
  }
}

/** The images of the release, the bootloader with the flash parameters that were asked for. */
const regionsOf = (release: Release, options: Options): Region[] => {
  const mode = FLASH_MODES.find((known) => known === options.flashMode)
  if (!mode && options.flashMode !== 'keep')
    throw new InputError(`--flash-mode ${options.flashMode} is not allowed; keep, ${FLASH_MODES.join(', ')} are`)
  const size = options.flashSize === 'keep' ? 'keep' : wholeNumber('--flash-size', options.flashSize, 1, 128) * 2 ** 20
  const wanted = { mode: mode ?? 'keep', frequency: options.flashFreq, size } as const
  try {
    return release.images.map(({ name, offset, bytes }) => ({
      name,
      offset,
      bytes: offset === release.chip.bootloaderOffset ? withFlashParameters(bytes, release.chip, wanted) : bytes,
    }))
  } catch (error) {
    if (error instanceof FlashParametersError) throw new InputError(error.message)
    throw error
  }
}

/** Runs one port to its end, telling its progress line by line; with --json in one line of JSON at the end. */
const flashPort = async (
  workers: FlashWorkers,
  seat: number,
  port: string,
  plan: SessionPlan,
  own: readonly Region[],
  json: boolean,
): Promise<boolean> => {
  const startedAt = performance.now()
  const tell = (text: string): void => void process.stderr.write(`${port}: ${text}\n`)
  let step = ''
  let tenth = 0
  const end: RunEnd = await workers.run(seat, port, plan, RELEASE, {
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
  }).ended
  const seconds = Math.round((performance.now() - startedAt) / 10) / 100
  if (json) {
    const told = end.ok
      ? { port, outcome: 'pass', seconds, ...end.result }
      : { port, outcome: 'fail', seconds, failure: end.failure }
    process.stdout.write(`${JSON.stringify(told)}\n`)
  } else if (end.ok) {
    const { board, regions } = end.result
    const verified = regions.filter((region) => region.verified).length
    process.stdout.write(
      `${port}: pass  ${board.mac ?? 'MAC unreadable'}  ${regions.length} regions written, ${verified} read back, ${seconds} s\n`,
    )
  } else {
    const { code, message, help } = failureFromData(end.failure)
    process.stdout.write(`${port}: fail  ${code}: ${message}. ${help}\n`)
  }
  return end.ok
}

/** `imprint flash`: writes a release to the boards on some ports, all at once, without an order and without records. */
export const flashCommand = (): Command =>
  new Command('flash')
    .description('write a build folder to one or more boards, side by side, and read it back')
    .requiredOption('--port <port>', 'path, socket://HOST:PORT or rfc2217://HOST:PORT; may be given again', collect, [])
    .requiredOption('--release <dir>', 'ESP-IDF build folder')
    .option('--factory <file>', 'image for the manufacturing partition')
    .option('--baud <n>', 'rate of the transfer', '921600')
    .option('--no-stub', 'write with the ROM loader alone')
    .option('--skip-unchanged', 'leave regions alone whose digest on the board is right already')
    .option('--boot-text <text>', 'what the firmware says on the port once it runs, to be waited for')
    .option('--flash-mode <mode>', `in the bootloader's header: keep, ${FLASH_MODES.join(', ')}`, 'keep')
    .option('--flash-freq <freq>', "in the bootloader's header: keep, or such as 80m", 'keep')
    .option('--flash-size <mb>', "in the bootloader's header: keep, or megabytes", 'keep')
    .option('--json', 'a line of JSON for each port')
    .action(async (options: Options) => {
      const baud = wholeNumber('--baud', options.baud, 9_600, 5_000_000)
      const { release, own } = await readInput(options)
      const regions = regionsOf(release, options)
      const plan: SessionPlan = {
        chip: release.chip.name,
        baud,
        useStub: options.stub,
        skipUnchanged: options.skipUnchanged === true,
        flashNeeded: release.flashNeeded,
        ...(options.bootText === undefined ? {} : { bootText: options.bootText }),
      }
      const threads = Math.min(options.port.length, MOST_THREADS)
      const workers = startFlashWorkers(threads, () => ({ source: { kind: 'native' }, transfer: [] }), REAL_TIME)
      try {
        await workers.loadRelease(RELEASE, regions, quickDeflate)
        const passed = await Promise.all(
          options.port.map((port, seat) => flashPort(workers, seat, port, plan, own, options.json === true)),
        )
        if (passed.includes(false)) process.exitCode = 1
      } finally {
        await workers.close()
      }
    })

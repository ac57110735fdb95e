import { Command } from 'commander'
import { chipByName, CHIP_NAMES } from '../espressif/chips.ts'
import { FAULT_NAMES, parseFault, type FaultName, type FaultSpec } from '../simulator/faults.ts'
import { parsePace } from '../simulator/pace.ts'
import { servePty } from '../simulator/serve-pty.ts'
import { serveRfc2217 } from '../simulator/serve-rfc2217.ts'
import { serveTcp, type Served } from '../simulator/serve-tcp.ts'
import type { ServedChipOptions } from '../simulator/served-chip.ts'
import { collect, hostAndPort, wholeNumber } from './arguments.ts'
import { InputError } from './input-error.ts'
import { makeOutputFolder } from './output-file.ts'

interface Options {
  readonly chip: string
  readonly tcp?: string
  readonly pty?: true
  readonly rfc2217?: string
  readonly chips: string
  readonly pace: string
  readonly fault: readonly string[]
  readonly mac: string
  readonly flashSize: string
  readonly keep?: string
  readonly sfdp?: true
}

const allowed = <T>(parse: () => T): T => {
  try {
    return parse()
  } catch (error) {
    if (error instanceof RangeError) throw new InputError(error.message)
    throw error
  }
}

/** The MAC of the how-manieth chip, counted up from the first. */
const macAfter = (first: string, index: number): string => {
  if (!/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/iu.test(first))
    throw new InputError(`--mac ${first} is no MAC; AA:BB:CC:DD:EE:FF is`)
  const next = (BigInt(`0x${first.replaceAll(':', '')}`) + BigInt(index)) & 0xffff_ffff_ffffn
  return (next.toString(16).padStart(12, '0').toUpperCase().match(/../gu) ?? []).join(':')
}

/** Further chips are on the ports after the first. */
const listenOn = (option: string, text: string, index: number): [host: string, port: number] => {
  const { host, port } = hostAndPort(option, text)
  return [host, port === 0 ? 0 : port + index]
}

/** Faults of the port itself need a port that can have them: a byte stream has no rate, and a pseudo-terminal no plug. */
const refuseUnshown = ({ tcp, pty }: Options, faults: readonly FaultSpec[]): void => {
  const unshown: readonly FaultName[] = pty ? ['usb-unplugged', 'port-busy', 'baud-refused'] : ['baud-refused']
  const fault = faults.find(({ name }) => unshown.includes(name))
  if (fault && (pty === true || tcp !== undefined))
    throw new InputError(`--fault ${fault.name} does not show itself over ${pty ? '--pty' : '--tcp'}; use --rfc2217`)
}

const serveAll = async (options: Options): Promise<Served[]> => {
  const chip = chipByName(options.chip)
  if (!chip) throw new InputError(`--chip ${options.chip} is not known; one of ${CHIP_NAMES.join(', ')} is`)
  const pace = allowed(() => parsePace(options.pace))
  const faults: FaultSpec[] = options.fault.map((text) => allowed(() => parseFault(text)))
  const count = wholeNumber('--chips', options.chips, 1, 64)
  const megabytes = wholeNumber('--flash-size', options.flashSize, 1, 128)
  if ((megabytes & (megabytes - 1)) !== 0)
    throw new InputError(`--flash-size ${megabytes} is not allowed; a power of two is, in MB`)
  const ways = [options.tcp, options.pty, options.rfc2217].filter((way) => way !== undefined)
  if (ways.length !== 1)
    throw new InputError('say where the chip is to be reached: --tcp HOST:PORT, --pty or --rfc2217 HOST:PORT')

  refuseUnshown(options, faults)
  if (options.keep !== undefined) await makeOutputFolder('--keep', options.keep)
  const optionsOf = (index: number): ServedChipOptions => ({
    chip: chip.name,
    mac: macAfter(options.mac, index),
    pace,
    faults: faults.filter((fault) => fault.unit === index + 1),
    flashSize: megabytes * 2 ** 20,
    directory: options.keep,
    sfdp: options.sfdp === true,
  })
  const served: Served[] = []
  for (let index = 0; index < count; index++) {
    const { tcp, rfc2217 } = options
    if (tcp !== undefined) served.push(await serveTcp(...listenOn('--tcp', tcp, index), optionsOf(index)))
    else if (rfc2217 !== undefined)
      served.push(await serveRfc2217(...listenOn('--rfc2217', rfc2217, index), optionsOf(index)))
    else served.push(await servePty(optionsOf(index)))
  }
  return served
}

/** `imprint simulate`: chips to try things on, until it is interrupted. */
export const simulateCommand = (): Command =>
  new Command('simulate')
    .description('serve simulated chips in their loader, for this and for other flash programs')
    .requiredOption('--chip <name>', `one of ${CHIP_NAMES.join(', ')}`)
    .option('--tcp <host:port>', 'on a TCP socket; further chips on the ports after it, port 0 for any free one')
    .option('--pty', 'on a pseudo-terminal, whose path is printed')
    .option('--rfc2217 <host:port>', 'as a serial device server with rate and control lines')
    .option('--chips <n>', 'how many', '1')
    .option('--pace <pace>', "wire, off, or a factor such as '10x'", 'off')
    .option('--fault <name[@chip][:times=n]>', `give a chip a fault: ${FAULT_NAMES.join(', ')}`, collect, [])
    .option('--mac <address>', 'MAC of the first chip; the others count up', '24:0A:C4:00:00:01')
    .option('--flash-size <mb>', 'size of the flash', '4')
    .option('--sfdp', 'the flash tells its parameters (SFDP); that of the recorded chips answers zeros')
    .option('--keep <dir>', 'folder in which the chips keep their flash')
    .action(async (options: Options) => {
      const served = await serveAll(options)
      for (const { address } of served) process.stdout.write(`${address}\n`)
      await new Promise<void>((resolve) => {
        // A terminal that is open does not keep a process alive, the timer does.
        const alive = setInterval(() => undefined, 60_000)
        for (const signal of ['SIGINT', 'SIGTERM'] as const)
          process.once(signal, () => {
            clearInterval(alive)
            resolve()
          })
      })
      await Promise.all(served.map((chip) => chip.close()))
    })

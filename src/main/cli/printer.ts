import { Command } from 'commander'
import { parsePrinterAddress } from '../labels/printer-address.ts'
import { PRINTER_FAULTS, parsePrinterFault } from '../simulator/printer-faults.ts'
import { openSimulatedPrinter } from '../simulator/printer.ts'
import { factorOfPace, parsePace } from '../simulator/pace.ts'
import { collect, wholeNumber } from './arguments.ts'
import { InputError } from './input-error.ts'
import { printerOf } from './label.ts'
import { makeOutputFolder } from './output-file.ts'

/** `imprint printer status ADDRESS`: exit code 1 when it cannot print now. */
const statusCommand = (): Command =>
  new Command('status')
    .description('ask a label printer how it is')
    .argument('<address>', 'tcp://HOST:9100, usb:/dev/usb/lp0, cups:QUEUE or folder:PATH')
    .option('--json', 'as JSON')
    .exitOverride()
    .action(async (address: string, options: { json?: true }) => {
      const printer = printerOf(address)
      const parsed = parsePrinterAddress(address)
      if (parsed.kind === 'folder') await makeOutputFolder('folder', parsed.path)
      const { state, pending, count } = await printer.look()
      await printer.close()
      process.stdout.write(
        options.json
          ? `${JSON.stringify({ printer: printer.name, state, pending, labelsPrinted: count, confirms: printer.confirms })}\n`
          : `${printer.name}: ${state}` +
              `${pending === null ? '' : `, ${pending} labels in it`}${count === null ? '' : `, ${count} printed ever`}\n`,
      )
      if (state !== 'ready' && state !== 'printing') process.exitCode = 1
    })

interface SimulateOptions {
  readonly port: string
  readonly pace: string
  readonly fault: readonly string[]
  readonly silent?: true
  readonly counter: boolean
}

const allowed = <T>(parse: () => T): T => {
  try {
    return parse()
  } catch (error) {
    if (error instanceof RangeError) throw new InputError(error.message)
    throw error
  }
}

/** `imprint printer simulate`: a label printer to try things on, until it is interrupted. */
const simulateCommand = (): Command =>
  new Command('simulate')
    .description('serve a simulated label printer on this computer')
    .option('--port <n>', 'TCP port of 127.0.0.1; 0 takes a free one', '9100')
    .option('--pace <pace>', "'wire', 'off' or a factor such as '10x'", 'wire')
    .option('--fault <fault>', `NAME@LABEL, more than once; ${PRINTER_FAULTS.join(', ')}`, collect, [])
    .option('--silent', 'give no answer while something is wrong, as some models do')
    .option('--no-counter', 'have no label counter')
    .exitOverride()
    .action(async (options: SimulateOptions) => {
      const pace = allowed(() => parsePace(options.pace))
      let labels = 0
      const printer = await openSimulatedPrinter({
        port: wholeNumber('--port', options.port, 0, 65_535),
        factor: factorOfPace(pace),
        faults: options.fault.map((text) => allowed(() => parsePrinterFault(text))),
        silentInFault: options.silent === true,
        counter: options.counter,
        onLabel: ({ whole }) => process.stdout.write(`label ${++labels}${whole ? '' : ': half of it'}\n`),
      })
      process.stdout.write(`${printer.address}\n`)
      await new Promise<void>((resolve) => {
        process.once('SIGINT', resolve)
        process.once('SIGTERM', resolve)
      })
      await printer.close()
    })

/** `imprint printer …` */
export const printerCommand = (): Command =>
  new Command('printer').description('label printers').addCommand(statusCommand()).addCommand(simulateCommand())

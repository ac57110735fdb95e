import { join, resolve } from 'node:path'
import { Command, Option } from 'commander'
import { LABEL_FORMS, labelFileName, renderForm, type LabelForm } from '../labels/folder-printer.ts'
import { parsePrinterAddress, PrinterAddressError } from '../labels/printer-address.ts'
import { printerAt } from '../labels/printer-at.ts'
import type { Printer } from '../labels/printer.ts'
import type { ZplOptions } from '../labels/zpl.ts'
import { InputError } from './input-error.ts'
import { readLabelInput, withLabelOptions, type LabelOptions } from './label-input.ts'
import { printLabels } from './label-print.ts'
import { makeOutputFolder, writeWholeFile } from './output-file.ts'

interface RenderOptions extends LabelOptions {
  readonly format: LabelForm
  readonly out: string
}

/** `imprint label render`: a file a unit, named by its serial. */
const renderCommand = (): Command =>
  withLabelOptions(new Command('render').description('draw the labels of a table of units, a file each'))
    .addOption(new Option('--format <form>', 'of the files').choices(LABEL_FORMS).default('zpl'))
    .requiredOption('--out <dir>', 'folder for the files; it is made')
    .exitOverride()
    .action(async (options: RenderOptions) => {
      const { units, layOut, zpl } = readLabelInput(options)
      await makeOutputFolder('--out', options.out)
      const folder = resolve(options.out)
      for (const unit of units) {
        const bytes = await renderForm(layOut(unit), options.format, unit.serial, zpl)
        await writeWholeFile(join(folder, labelFileName(unit.serial, options.format)), bytes)
      }
      process.stdout.write(
        `${folder}: ${units.length} ${options.format === 'zpl' ? 'ZPL' : options.format.toUpperCase()} files\n`,
      )
    })

/** @throws InputError for an address that is none */
export const printerOf = (address: string, zpl: ZplOptions = {}): Printer => {
  try {
    if (parsePrinterAddress(address).kind === 'system')
      throw new InputError(
        `'${address}' can be printed to from the Imprint window only; give cups:QUEUE or another address`,
      )
    return printerAt(address, zpl)
  } catch (error) {
    if (error instanceof PrinterAddressError) throw new InputError(error.message)
    throw error
  }
}

interface PrintOptions extends LabelOptions {
  readonly printer: string
}

/** `imprint label print`: exit code 1 when a label did not come out, or nobody can know. */
const printCommand = (): Command =>
  withLabelOptions(new Command('print').description('print the labels of a table of units'))
    .requiredOption('--printer <address>', 'tcp://HOST:9100, usb:/dev/usb/lp0, cups:QUEUE or folder:PATH')
    .exitOverride()
    .action(async (options: PrintOptions) => {
      const input = readLabelInput(options)
      const printer = printerOf(options.printer, input.zpl)
      const address = parsePrinterAddress(options.printer)
      if (address.kind === 'folder') await makeOutputFolder('--printer', address.path)
      const outcome = await printLabels(input, printer)
      process.stdout.write(
        outcome.sent > 0
          ? `${outcome.sent} labels sent; ${printer.name} does not tell whether they came out\n`
          : `${outcome.printed} labels printed\n`,
      )
      const tell = (what: string, serials: readonly string[]): void => {
        if (serials.length === 0) return
        process.stderr.write(`imprint: ${what}: ${serials.join(', ')}\n`)
        process.exitCode = 1
      }
      tell('look whether these labels came out', outcome.inDoubt)
      tell('not printed', outcome.notPrinted)
    })

/** `imprint label …` */
export const labelCommand = (): Command =>
  new Command('label')
    .description('labels from a table of units, without an order')
    .addCommand(renderCommand())
    .addCommand(printCommand())

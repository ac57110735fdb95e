/** What `imprint label render` and `imprint label print` are told alike: a table of units, a template, a resolution. */
import type { Command } from 'commander'
import { Option } from 'commander'
import { LabelError } from '../labels/label-error.ts'
import { layOutLabel, RESOLUTIONS, type Dpi, type Layout, type LayoutWarning } from '../labels/layout.ts'
import { DEFAULT_TEMPLATE, templateByName, templateNames } from '../labels/templates.ts'
import { parseTemplate, type LabelTemplate } from '../labels/template.ts'
import { readUnitsTable, UnitsTableError, type TableUnit } from '../labels/units-table.ts'
import type { ZplOptions } from '../labels/zpl.ts'
import { InputError } from './input-error.ts'
import { readInputFile } from './input-file.ts'

export interface LabelOptions {
  readonly from: string
  readonly template: string
  readonly dpi: string
  readonly product: string
  readonly vendor: string
  readonly order: string
  readonly date: string
  readonly mark?: 'demo' | 'test'
  readonly codes: 'graphic' | 'printer'
  readonly text: 'graphic' | 'printer'
}

export interface LabelInput {
  readonly units: readonly TableUnit[]
  readonly template: LabelTemplate
  readonly dpi: Dpi
  readonly zpl: ZplOptions
  layOut(unit: TableUnit): Layout
}

export const withLabelOptions = (command: Command): Command =>
  command
    .requiredOption('--from <csv>', 'units: serial, mac, slot, outcome, attempts, qrcode, manualcode')
    .option('--template <name>', `one of ${templateNames().join(', ')}, or a file NAME.json`, DEFAULT_TEMPLATE)
    .addOption(new Option('--dpi <n>', 'resolution').choices(RESOLUTIONS.map(String)).default('203'))
    .option('--product <name>', 'product name on the label', '')
    .option('--vendor <name>', 'vendor name on the label', '')
    .option('--order <number>', 'order number on the label', '')
    .option('--date <text>', 'date on the label', '')
    .addOption(
      new Option('--mark <mark>', 'mark on the label; vendor IDs FFF1 to FFF4 get TEST without').choices([
        'demo',
        'test',
      ]),
    )
    .addOption(
      new Option('--codes <way>', 'in ZPL: codes as dots, or drawn by the printer')
        .choices(['graphic', 'printer'])
        .default('graphic'),
    )
    .addOption(
      new Option('--text <way>', "in ZPL: text in the printer's own font, or as dots, like the preview")
        .choices(['printer', 'graphic'])
        .default('printer'),
    )

/** Bad input is told in one sentence, with exit code 2. */
export const asInput = <T>(action: () => T): T => {
  try {
    return action()
  } catch (error) {
    if (error instanceof UnitsTableError || error instanceof LabelError) throw new InputError(error.message)
    throw error
  }
}

const templateOfFile = (name: string): LabelTemplate => {
  const text = readInputFile(name, '--template').toString('utf8')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new InputError(`--template ${name}: not JSON (${error instanceof Error ? error.message : String(error)})`)
  }
  return parseTemplate(value, name)
}

/** @throws InputError; LabelError when there is none, or it is not valid */
const templateOf = (name: string): LabelTemplate => {
  const template = name.endsWith('.json') ? templateOfFile(name) : templateByName(name)
  if (template.kind !== 'unit')
    throw new InputError(
      `--template ${name}: it is for a ${template.kind}; ${templateNames().join(', ')} are for units`,
    )
  return template
}

const warningText = (warning: LayoutWarning, dpi: Dpi): string =>
  warning.code === 'small-module'
    ? `a module of '${warning.element}' is ${warning.moduleMm.toFixed(2)} mm wide at ${dpi} dpi; 0.25 mm and more read well`
    : `'${warning.other}' stands in the quiet zone of '${warning.element}'; move it away`

/**
 * Reads the table and lays every label out once, so that nothing is written or printed where one of them does not fit.
 *
 * @throws InputError naming file, row and column, or the label's element
 */
export const readLabelInput = (options: LabelOptions): LabelInput => {
  const template = asInput(() => templateOf(options.template))
  const dpi = Number(options.dpi) as Dpi
  const table = readInputFile(options.from, '--from')
  const units = asInput(() =>
    readUnitsTable(table, options.from, {
      productName: options.product,
      vendorName: options.vendor,
      orderNumber: options.order,
      date: options.date,
      mark: options.mark === undefined ? undefined : options.mark === 'demo' ? 'DEMO' : 'TEST',
    }),
  )
  const layOut = (unit: TableUnit): Layout => {
    try {
      return layOutLabel(template, unit, dpi)
    } catch (error) {
      if (error instanceof LabelError)
        throw new InputError(`${options.from}:${unit.row}: unit ${unit.serial}: ${error.message}`)
      throw error
    }
  }
  const warnings = new Map(
    units.flatMap((unit) => layOut(unit).warnings.map((warning) => [`${warning.code} ${warning.element}`, warning])),
  )
  for (const warning of warnings.values()) process.stderr.write(`imprint: ${warningText(warning, dpi)}\n`)
  return { units, template, dpi, zpl: { codes: options.codes, text: options.text }, layOut }
}

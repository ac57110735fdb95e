/** A queue of the system's print service (CUPS), through its own commands `lp` and `lpstat`. It ends at 'sent'. */
import { spawn } from 'node:child_process'
import { renderPdf } from './pdf.ts'
import { PrinterError, type Printer, type PrinterState } from './printer.ts'
import { renderZpl, type ZplOptions } from './zpl.ts'

const LIMIT = 10_000

interface Ended {
  readonly code: number
  readonly output: string
}

/** @throws Error when the command cannot be started */
const run = (command: string, args: readonly string[], input: Uint8Array = new Uint8Array()): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: LIMIT,
      env: { ...process.env, LC_ALL: 'C' },
    })
    const parts: Buffer[] = []
    child.stdout.on('data', (part: Buffer) => parts.push(part))
    child.stderr.on('data', (part: Buffer) => parts.push(part))
    child.stdin.on('error', () => undefined)
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? -1, output: Buffer.concat(parts).toString('utf8').trim() }))
    child.stdin.end(input)
  })

/** Keywords of `printer-state-reasons` (RFC 8011, section 5.4.12), with or without their severity behind them. */
const REASONS: readonly (readonly [RegExp, PrinterState])[] = [
  [/\b(?:cover|door|interlock)-open\b/u, 'head-open'],
  [/\bmedia-(?:empty|needed)\b/u, 'paper-out'],
  [/\bmarker-supply-empty\b/u, 'ribbon-out'],
  [/\bmedia-jam\b/u, 'error'],
  [/\b(?:offline|timed-out|shutdown)\b/u, 'not-answering'],
]

/**
 * From lpstat's lines: `printer NAME is idle. …`, `now printing …`, `is holding new jobs. …` or `disabled since … -`, then what the
 * printer says, and with `-l` its reasons as `Alerts: …` (systemv/lpstat.c of CUPS).
 */
const stateFrom = ({ code, output }: Ended): PrinterState => {
  if (code !== 0) return 'error'
  const [first = '', said = ''] = output.split('\n')
  const alerts = /^\tAlerts: (.*)$/mu.exec(output)?.[1] ?? ''
  const reason = REASONS.find(([pattern]) => pattern.test(alerts))
  if (reason) return reason[1]
  if (/^\tout of paper/iu.test(said)) return 'paper-out'
  if (/ disabled since | is holding new jobs\./u.test(first)) return 'paused'
  return / now printing /u.test(first) ? 'printing' : 'ready'
}

/** @param form raw: a queue without a driver, which passes ZPL on; pdf: the queue's driver draws a page in true size */
export const createCupsPrinter = (queue: string, form: 'raw' | 'pdf' = 'pdf', zpl: ZplOptions = {}): Printer => ({
  name: `${form === 'raw' ? 'cups-raw' : 'cups'}:${queue}`,
  confirms: false,
  repeatable: false,
  async look() {
    let state: PrinterState
    try {
      state = stateFrom(await run('lpstat', ['-l', '-p', queue]))
    } catch {
      state = 'error'
    }
    return { state, pending: null, count: null, session: 1 }
  },
  async send({ name, layout }) {
    const mm = (dots: number): string => (dots / layout.dotsPerMm).toFixed(1)
    const [bytes, options] =
      form === 'raw'
        ? [Buffer.from(renderZpl(layout, zpl), 'utf8'), ['-o', 'raw']]
        : [
            await renderPdf(layout, { title: name }),
            ['-o', `media=Custom.${mm(layout.width)}x${mm(layout.height)}mm`, '-o', 'print-scaling=none'],
          ]
    let ended: Ended
    try {
      ended = await run('lp', ['-d', queue, '-t', name, ...options, '--', '-'], bytes)
    } catch (error) {
      throw new PrinterError(
        'nothing',
        `the command lp cannot be run: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
    if (ended.code < 0) throw new PrinterError('unknown', `the print queue ${queue} did not answer in time`)
    if (ended.code !== 0)
      throw new PrinterError('nothing', `the print queue ${queue} refused the label: ${ended.output}`)
  },
  close: () => Promise.resolve(),
})

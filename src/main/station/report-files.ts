/** A report as files: units as a table, the whole of it as a page for people. */
import { stringify } from 'csv-stringify/sync'
import PDFDocument from 'pdfkit'
import type { Report } from '../../contract/index.ts'

export interface ReportFile {
  readonly name: string
  readonly type: string
  /** Base64. */
  readonly content: string
}

const MARGIN = 48
const percent = (part: number, whole: number): string => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`)
const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`
const time = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ')

/** Rows of `what,name,value`: whatever a spreadsheet shall make of it. */
export const reportCsv = (report: Report): string =>
  stringify(
    [
      ['what', 'name', 'value'],
      ['units', 'tried', report.tried],
      ['units', 'passed at first try', report.passedFirst],
      ['units', 'passed', report.passed],
      ['units', 'failed', report.failed],
      ['units', 'rework', report.rework],
      ['units', 'scrap', report.scrap],
      ['labels', 'printed', report.labels.printed],
      ['labels', 'reprinted', report.labels.reprinted],
      ...(report.cycle
        ? [
            ['cycle ms', 'median', report.cycle.median],
            ['cycle ms', 'p95', report.cycle.p95],
            ['cycle ms', 'slowest', report.cycle.slowest],
          ]
        : []),
      ...report.failures.map(({ code, count }) => ['failure', code, count]),
      ...report.hours.flatMap(({ at, passed, failed }) => [
        ['passed in hour', new Date(at).toISOString(), passed],
        ['failed in hour', new Date(at).toISOString(), failed],
      ]),
      ...report.slots.flatMap((slot) => [
        ['slot passed', slot.slot, slot.passed],
        ['slot failed', slot.slot, slot.failed],
        ['slot insertions', slot.slot, slot.insertions],
        ['slot contact failures', slot.slot, slot.contact],
      ]),
    ],
    { record_delimiter: 'windows' },
  )

const facts = (report: Report): [string, string][] => [
  ['Units passed', String(report.passed)],
  ['Units failed', `${report.failed} (rework ${report.rework}, scrap ${report.scrap})`],
  ['First-pass yield', `${percent(report.passedFirst, report.tried)} of ${report.tried} tried`],
  ['Final yield', percent(report.passed, report.passed + report.failed)],
  ['Labels printed', `${report.labels.printed}, ${report.labels.reprinted} of them again`],
  [
    'Cycle time',
    report.cycle
      ? `median ${seconds(report.cycle.median)}, 95 % ${seconds(report.cycle.p95)}, slowest ${seconds(report.cycle.slowest)}`
      : '–',
  ],
]

/** Bars with a word before and a number behind, drawn to the largest. */
const bars = (document: PDFKit.PDFDocument, title: string, rows: readonly { name: string; value: number }[]): void => {
  if (rows.length === 0) return
  if (document.y > document.page.height - 140) document.addPage()
  document.moveDown().fontSize(13).fillColor('black').text(title, MARGIN).fontSize(10).moveDown(0.4)
  const largest = Math.max(...rows.map((row) => row.value), 1)
  for (const { name, value } of rows) {
    if (document.y > document.page.height - MARGIN - 20) document.addPage()
    const top = document.y
    document.fillColor('black').text(name, MARGIN, top, { width: 150, lineBreak: false, ellipsis: true })
    document.rect(MARGIN + 160, top + 1, Math.max(1, (280 * value) / largest), 9).fill('#1d4ed8')
    document.fillColor('black').text(String(value), MARGIN + 450, top, { lineBreak: false })
    document.y = top + 15
  }
}

export const reportPdf = (report: Report, title: string, now: Date): Promise<Uint8Array> => {
  const document = new PDFDocument({ size: 'A4', margin: MARGIN, info: { Title: title, Producer: 'Imprint' } })
  const parts: Buffer[] = []
  const ended = new Promise<Uint8Array>((resolve, reject) => {
    document.on('data', (part: Buffer) => parts.push(part))
    document.on('end', () => resolve(Buffer.concat(parts)))
    document.on('error', reject)
  })
  document
    .fontSize(20)
    .text(title)
    .fontSize(9)
    .fillColor('#555')
    .text(`Made by Imprint on ${time(now.getTime())} UTC`)
  document.moveDown().fontSize(11).fillColor('black')
  for (const [name, value] of facts(report)) {
    const top = document.y
    document.text(name, MARGIN, top, { width: 150 })
    document.text(value, MARGIN + 160, top, { width: 330 })
    document.moveDown(0.3)
  }
  bars(
    document,
    'Failures',
    report.failures.map(({ code, count }) => ({ name: code, value: count })),
  )
  bars(
    document,
    'Units passed by the hour (UTC)',
    report.hours.map(({ at, passed }) => ({ name: time(at), value: passed })),
  )
  bars(
    document,
    'Failures by slot',
    report.slots.filter((slot) => slot.failed > 0).map(({ slot, failed }) => ({ name: `Slot ${slot}`, value: failed })),
  )
  document.end()
  return ended
}

export const base64File = (name: string, type: string, bytes: Uint8Array | string): ReportFile => ({
  name,
  type,
  content: Buffer.from(bytes).toString('base64'),
})

/** Files that a screen saves: a report's figures as a table, and bytes of any kind as text. */
import { stringify } from 'csv-stringify/sync'
import type { Report } from '../../contract/index.ts'

export interface ReportFile {
  readonly name: string
  readonly type: string
  /** Base64. */
  readonly content: string
}

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

export const base64File = (name: string, type: string, bytes: Uint8Array | string): ReportFile => ({
  name,
  type,
  content: Buffer.from(bytes).toString('base64'),
})

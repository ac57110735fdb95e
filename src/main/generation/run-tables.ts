/**
 * The tables of a run, written as its devices become complete and put in place when it ends. Rows are in the order of the devices,
 * whichever thread is the quicker; memory does not grow with their number.
 */
import { closeSync, existsSync, fsyncSync, openSync, renameSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../make-folder.ts'
import { CN_DACS_HEADER, pinDiscHeader, TABLES, type BatchRows } from './device-table.ts'
import type { GenerationPlan } from './plan.ts'

export interface RunTables {
  /**
   * Takes batches' rows in any order.
   *
   * @param first position of the batch, which has `size` positions
   */
  add(first: number, size: number, rows: BatchRows): void
  /** Puts the tables in place. */
  finish(now: Date): { readonly summary: string; readonly cnDacs: string }
}

const SUMMARY = 'summary.csv'
const CN_DACS = 'cn_dacs.csv'
const STAGING = ['config.csv', 'master.csv', 'pin_disc.csv', 'pai_cert.der'] as const

const two = (value: number): string => String(value).padStart(2, '0')

/** Local time, `2026-11-24-01-31-01`. */
const stamp = (date: Date): string =>
  [
    date.getFullYear(),
    ...[date.getMonth() + 1, date.getDate(), date.getHours(), date.getMinutes(), date.getSeconds()].map(two),
  ].join('-')

/** Moves a table to its name; when that is taken, to that of the next second. */
const place = (from: string, folder: string, name: (date: Date) => string, now: Date): string => {
  for (let time = now.getTime(); ; time += 1000) {
    const path = join(folder, name(new Date(time)))
    try {
      // Nobody else can have the name from here on.
      closeSync(openSync(path, 'wx'))
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') continue
      throw error
    }
    renameSync(from, path)
    return path
  }
}

const placeSummary = (workFolder: string, folder: string, now: Date): string =>
  place(join(workFolder, SUMMARY), folder, (date) => `summary-${stamp(date)}.csv`, now)

const placeCnDacs = (workFolder: string, folder: string, now: Date): string => {
  const fraction = `${String(now.getMilliseconds()).padStart(3, '0')}000`
  return place(join(workFolder, CN_DACS), folder, (date) => `cn_dacs-${stamp(date)}-${fraction}.csv`, now)
}

/** What a run that died left: its tables name complete devices only, and are put in place. */
export const rescueTables = (workFolder: string, folder: string, now: Date): void => {
  const summary = join(workFolder, SUMMARY)
  if (!existsSync(summary) || statSync(summary).size === 0) return
  placeSummary(workFolder, folder, now)
  if (existsSync(join(workFolder, CN_DACS))) placeCnDacs(workFolder, folder, now)
}

/** @param workFolder of the run */
export const openRunTables = (plan: GenerationPlan, workFolder: string): RunTables => {
  const waiting = new Map<number, { readonly size: number; readonly rows: BatchRows }>()
  let next = 0
  const open = (name: string): number => openSync(join(workFolder, name), 'w')
  const tables = {
    summary: open(SUMMARY),
    cnDacs: open(CN_DACS),
    config: open('config.csv'),
    master: open('master.csv'),
    pinDisc: open('pin_disc.csv'),
  }
  writeSync(tables.cnDacs, CN_DACS_HEADER)
  writeSync(tables.pinDisc, pinDiscHeader(plan))

  const write = ({ headers, tables: rows }: BatchRows): void => {
    if (headers) {
      writeSync(tables.config, headers.config)
      writeSync(tables.summary, headers.summary)
      writeSync(tables.master, headers.master)
    }
    for (const table of TABLES) if (rows[table].length > 0) writeSync(tables[table], rows[table])
  }

  return {
    add(first, size, rows) {
      waiting.set(first, { size, rows })
      for (let ready = waiting.get(next); ready; ready = waiting.get(next)) {
        waiting.delete(next)
        next += ready.size
        write(ready.rows)
      }
    },
    finish(now) {
      // What waits for a batch that will never come names complete devices all the same.
      for (const [, { rows }] of [...waiting].toSorted(([a], [b]) => a - b)) write(rows)
      for (const table of Object.values(tables)) {
        fsyncSync(table)
        closeSync(table)
      }
      const staging = join(plan.folder, 'staging')
      makeFolder(staging)
      if (plan.attestation) writeFileSync(join(workFolder, 'pai_cert.der'), plan.attestation.paiCertificate)
      // Whole files only: a run beside this one may put its own there, but no reader ever sees half of one.
      for (const name of STAGING)
        if (existsSync(join(workFolder, name))) renameSync(join(workFolder, name), join(staging, name))
      return { summary: placeSummary(workFolder, plan.folder, now), cnDacs: placeCnDacs(workFolder, plan.folder, now) }
    },
  }
}

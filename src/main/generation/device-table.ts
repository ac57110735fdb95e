/** The rows that a device adds to the run's tables: `summary-….csv`, `cn_dacs-….csv` and the tables of `staging`. */
import { certificatePem } from '../matter/certificate-issue.ts'
import { readCertificate } from '../matter/certificate-read.ts'
import { csvLine } from './csv-line.ts'
import type { Device } from './device.ts'
import { summaryColumns, type DeviceOutput } from './device-files.ts'
import { keyedRows } from './partition-rows.ts'
import type { Dac, GenerationPlan } from './plan.ts'

/** The tables, each of which has a file of its own. */
export const TABLES = ['summary', 'cnDacs', 'master', 'pinDisc'] as const
export type Table = (typeof TABLES)[number]

/** One text a table. */
export interface DeviceRows {
  /** Of the tables, which are the same for every device of a run: with its first device only. */
  readonly headers: { readonly summary: string; readonly config: string; readonly master: string } | undefined
  readonly summary: string
  readonly cnDacs: string
  readonly master: string
  readonly pinDisc: string
}

export const CN_DACS_HEADER = csvLine(['CN', 'certs'], '\r\n')

export const pinDiscHeader = ({ dynamicPasscode }: GenerationPlan): string =>
  csvLine(
    dynamicPasscode
      ? ['Index', 'Iteration Count', 'Salt', 'Discriminator']
      : ['Index', 'PIN Code', 'Iteration Count', 'Salt', 'Verifier', 'Discriminator'],
    '\n',
  )

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

const pinDisc = (position: number, device: Device): string => {
  const { passcode, iterations, salt, verifier, discriminator } = device
  const secret = passcode === undefined ? [] : [String(passcode)]
  return csvLine(
    [
      String(position),
      ...secret,
      String(iterations),
      base64(salt),
      ...(passcode === undefined || !verifier ? [] : [base64(verifier)]),
      String(discriminator),
    ],
    '\n',
  )
}

/** A DAC that is made here bears its device's name; only others need be read. */
const commonNameOf = ({ id }: Device, { certificate }: Dac): string =>
  Buffer.from(certificate.buffer, certificate.byteOffset, certificate.length).includes(id)
    ? id
    : readCertificate(certificate, 'the DAC').commonName

const headersOf = (columns: readonly { key: string }[], { rows }: DeviceOutput): DeviceRows['headers'] => ({
  summary: csvLine(
    columns.map(({ key }) => key),
    '\r\n',
  ),
  config: rows
    .map(({ item, type, encoding }) =>
      csvLine([item.type === 'namespace' ? item.namespace : item.key, type, encoding], '\n'),
    )
    .join(''),
  master: csvLine(
    keyedRows(rows).map(({ key }) => key),
    '\n',
  ),
})

export const deviceRows = (
  plan: GenerationPlan,
  position: number,
  device: Device,
  output: DeviceOutput,
): DeviceRows => {
  const columns = summaryColumns(plan, device, output)
  const { dac } = device
  return {
    headers: position === 0 ? headersOf(columns, output) : undefined,
    summary: csvLine(
      columns.map(({ value }) => value),
      '\r\n',
    ),
    cnDacs: dac ? csvLine([commonNameOf(device, dac), certificatePem(dac.certificate)], '\r\n') : '',
    master: csvLine(
      keyedRows(output.rows).map(({ value }) => value),
      '\n',
    ),
    pinDisc: pinDisc(position, device),
  }
}

/** Rows of several devices, one after the other, as they go into the files; each in a buffer of its own, so that it can be transferred. */
export interface BatchRows {
  readonly headers: DeviceRows['headers']
  readonly tables: Readonly<Record<Table, Uint8Array<ArrayBuffer>>>
}

const encoder = new TextEncoder()

export const batchRows = (rows: readonly DeviceRows[]): BatchRows => {
  const encode = (table: Table): Uint8Array<ArrayBuffer> => encoder.encode(rows.map((row) => row[table]).join(''))
  return {
    headers: rows[0]?.headers,
    tables: {
      summary: encode('summary'),
      cnDacs: encode('cnDacs'),
      master: encode('master'),
      pinDisc: encode('pinDisc'),
    },
  }
}

/** Scans in the records: labels thrown away, labels that still have to be scanned, and scans that stopped the line. */
import type { Kysely } from 'kysely'
import { labelRows, moveLabel, type LabelRow } from './label-records.ts'
import type { Schema } from './schema.ts'
import { audit } from './station-records.ts'

/** Every label of a unit, the current one first; `voided` when it was thrown away. */
export const labelsOfUnit = async (
  db: Kysely<Schema>,
  { mac }: { mac: string },
): Promise<(LabelRow & { voided: boolean })[]> => {
  const rows = await labelRows(db)
    .leftJoin('voided_labels', 'voided_labels.label_id', 'labels.id')
    .select('voided_labels.at as voidedAt')
    .where('labels.mac', '=', mac)
    .orderBy('labels.seq', 'desc')
    .execute()
  return rows.map(({ voidedAt, ...row }) => ({ ...row, voided: voidedAt !== null }))
}

/**
 * A label is thrown away. The current one of its unit is then to be replaced: it counts as failed.
 *
 * @returns false when it waits still, or was thrown away before
 */
export const voidLabel = async (
  db: Kysely<Schema>,
  voiding: { labelId: string; reason: string; who: string; at: number },
): Promise<{ voided: boolean }> => {
  const { labelId, reason, who, at } = voiding
  const label = await db.selectFrom('labels').select('state').where('id', '=', labelId).executeTakeFirst()
  const before = await db.selectFrom('voided_labels').select('at').where('label_id', '=', labelId).executeTakeFirst()
  if (!label || label.state === 'waiting' || before) return { voided: false }
  await db.insertInto('voided_labels').values({ label_id: labelId, reason, who, at }).execute()
  await moveLabel(db, {
    id: labelId,
    from: ['sent', 'in-doubt', 'printed', 'confirmed', 'failed'],
    to: 'failed',
    fault: 'voided',
    proof: null,
    at,
  })
  const detail = JSON.stringify({ stateBefore: label.state, reason })
  await audit(db, { at, who, action: 'label voided', subject: labelId, detail })
  return { voided: true }
}

const unscanned = (db: Kysely<Schema>, orderId: string) =>
  labelRows(db)
    .where('labels.order_id', '=', orderId)
    .where('labels.mac', 'is not', null)
    .where((value) =>
      value.or([
        value('labels.state', '=', 'printed'),
        value.and([value('labels.state', '=', 'sent'), value('labels.fault', '=', 'not-confirmed')]),
      ]),
    )

/** Labels of an order that came out and were not scanned, in the order of printing. */
export const labelsToScan = (db: Kysely<Schema>, { orderId }: { orderId: string }): Promise<LabelRow[]> =>
  unscanned(db, orderId).orderBy('labels.updated_at').orderBy('labels.seq').limit(100).execute()

export interface ScanHold {
  readonly id: number
  readonly at: number
  readonly slot: number | null
  readonly expected: string
  /** Null when the code is of no unit of this station. */
  readonly found: { readonly serial: string; readonly slot: number | null } | null
}

export const scanHold = async (db: Kysely<Schema>): Promise<ScanHold | null> => {
  const hold = await db.selectFrom('scan_holds').selectAll().where('released_at', 'is', null).executeTakeFirst()
  if (!hold) return null
  const expected = await labelRows(db).where('labels.id', '=', hold.expected_id).executeTakeFirstOrThrow()
  const found =
    hold.scanned_id === null
      ? null
      : await labelRows(db).where('labels.id', '=', hold.scanned_id).executeTakeFirstOrThrow()
  return {
    id: hold.id,
    at: hold.at,
    slot: expected.slot,
    expected: expected.serial,
    found: found && { serial: found.serial, slot: found.slot },
  }
}

/** A label does not belong where it was scanned. One hold at a time: a second scan changes nothing. */
export const holdForScan = async (
  db: Kysely<Schema>,
  hold: { expectedId: string; scannedId: string | null; who: string; at: number },
): Promise<void> => {
  await db
    .insertInto('scan_holds')
    .values({
      at: hold.at,
      who: hold.who,
      expected_id: hold.expectedId,
      scanned_id: hold.scannedId,
      released_at: null,
      released_by: null,
      reason: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** @returns false when nothing is held */
export const releaseHold = async (
  db: Kysely<Schema>,
  release: { reason: string; who: string; at: number },
): Promise<{ released: boolean }> => {
  const result = await db
    .updateTable('scan_holds')
    .set({ released_at: release.at, released_by: release.who, reason: release.reason })
    .where('released_at', 'is', null)
    .executeTakeFirst()
  if (Number(result.numUpdatedRows) !== 1) return { released: false }
  const { at, who, reason } = release
  await audit(db, { at, who, action: 'line released after a wrong label', subject: 'line', detail: reason })
  return { released: true }
}

export const SCAN_OPERATIONS = { holdForScan, labelsOfUnit, labelsToScan, releaseHold, scanHold, voidLabel } as const

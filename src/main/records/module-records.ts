/** Devices that came provisioned, in the records: found by their MAC, labelled once. */
import { sql, type Kysely } from 'kysely'
import { lastRank } from './label-records.ts'
import type { Schema } from './schema.ts'
import { audit } from './station-records.ts'

/** The device of a manifest that has this MAC. */
export const moduleOfMac = async (
  db: Kysely<Schema>,
  { mac }: { mac: string },
): Promise<{ id: string; sealed: Uint8Array; labelId: string | null } | undefined> => {
  const { rows } = await sql<{ id: string; sealed: Uint8Array; labelId: string | null }>`
    SELECT generated.id AS id, generated.sealed AS sealed, labels.id AS "labelId"
    FROM generated LEFT JOIN labels ON labels.generated_id = generated.id AND labels.state <> 'superseded'
    WHERE generated.mac = ${mac}`.execute(db)
  return rows[0]
}

/** A pass that wrote nothing, and its label at the end of the queue, in one commit. */
export const passModule = async (
  db: Kysely<Schema>,
  pass: { id: string; mac: string; slot: number; facts: string; labelId: string; who: string; at: number },
): Promise<void> => {
  const { id, mac, slot, facts, labelId, who, at } = pass
  await db.insertInto('label_passes').values({ generated_id: id, mac, slot, facts, who, at }).execute()
  await db
    .insertInto('labels')
    .values({
      id: labelId,
      run_id: null,
      mac: null,
      carton_id: null,
      generated_id: id,
      order_id: null,
      slot,
      rank: await lastRank(db),
      held: 0,
      state: 'waiting',
      fault: null,
      proof: null,
      supersedes: null,
      reason: null,
      who,
      created_at: at,
      updated_at: at,
    })
    .execute()
  await audit(db, { at, who, action: 'provisioned module labelled', subject: mac, detail: '' })
}

/** What the label of a provisioned device is drawn from. */
export const moduleLabelSource = async (
  db: Kysely<Schema>,
  { id }: { id: string },
): Promise<{ id: string; sealed: Uint8Array; mac: string; slot: number; facts: string } | undefined> => {
  const { rows } = await sql<{ id: string; sealed: Uint8Array; mac: string; slot: number; facts: string }>`
    SELECT generated.id AS id, generated.sealed AS sealed, label_passes.mac AS mac, label_passes.slot AS slot,
      label_passes.facts AS facts
    FROM labels JOIN label_passes ON label_passes.generated_id = labels.generated_id
    JOIN generated ON generated.id = labels.generated_id WHERE labels.id = ${id}`.execute(db)
  return rows[0]
}

export const MODULE_OPERATIONS = { moduleLabelSource, moduleOfMac, passModule } as const

/** Manifests in the records: imports of modules that came provisioned, which orders label. */
import { sql, type Kysely } from 'kysely'
import type { Schema } from './schema.ts'

export interface ManifestRow {
  readonly id: string
  /** JSON: where it came from, and by what its content is known again. */
  readonly described: string
  readonly importedAt: number
  /** Devices with a MAC. */
  readonly modules: number
  /** Those of them that are a unit of an order already. */
  readonly taken: number
}

/** Imports that name at least one MAC, the newest first. */
export const manifests = async (db: Kysely<Schema>): Promise<readonly ManifestRow[]> => {
  const { rows } = await sql<ManifestRow>`
    SELECT generation_runs.id AS id, generation_runs.described AS described, generation_runs.created_at AS "importedAt",
      count(*) AS modules, count(units.mac) AS taken
    FROM generation_runs JOIN generated ON generated.run_id = generation_runs.id AND generated.mac IS NOT NULL
    LEFT JOIN units ON units.generated_id = generated.id
    GROUP BY generation_runs.id ORDER BY generation_runs.created_at DESC, generation_runs.id`.execute(db)
  return rows
}

export interface ModuleRow {
  readonly id: string
  readonly mac: string
  readonly serial: string
  readonly sealed: Uint8Array
  /** Number of the order that it is a unit of; null where it is of none yet. */
  readonly orderNumber: string | null
}

/** The modules of a manifest that have a MAC, as its rows follow. */
export const modulesOfManifest = async (db: Kysely<Schema>, { id }: { id: string }): Promise<readonly ModuleRow[]> => {
  const { rows } = await sql<ModuleRow>`
    SELECT generated.id AS id, generated.mac AS mac, coalesce(generated.serial, replace(generated.mac, ':', '')) AS serial,
      generated.sealed AS sealed, orders.number AS "orderNumber"
    FROM generated LEFT JOIN units ON units.generated_id = generated.id LEFT JOIN orders ON orders.id = units.order_id
    WHERE generated.run_id = ${id} AND generated.mac IS NOT NULL ORDER BY generated.position`.execute(db)
  return rows
}

export const MANIFEST_OPERATIONS = { manifests, modulesOfManifest } as const

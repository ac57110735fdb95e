/** The tables of the records, as Kysely types. Times are milliseconds since the Unix epoch; JSON columns are text. */
import type { Generated, Selectable } from 'kysely'
import type { BoardAction, FailureCode, LabelState, OrderView, Role, RunStep } from '../../contract/index.ts'

export interface StationTable {
  key: string
  value: string
}

export interface OrderTable {
  id: string
  number: string
  /** What every unit of the order gets: product, release, attestation (JSON of OrderPlan). Fixed once it is made. */
  plan: string
  quantity: number
  state: OrderView['state']
  stop_reason: OrderView['stopReason']
  created_at: number
  started_at: number | null
  ended_at: number | null
  /** Null for an order of an earlier program, or of the unattended run. */
  product_id: string | null
  release_id: string | null
  /** The import whose modules the order labels; null where it writes firmware. */
  manifest_id: string | null
  /** '2026-12-24' */
  due: string | null
  lot: string
  customer_reference: string
  notes: string
  /** 1: the first unit is approved before others are made. */
  first_article: 0 | 1
  created_by: string
  closed_at: number | null
  closed_by: string | null
}

export interface ProductTable {
  id: string
  name: string
  /** JSON of ProductDefinition. */
  definition: string
  /** JSON of what ends up in a unit or on its label. */
  written: string
  /** Of the PAI's key, sealed under the station key. */
  sealed_password: Uint8Array | null
  archived_at: number | null
  changed_at: number
  changed_by: string
}

export interface ReleaseTable {
  id: string
  folder: string
  factory_partition: string | null
  name: string
  version: string
  chip: string
  digest: string
  /** JSON of ImageDigest[]. */
  images: string
  registered_at: number
  registered_by: string
}

export interface FirstArticleTable {
  order_id: string
  mac: string
  who: string
  comment: string
  at: number
}

export interface RejectedArticleTable {
  mac: string
  order_id: string
  who: string
  reason: string
  at: number
}

export interface SerialTable {
  prefix: string
  next: number
}

export interface IdentityTable {
  seq: Generated<number>
  id: string
  order_id: string
  serial: string
  /** HMACs of the secrets that must be unique for ever. */
  passcode_mark: string
  salt_mark: string
  rotating_mark: string
  key_mark: string
  dac_certificate: Uint8Array
  /** All secrets, sealed under the station key (JSON of IdentitySecrets). */
  sealed: Uint8Array
  state: 'ready' | 'bound'
  created_at: number
}

export type IdentityRow = Selectable<IdentityTable>

export interface UnitTable {
  mac: string
  /** Of the line; null for a module that came provisioned. */
  identity_id: string | null
  /** Of a manifest; null for a unit that the line made. */
  generated_id: string | null
  order_id: string
  chip: string
  bound_at: number
}

/** How a run ended; null while it goes on. 'interrupted': the program ended during it. */
export type RunOutcome = 'pass' | 'unverified' | 'fail' | 'interrupted' | 'stopped'

export interface RunTable {
  id: string
  /** Null for a board that failed before its MAC was known. */
  mac: string | null
  order_id: string
  slot: number
  attempt: number
  started_at: number
  ended_at: number | null
  outcome: RunOutcome | null
  /** A failure after which the board was put aside: 1; one that was tried again at once: 0. */
  final: number
  step: RunStep | null
  failure_code: FailureCode | null
  failure_board: BoardAction | null
  failure_params: string | null
  failure_detail: string | null
  /** Lines of the run, JSON. */
  log: string
}

export interface RegionTable {
  run_id: string
  name: string
  offset: number
  size: number
  md5: string
  sha256: string
  skipped: number
  verified: number
}

export interface LabelTable {
  seq: Generated<number>
  id: string
  /** Of a unit's label, with its MAC. */
  run_id: string | null
  mac: string | null
  /** Of a carton's label. */
  carton_id: string | null
  order_id: string
  slot: number | null
  /** Waits until its panel is done: 1. */
  held: number
  /** The queue's order among waiting labels: the lowest prints next. */
  rank: number
  state: LabelState
  fault: string | null
  /** By what the printer can prove that this label came out. */
  proof: string | null
  supersedes: string | null
  reason: string | null
  who: string
  created_at: number
  updated_at: number
}

export interface VoidedLabelTable {
  label_id: string
  reason: string
  who: string
  at: number
}

export interface CartonTable {
  id: string
  number: string
  order_id: string
  /** Units that it takes. */
  size: number
  state: 'open' | 'closed'
  created_at: number
  updated_at: number
}

export interface CartonUnitTable {
  mac: string
  carton_id: string
  at: number
  who: string
}

/** A device that was generated or imported outside an order. */
export interface GeneratedTable {
  seq: Generated<number>
  id: string
  run_id: string
  position: number
  serial: string | null
  passcode_mark: string | null
  salt_mark: string | null
  rotating_mark: string | null
  key_mark: string | null
  mac: string | null
  dac_certificate: Uint8Array | null
  sealed: Uint8Array
  written: Generated<number>
  created_at: number
}

export interface GenerationRunTable {
  id: string
  /** Digest of everything that the run's output depends on: the same command again has the same. */
  request: string
  /** For people, JSON. */
  described: string
  quantity: number
  state: 'open' | 'finished'
  /** What all devices of the run share and nobody may read: the PAI that was made for them. */
  sealed: Uint8Array | null
  created_at: number
  ended_at: number | null
}

export interface ScanHoldTable {
  id: Generated<number>
  at: number
  who: string
  expected_id: string
  scanned_id: string | null
  released_at: number | null
  released_by: string | null
  reason: string | null
}

export interface InspectionTable {
  id: Generated<number>
  at: number
  who: string
  mac: string | null
  serial: string | null
  verdict: 'right' | 'wrong'
  findings: string
}

export interface PersonTable {
  name: string
  role: Role
  badge: string | null
}

export interface DispositionTable {
  id: Generated<number>
  run_id: string
  disposition: 'rework' | 'scrap'
  reason: string
  who: string
  at: number
}

export interface AuditTable {
  id: Generated<number>
  at: number
  who: string
  action: string
  subject: string
  detail: string
}

export interface SettingsTable {
  id: Generated<number>
  name: string
  value: string
  who: string
  at: number
}

export interface SocketTable {
  /** Address of the port, by its physical location where the system tells it. */
  place: string
  insertions: number
  since_cleaned: number
  cleaned_at: number | null
  cleaned_by: string | null
}

export interface Schema {
  station: StationTable
  orders: OrderTable
  serials: SerialTable
  identities: IdentityTable
  units: UnitTable
  runs: RunTable
  regions: RegionTable
  labels: LabelTable
  voided_labels: VoidedLabelTable
  cartons: CartonTable
  carton_units: CartonUnitTable
  generated: GeneratedTable
  generation_runs: GenerationRunTable
  scan_holds: ScanHoldTable
  audit: AuditTable
  inspections: InspectionTable
  people: PersonTable
  dispositions: DispositionTable
  settings: SettingsTable
  sockets: SocketTable
  products: ProductTable
  releases: ReleaseTable
  first_articles: FirstArticleTable
  rejected_articles: RejectedArticleTable
}

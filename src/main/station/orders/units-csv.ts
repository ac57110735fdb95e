/** `units.csv`: one row a unit of an order, for whoever has no database at hand. */
import { renameSync, writeFileSync } from 'node:fs'
import { stringify } from 'csv-stringify/sync'
import type { OrderPlan } from '../../line/order-plan.ts'
import type { UnitRow } from '../../records/order-records.ts'
import type { Vault } from '../../security/vault.ts'
import { unitCodes } from './unit-codes.ts'

const COLUMNS = ['serial', 'mac', 'slot', 'outcome', 'attempts', 'qrcode', 'manualcode']

/** Codes are given for units that passed only: those are the ones with a label. */
const row = (unit: UnitRow, plan: OrderPlan, vault: Vault): string[] => {
  const cells = [unit.serial, unit.mac, String(unit.slot), unit.outcome, String(unit.attempts)]
  if (unit.outcome !== 'pass' && unit.outcome !== 'unverified') return [...cells, '', '']
  const { qr, manualCode } = unitCodes(plan, vault, { id: unit.identityId, sealed: unit.sealed })
  return [...cells, qr, manualCode]
}

/** Replaces the file at once: a reader sees the old one or the new one, never half of one. */
export const writeUnitsCsv = (file: string, units: readonly UnitRow[], plan: OrderPlan, vault: Vault): void => {
  const text = stringify([COLUMNS, ...units.map((unit) => row(unit, plan, vault))], { record_delimiter: 'windows' })
  writeFileSync(`${file}.new`, text, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

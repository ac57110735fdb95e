/**
 * A shift of 200 units on 8 slots, every tenth board with a fault of its own, at twenty times the speed of the wire. Run by
 * `npm run bench -- shift`; it fails where the shift does not end with 200 passes, each with its label and its own identity.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { runHeadless } from '../src/main/headless.ts'
import type { FaultName, FaultSpec } from '../src/main/simulator/faults.ts'

const UNITS = 200
const SLOTS = 8
const PACE = 20
const EVERY = 10
const FAULTS: readonly FaultName[] = [
  'dropped-byte',
  'digest-mismatch',
  'power-lost',
  'wrong-chip',
  'flipped-bit',
  'stub-fails',
  'flash-write-error',
  'late-answer',
  'usb-unplugged',
  'no-boot',
]

const say = (what: string, figure: string | number): void =>
  void process.stdout.write(`  ${what.padEnd(66)} ${figure}\n`)

const count = (database: DatabaseSync, query: string): number => Number(database.prepare(query).get()?.['count'] ?? 0)

export const run = async (): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), 'imprint-shift-'))
  try {
    // Every other fault shows itself once, and the board passes at its second try; the rest are put aside.
    const faults: FaultSpec[] = Array.from({ length: UNITS / EVERY }, (_, index) => ({
      name: FAULTS[index % FAULTS.length] ?? 'dropped-byte',
      unit: (index + 1) * EVERY,
      times: index % 2 === 0 ? 1 : 1_000,
    }))
    const { result, complete } = await runHeadless({
      units: UNITS,
      out: folder,
      simulation: { slots: SLOTS, pace: PACE, faults },
      demoRelease: { appSize: 300_000 },
      say: () => undefined,
      signal: new AbortController().signal,
    })
    const database = new DatabaseSync(join(folder, 'records.db'), { readOnly: true })
    const passes = count(database, `SELECT count(DISTINCT mac) AS count FROM runs WHERE outcome = 'pass'`)
    const identities = count(
      database,
      `SELECT count(DISTINCT identity_id) AS count FROM units JOIN runs USING (mac) WHERE outcome = 'pass'`,
    )
    const labels = count(database, `SELECT count(*) AS count FROM labels WHERE state <> 'superseded'`)
    const open = count(database, 'SELECT count(*) AS count FROM runs WHERE outcome IS NULL')
    const insertions = count(database, 'SELECT sum(insertions) AS count FROM sockets')
    database.close()
    say(`units passed, of ${UNITS} wanted, on ${SLOTS} slots`, passes)
    say('boards put aside', result.failed)
    say('boards inserted, as the sockets counted them', insertions)
    say('labels of them, and identities', `${labels}, ${identities}`)
    say(`units an hour at ${PACE} times the wire`, result.unitsPerHour)
    if (!complete || passes !== UNITS || labels !== UNITS || identities !== UNITS || open !== 0)
      throw new Error(`the shift did not end well: ${JSON.stringify({ complete, passes, labels, identities, open })}`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

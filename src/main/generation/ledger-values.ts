/** Values that were given for devices, held against all that the ledger has. */
import type { ClaimKind } from '../records/generation-records.ts'
import { marksOf } from './claim.ts'
import { GenerationError } from './generation-error.ts'
import type { Ledger } from './ledger.ts'
import { CLAIM_KINDS } from './register.ts'
import type { GenerationRequest } from './request.ts'
import { CLAIM_WORDS, givenMarks } from './unit-duplicates.ts'

interface Value {
  readonly kind: ClaimKind
  readonly mark: string
}

/** Values in a question to the records. */
const CHUNK = 500

/** Those of the values that are used already. */
const usedOf = async <T extends Value>({ records }: Ledger, values: readonly T[]): Promise<T[]> => {
  const used: T[] = []
  for (let at = 0; at < values.length; at += CHUNK) {
    const asked = values.slice(at, at + CHUNK)
    const found = await records.ask('usedValues', { values: asked.map(({ kind, mark }) => ({ kind, mark })) })
    const names = new Set(found.map(({ kind, mark }) => `${kind} ${mark}`))
    used.push(...asked.filter(({ kind, mark }) => names.has(`${kind} ${mark}`)))
  }
  return used
}

/**
 * @param runId of the run that goes on, whose own values are no other's
 * @throws GenerationError when a value that is given belongs to a device of another run
 */
export const checkGiven = async (
  request: GenerationRequest,
  ledger: Ledger,
  runId: string | undefined,
): Promise<void> => {
  if (!request.givesValues) return
  const marksOfRun = runId === undefined ? [] : await ledger.records.ask('marksOfRun', { runId })
  const own = new Set(marksOfRun.map(({ kind, mark }) => `${kind} ${mark}`))
  const values = Array.from({ length: request.count }, (_, position) => {
    const marks = givenMarks(ledger.vault, request.given(position))
    return CLAIM_KINDS.flatMap((kind) => {
      const mark = marks[kind]
      // Of bought DACs those are taken that are not used.
      if (mark === undefined || own.has(`${kind} ${mark}`) || (kind === 'key' && request.boughtDacs)) return []
      return [{ kind, mark, position }]
    })
  }).flat()
  const [used] = await usedOf(ledger, values)
  if (!used) return
  const where = request.place(used.position) ?? 'the options'
  throw new GenerationError(
    `${where}: the ${CLAIM_WORDS[used.kind]} belongs to a device in the ledger already; every device needs its own`,
  )
}

/**
 * The request with bought DACs that no device has yet, for the positions that have no device yet.
 *
 * @throws GenerationError when there are not enough of them
 */
export const assignBoughtDacs = async (
  request: GenerationRequest,
  ledger: Ledger,
  runId: string | undefined,
): Promise<GenerationRequest> => {
  const { boughtDacs, count } = request
  if (!boughtDacs) return request
  const values = boughtDacs.map((dac) => ({
    kind: 'key' as const,
    mark: marksOf(ledger.vault, { dacPublicKey: dac.publicKey }).key ?? '',
    dac,
  }))
  const used = new Set(await usedOf(ledger, values))
  const free = values.filter((value) => !used.has(value)).map(({ dac }) => dac)
  const filled = new Set(runId === undefined ? [] : await ledger.records.ask('positionsOfRun', { runId }))
  const open = Array.from({ length: count }, (_, position) => position).filter((position) => !filled.has(position))
  if (free.length < open.length)
    throw new GenerationError(
      `--dacs holds ${free.length} DACs that no device in the ledger has, for ${open.length} devices; each needs its own`,
    )
  const assigned = new Map(open.map((position, index) => [position, free[index]]))
  return { ...request, given: (position) => ({ ...request.given(position), dac: assigned.get(position) }) }
}

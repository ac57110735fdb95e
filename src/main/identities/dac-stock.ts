/** Which of the DACs that were bought no device has yet. */
import type { Dac } from '../generation/plan.ts'
import type { Records } from '../records/records.ts'
import type { Vault } from '../security/vault.ts'
import type { BoughtDacs } from './attestation-source.ts'
import type { DacStock } from './identity-pool.ts'
import { dacMark } from './make-identity.ts'

export const openDacStock = async ({ path, all }: BoughtDacs, records: Records, vault: Vault): Promise<DacStock> => {
  const marked = all.map((dac): readonly [string, Dac] => [dacMark(vault, dac.publicKey), dac])
  const { used } = await records.ask('usedDacs', { marks: marked.map(([mark]) => mark) })
  const taken = new Set(used)
  const unused = marked.filter(([mark]) => !taken.has(mark)).map(([, dac]) => dac)
  return { path, left: () => unused.length, next: () => unused.shift() }
}

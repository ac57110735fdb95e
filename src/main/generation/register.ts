/** Who has which values: within one run here, over all runs in the ledger (`ledger.ts`). */
import type { ClaimKind } from '../records/generation-records.ts'
import type { PlacedClaim } from './generation-worker.ts'

export type { ClaimKind } from '../records/generation-records.ts'
export const CLAIM_KINDS: readonly ClaimKind[] = ['serial', 'passcode', 'salt', 'rotatingId', 'key']

export interface Register {
  /**
   * Takes everything that each device claims, or nothing of it.
   *
   * @returns what another device has already, by position; of the devices that are not in it all is their own now
   */
  claim(claims: readonly PlacedClaim[]): Promise<ReadonlyMap<number, ClaimKind>>
}

/** Passcodes with discriminators are few enough to meet by chance; the other values are of 128 bits and more, or given. */
export const registerOfRun = (): Register => {
  const used = new Set<string>()
  return {
    claim(claims) {
      const taken = new Map<number, ClaimKind>()
      for (const { position, claim } of claims) {
        if (claim.passcode === undefined) continue
        if (used.has(claim.passcode)) taken.set(position, 'passcode')
        used.add(claim.passcode)
      }
      return Promise.resolve(taken)
    },
  }
}

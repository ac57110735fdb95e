/** Who has which values: within one run here, over all runs in the ledger (`ledger.ts`). */
import type { Claim } from './claim.ts'

export type ClaimKind = 'serial' | 'passcode' | 'salt' | 'rotatingId' | 'key'
export const CLAIM_KINDS: readonly ClaimKind[] = ['serial', 'passcode', 'salt', 'rotatingId', 'key']

export interface Register {
  /**
   * Takes everything that the device claims, or nothing of it.
   *
   * @returns what another device has already, undefined when all is the device's own now
   */
  claim(position: number, claim: Claim): Promise<ClaimKind | undefined>
}

/** Passcodes with discriminators are few enough to meet by chance; the other values are of 128 bits and more, or given. */
export const registerOfRun = (): Register => {
  const taken = new Set<string>()
  return {
    claim(_, { passcode }) {
      if (passcode === undefined) return Promise.resolve(undefined)
      if (taken.has(passcode)) return Promise.resolve('passcode')
      taken.add(passcode)
      return Promise.resolve(undefined)
    },
  }
}

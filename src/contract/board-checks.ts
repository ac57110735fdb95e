/** What an order says about its boards beyond the chip: how they are protected, and what counts as a finished one. */
import { z } from 'zod'

export const BoardChecks = z.object({
  /**
   * What protects the boards; any other state is refused. Secure Download Mode is none of it: a board in it does not tell its MAC, and
   * nothing is ever bound to a board that cannot be named.
   */
  security: z.object({ secureBoot: z.boolean(), flashEncryption: z.boolean() }),
  /** 'by-device': the chip encrypts what it is given; it cannot be read back then. */
  encryption: z.enum(['none', 'by-device']),
  /**
   * File of the flash encryption key that the boards hold: what the chip reads encrypted is encrypted with it before it is written.
   * Null to write all as it is.
   */
  flashKey: z.string().trim().min(1).max(1000).nullable().default(null),
  /**
   * File of the keys of encrypted NVS: the manufacturing partition is encrypted with them, and they are written to their partition.
   * Null where NVS is not encrypted.
   */
  nvsKeys: z.string().trim().min(1).max(1000).nullable().default(null),
  /** Boards whose content cannot be read back are taken, and end as 'written, not verifiable'. */
  allowUnverified: z.boolean(),
  /**
   * The fixture's own way into the loader: a known name, or steps such as `D0|R1|W0.1|D1|R0|W0.05|D0`; null to try the usual ones in turn.
   */
  reset: z.string().min(1).max(200).nullable().default(null),
  /** What the firmware says on the port once it runs, to be waited for; null to wait for nothing. */
  bootText: z.string().min(1).max(80).nullable(),
})
export type BoardChecks = z.infer<typeof BoardChecks>

/** Unprotected boards, read back in full. */
export const USUAL_CHECKS: BoardChecks = {
  security: { secureBoot: false, flashEncryption: false },
  encryption: 'none',
  flashKey: null,
  nvsKeys: null,
  allowUnverified: false,
  reset: null,
  bootText: null,
}

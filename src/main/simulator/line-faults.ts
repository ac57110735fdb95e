/** What goes wrong between a board and its host: bytes lost or changed, answers that come twice, late or not at all. */
import type { FaultBook } from './faults.ts'
import type { SimulatedClock } from './pace.ts'

/** The wire's faults strike once this many bytes of a run have come: the stub is then in RAM, and data blocks are under way. */
const STRIKES_AFTER = 0x5000
/** A stalled answer comes after every time limit, milliseconds. */
const STALL = 120_000
/** Noise as a bouncing contact makes it, frame delimiters included. */
const NOISE = Uint8Array.from([0xff, 0x00, 0xc0, 0x01, 0x08, 0xdb, 0xc0, 0xfe, 0x80, 0xc0])
/** SYNCs that a board with 'late-answer' leaves unanswered after each reset. */
const SYNCS_IGNORED = 2
const SYNC_LENGTH = 46

export interface FaultyLine {
  /** Called at each reset. */
  reset(): void
  toChip(bytes: Uint8Array): void
  toHost(bytes: Uint8Array): void
}

export const createFaultyLine = (
  faults: FaultBook,
  clock: SimulatedClock,
  toChip: (bytes: Uint8Array) => void,
  toHost: (bytes: Uint8Array) => void,
): FaultyLine => {
  /** Bytes from the host since the reset. */
  let received = 0
  let struckToChip = false
  let struckToHost = false
  return {
    reset() {
      received = 0
      struckToChip = false
      struckToHost = false
    },
    toChip(bytes) {
      const before = received
      received += bytes.length
      if (faults.shows('no-answer')) return
      if (before < SYNCS_IGNORED * SYNC_LENGTH && faults.shows('late-answer')) return
      if (before === 0 && faults.shows('noise')) toHost(NOISE)
      if (before >= STRIKES_AFTER && bytes.length > 100 && !struckToChip) {
        const at = bytes.length >> 1
        if (faults.shows('dropped-byte')) {
          struckToChip = true
          toChip(Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]))
          return
        }
        if (faults.shows('flipped-bit')) {
          struckToChip = true
          const changed = Uint8Array.from(bytes)
          // Bit 3 makes no delimiter and no escape of a byte that was neither, but for three values that do not matter here.
          changed[at] = (changed[at] ?? 0) ^ 0x08
          toChip(changed)
          return
        }
      }
      toChip(bytes)
    },
    toHost(bytes) {
      if (received > STRIKES_AFTER && !struckToHost) {
        if (faults.shows('duplicated-answer')) {
          struckToHost = true
          toHost(bytes)
        } else if (faults.shows('stalled-answer')) {
          struckToHost = true
          // Where time stands still it never comes.
          if (clock.runs) void clock.wait(STALL).then(() => toHost(bytes))
          return
        }
      }
      toHost(bytes)
    },
  }
}

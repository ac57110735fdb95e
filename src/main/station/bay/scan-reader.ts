/** Scans from the bytes of a serial scanner: each ends with CR, LF or both, or with a silence where the scanner sends no end. */

export interface ScanReader {
  bytes(chunk: Uint8Array): void
  /** Nothing came for a while: what is there is a scan. */
  silence(): void
}

/** No code of a label or a work order is longer; what is longer is noise, and dropped up to its end. */
export const LONGEST_SCAN = 500

const CR = 0x0d
const LF = 0x0a

export const createScanReader = (onScan: (text: string) => void): ScanReader => {
  let bytes: number[] = []
  let tooLong = false

  const end = (): void => {
    const text = new TextDecoder().decode(Uint8Array.from(bytes)).trim()
    if (!tooLong && text !== '') onScan(text)
    bytes = []
    tooLong = false
  }
  return {
    bytes(chunk) {
      for (const byte of chunk) {
        if (byte === CR || byte === LF) end()
        else if (bytes.length < LONGEST_SCAN) bytes.push(byte)
        else tooLong = true
      }
    },
    silence: end,
  }
}

/**
 * SLIP framing (RFC 1055) as the loaders use it: 0xC0 before and after, 0xC0 → DB DC, 0xDB → DB DD inside.
 *
 * Both delimiters are always sent: the ROM loses the second of two frames that share one.
 */
const END = 0xc0
const ESC = 0xdb
const ESC_END = 0xdc
const ESC_ESC = 0xdd

/** Longest frame that a loader sends: a READ_FLASH packet of 4096 bytes, with room for the largest answer. */
const LONGEST_FRAME = 0x10000

/** One payload, framed. */
export const encodeSlip = (payload: Uint8Array): Uint8Array => {
  let escapes = 0
  for (const byte of payload) if (byte === END || byte === ESC) escapes++
  const frame = new Uint8Array(payload.length + escapes + 2)
  let at = 0
  frame[at++] = END
  for (const byte of payload) {
    if (byte === END) {
      frame[at++] = ESC
      frame[at++] = ESC_END
    } else if (byte === ESC) {
      frame[at++] = ESC
      frame[at++] = ESC_ESC
    } else frame[at++] = byte
  }
  frame[at] = END
  return frame
}

export interface SlipDecoder {
  /** Takes received bytes, in pieces of any size, and gives the payloads of the frames that they complete. */
  push(bytes: Uint8Array): Uint8Array[]
  reset(): void
}

/**
 * A decoder for one direction of one link. Bytes outside frames (boot text) are dropped; a frame with an invalid escape or longer
 * than any loader sends is dropped whole, since its content cannot be trusted.
 */
export const slipDecoder = (): SlipDecoder => {
  let length = 0
  let inside = false
  let escaped = false
  let spoilt = false
  let buffer = new Uint8Array(4096)

  const start = (): void => {
    length = 0
    escaped = false
    spoilt = false
  }
  const put = (byte: number): void => {
    if (length === buffer.length) {
      if (length >= LONGEST_FRAME) {
        spoilt = true
        return
      }
      const larger = new Uint8Array(buffer.length * 2)
      larger.set(buffer)
      buffer = larger
    }
    buffer[length++] = byte
  }

  return {
    push(bytes) {
      const frames: Uint8Array[] = []
      for (const byte of bytes) {
        if (byte === END) {
          // An END with nothing collected opens a frame, whether it was meant to open or to close one.
          if (inside && length > 0 && !escaped && !spoilt) {
            frames.push(buffer.slice(0, length))
            inside = false
          } else inside = true
          start()
        } else if (inside) {
          if (escaped) {
            escaped = false
            if (byte === ESC_END) put(END)
            else if (byte === ESC_ESC) put(ESC)
            else spoilt = true
          } else if (byte === ESC) escaped = true
          else put(byte)
        }
      }
      return frames
    },
    reset() {
      inside = false
      start()
    },
  }
}

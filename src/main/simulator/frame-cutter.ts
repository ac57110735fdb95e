/** Cuts frames as the real receivers do: what opens inside an unfinished frame starts a new one; noise outside frames is dropped. */
export interface FrameCutter {
  /** @param shortest fewer bytes than a whole frame has are an unfinished one, whose delimiter opens the next */
  push(input: Uint8Array, shortest: number): Uint8Array[]
  reset(): void
}

const END = 0xc0
const ESC = 0xdb
const ESC_END = 0xdc
/** A block of the stub's, with its headers; what is longer is cut off, as a receiver's buffer does. */
const LONGEST = 0x4100

export const createFrameCutter = (): FrameCutter => {
  const bytes = new Uint8Array(LONGEST)
  let length = 0
  let open = false
  let escaped = false
  const put = (byte: number): void => {
    if (length < LONGEST) bytes[length++] = byte
  }
  return {
    reset() {
      length = 0
      open = false
      escaped = false
    },
    push(input, shortest) {
      const frames: Uint8Array[] = []
      for (const byte of input) {
        if (byte === END) {
          if (open && length >= shortest) {
            frames.push(bytes.slice(0, length))
            open = false
          } else open = true
          length = 0
          escaped = false
        } else if (open) {
          if (escaped) put(byte === ESC_END ? END : ESC)
          else if (byte !== ESC) put(byte)
          escaped = !escaped && byte === ESC
        }
      }
      return frames
    },
  }
}

/** Requests as the simulated loaders read them, and their answers. Written apart from the flasher's, so that one can find the other's faults. */

export interface Request {
  readonly direction: number
  readonly opcode: number
  /** As the header says; the body may have another length. */
  readonly size: number
  readonly checksum: number
  readonly body: Uint8Array
}

export const readRequest = (frame: Uint8Array): Request | undefined => {
  if (frame.length < 8) return undefined
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength)
  return {
    direction: view.getUint8(0),
    opcode: view.getUint8(1),
    size: view.getUint16(2, true),
    checksum: view.getUint32(4, true),
    body: frame.subarray(8),
  }
}

/** Word `index` of a body; 0 beyond its end. */
export const word = (body: Uint8Array, index: number): number => {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength)
  return index * 4 + 4 <= body.length ? view.getUint32(index * 4, true) : 0
}

export const answer = (opcode: number, value: number, body: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(8 + body.length)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, 1)
  view.setUint8(1, opcode)
  view.setUint16(2, body.length, true)
  view.setUint32(4, value >>> 0, true)
  bytes.set(body, 8)
  return bytes
}

/** Is the checksum of a data block that of its payload? */
export const payloadIsIntact = ({ body, checksum }: Request): boolean => {
  let sum = 0xef
  for (let at = 16; at < body.length; at++) sum ^= body[at] ?? 0
  return sum === (checksum & 0xff)
}

/** What a loader does with one request. */
export interface Outcome {
  readonly answers: readonly Uint8Array[]
  /** Milliseconds of work before the answer. */
  readonly before?: number
  /** Milliseconds of work after it, during which one more frame is received and kept. */
  readonly after?: Promise<number>
  readonly then?: 'start-stub' | 'reboot' | 'watchdog'
  readonly baud?: number
}

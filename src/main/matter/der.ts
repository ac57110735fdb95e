/** A small DER writer (ITU-T X.690): enough for X.509 certificates and CMS, and quick, since one certificate is made per unit. */

const length = (size: number): number[] => {
  if (size < 0x80) return [size]
  const bytes: number[] = []
  for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return [0x80 | bytes.length, ...bytes]
}

/** One element: tag, length, and the contents one after the other. */
export const der = (tag: number, ...contents: Uint8Array[]): Uint8Array => {
  let size = 0
  for (const content of contents) size += content.length
  const head = [tag, ...length(size)]
  const bytes = Buffer.allocUnsafe(head.length + size)
  bytes.set(head)
  let at = head.length
  for (const content of contents) {
    bytes.set(content, at)
    at += content.length
  }
  return bytes
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

export const sequence = (...contents: Uint8Array[]): Uint8Array => der(TAG.sequence, ...contents)
export const octets = (bytes: Uint8Array): Uint8Array => der(TAG.octetString, bytes)
export const bits = (bytes: Uint8Array, unused = 0): Uint8Array => der(TAG.bitString, Uint8Array.of(unused), bytes)
export const utf8 = (text: string): Uint8Array => der(TAG.utf8String, Buffer.from(text, 'utf8'))
export const yes = (): Uint8Array => der(TAG.boolean, Uint8Array.of(0xff))

/** A non-negative integer of any size, big-endian, in its shortest form. */
export const integer = (value: Uint8Array | number): Uint8Array => {
  let bytes = typeof value === 'number' ? Buffer.from(value.toString(16).padStart(8, '0'), 'hex') : Buffer.from(value)
  let start = 0
  while (start < bytes.length - 1 && bytes[start] === 0) start++
  bytes = bytes.subarray(start)
  return der(TAG.integer, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Uint8Array.of(0), bytes]) : bytes)
}

export const oid = (dotted: string): Uint8Array => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes: number[] = []
  for (const part of [first * 40 + second, ...rest]) {
    const groups = [part % 128]
    for (let left = Math.floor(part / 128); left > 0; left = Math.floor(left / 128)) groups.unshift((left % 128) | 0x80)
    bytes.push(...groups)
  }
  return der(TAG.oid, Uint8Array.from(bytes))
}

/** UTCTime before 2050 and GeneralizedTime from then on, whole seconds (RFC 5280, section 4.1.2.5). */
export const time = (date: Date): Uint8Array => {
  const text = date.toISOString().replace(/[-:T]|\.\d+/gu, '')
  return date.getUTCFullYear() < 2050
    ? der(TAG.utcTime, Buffer.from(text.slice(2), 'ascii'))
    : der(TAG.generalizedTime, Buffer.from(text, 'ascii'))
}

/** A small, strict DER reader (ITU-T X.690) for X.509 certificates, keys and CMS: it never reads past an element's end. */

/** Why bytes are not the DER that was expected. */
export class DerError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'DerError'
  }
}

export interface DerNode {
  /** The identifier byte: class, constructed bit and number. */
  readonly tag: number
  readonly content: Uint8Array
  /** Identifier, length and content. */
  readonly bytes: Uint8Array
}

const SEQUENCE = 0x30

/** One element at this offset. */
const elementAt = (bytes: Uint8Array, at: number): DerNode => {
  const [tag, first] = bytes.subarray(at, at + 2)
  if (tag === undefined || first === undefined) throw new DerError('it is cut off')
  if ((tag & 0x1f) === 0x1f) throw new DerError('it has a tag number above 30')
  let length = first
  let start = at + 2
  if (first >= 0x80) {
    const count = first & 0x7f
    if (count === 0 || count > 4) throw new DerError('it has a length that DER does not allow')
    if (start + count > bytes.length) throw new DerError('it is cut off')
    length = 0
    for (let index = 0; index < count; index++) length = length * 256 + (bytes[start + index] ?? 0)
    start += count
    if (length < 0x80 || length < 256 ** (count - 1))
      throw new DerError('it has a length that is not in its shortest form')
  }
  const end = start + length
  if (end > bytes.length) throw new DerError('it is cut off')
  return { tag, content: bytes.subarray(start, end), bytes: bytes.subarray(at, end) }
}

/** The one element that the bytes hold. @throws DerError */
export const readDer = (bytes: Uint8Array): DerNode => {
  const node = elementAt(bytes, 0)
  if (node.bytes.length !== bytes.length) throw new DerError(`${bytes.length - node.bytes.length} bytes follow its end`)
  return node
}

/** The elements within a sequence, or within another constructed element. @throws DerError */
export const childrenOf = (node: DerNode | undefined, what: string, tag = SEQUENCE): DerNode[] => {
  if (node?.tag !== tag) throw new DerError(`${what} is missing or malformed`)
  const nodes: DerNode[] = []
  for (let at = 0; at < node.content.length;) {
    const child = elementAt(node.content, at)
    nodes.push(child)
    at += child.bytes.length
  }
  return nodes
}

/** The content of an element that must have this tag. @throws DerError */
export const contentOf = (node: DerNode | undefined, tag: number, what: string): Uint8Array => {
  if (node?.tag !== tag) throw new DerError(`${what} is missing or malformed`)
  return node.content
}

/** An object identifier in its dotted form. @throws DerError */
export const oidOf = (node: DerNode | undefined, what: string): string => {
  const content = contentOf(node, 0x06, what)
  const last = content.at(-1)
  if (last === undefined || last >= 0x80) throw new DerError(`${what} is no object identifier`)
  const parts: bigint[] = []
  let value = 0n
  for (const byte of content) {
    value = (value << 7n) | BigInt(byte & 0x7f)
    if (byte < 0x80) {
      parts.push(value)
      value = 0n
    }
  }
  const first = parts[0] ?? 0n
  const root = first < 40n ? 0n : first < 80n ? 1n : 2n
  return [root, first - 40n * root, ...parts.slice(1)].join('.')
}

/** The bytes of a bit string that fills whole bytes. @throws DerError */
export const wholeBitsOf = (node: DerNode | undefined, what: string): Uint8Array => {
  const content = contentOf(node, 0x03, what)
  if (content[0] !== 0) throw new DerError(`${what} is no string of whole bytes`)
  return content.subarray(1)
}

/** A non-negative integer of at most six bytes. @throws DerError */
export const smallIntegerOf = (node: DerNode | undefined, what: string): number => {
  const content = contentOf(node, 0x02, what)
  if (content.length === 0 || content.length > 6 || (content[0] ?? 0) >= 0x80)
    throw new DerError(`${what} is no number that is allowed`)
  return Buffer.from(content).readUIntBE(0, content.length)
}

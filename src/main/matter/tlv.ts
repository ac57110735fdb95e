/**
 * Matter TLV (Matter core specification, appendix A): the elements and how they are decoded. Integers and lengths are written in
 * their shortest form and read in any; a decoded element does not remember the width that it had.
 */

/** anonymous, a context-specific tag (0 to 255), or a tag of a profile; profile 0 of vendor 0 is Matter's common one. */
export type TlvTag =
  | undefined
  | number
  | { readonly vendor: number; readonly profile: number; readonly tag: number; readonly implicit?: boolean }

export type TlvValue =
  | { readonly type: 'int' | 'uint'; readonly value: bigint }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'float' | 'double'; readonly value: number }
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'bytes'; readonly value: Uint8Array }
  | { readonly type: 'null' }
  | { readonly type: 'structure' | 'array' | 'list'; readonly value: readonly TlvElement[] }

export type TlvElement = TlvValue & { readonly tag: TlvTag }

/** Why bytes are no TLV, or an element cannot be written. */
export class TlvError extends Error {
  readonly code: 'cut-off' | 'type' | 'text' | 'depth' | 'surplus' | 'range'
  constructor(code: TlvError['code'], message: string) {
    super(message)
    this.name = 'TlvError'
    this.code = code
  }
}

/** The lower five bits of a control byte; integers and lengths take two bits more for their width. */
export const TLV_TYPE = {
  int: 0x00,
  uint: 0x04,
  false: 0x08,
  true: 0x09,
  float: 0x0a,
  double: 0x0b,
  text: 0x0c,
  bytes: 0x10,
  null: 0x14,
  structure: 0x15,
  array: 0x16,
  list: 0x17,
  end: 0x18,
} as const

/** The upper three bits of a control byte. */
export const TLV_TAG = {
  anonymous: 0,
  context: 1,
  common2: 2,
  common4: 3,
  implicit2: 4,
  implicit4: 5,
  full6: 6,
  full8: 7,
} as const

export const DEEPEST = 32
const CONTAINERS = ['structure', 'array', 'list'] as const

/** Reads forward over bytes and never past their end. */
class Reader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get left(): number {
    return this.#bytes.length - this.at
  }

  #claim(length: number): number {
    if (length > this.left)
      throw new TlvError('cut-off', `${length} bytes are needed at offset ${this.at}; only ${this.left} are there`)
    const at = this.at
    this.at += length
    return at
  }

  take(length: number): Uint8Array {
    const at = this.#claim(length)
    return this.#bytes.subarray(at, at + length)
  }

  /** @param width 1, 2, 4 or 8 bytes */
  uint(width: number): bigint {
    const at = this.#claim(width)
    if (width === 8) return this.#view.getBigUint64(at, true)
    if (width === 4) return BigInt(this.#view.getUint32(at, true))
    return BigInt(width === 2 ? this.#view.getUint16(at, true) : this.#view.getUint8(at))
  }

  number(width: number): number {
    return Number(this.uint(width))
  }

  float(): number {
    return this.#view.getFloat32(this.#claim(4), true)
  }

  double(): number {
    return this.#view.getFloat64(this.#claim(8), true)
  }
}

const readTag = (reader: Reader, form: number): TlvTag => {
  switch (form) {
    case TLV_TAG.anonymous:
      return undefined
    case TLV_TAG.context:
      return reader.number(1)
    case TLV_TAG.common2:
    case TLV_TAG.common4:
      return { vendor: 0, profile: 0, tag: reader.number(form === TLV_TAG.common2 ? 2 : 4) }
    case TLV_TAG.implicit2:
    case TLV_TAG.implicit4:
      return { vendor: 0, profile: 0, tag: reader.number(form === TLV_TAG.implicit2 ? 2 : 4), implicit: true }
    default:
      return {
        vendor: reader.number(2),
        profile: reader.number(2),
        tag: reader.number(form === TLV_TAG.full6 ? 2 : 4),
      }
  }
}

const textOf = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new TlvError('text', 'a text is not UTF-8')
  }
}

const readItems = (reader: Reader, depth: number): TlvElement[] => {
  const items: TlvElement[] = []
  for (let item = readElement(reader, depth); item; item = readElement(reader, depth)) items.push(item)
  return items
}

/** @returns undefined at the end of a container */
const readElement = (reader: Reader, depth: number): TlvElement | undefined => {
  if (depth > DEEPEST) throw new TlvError('depth', `containers are nested more than ${DEEPEST} deep`)
  const control = reader.number(1)
  const type = control & 0x1f
  if (type === TLV_TYPE.end && depth > 0 && control === TLV_TYPE.end) return undefined
  const tag = readTag(reader, control >> 5)
  const width = 1 << (type & 3)
  switch (type) {
    case TLV_TYPE.false:
    case TLV_TYPE.true:
      return { tag, type: 'bool', value: type === TLV_TYPE.true }
    case TLV_TYPE.float:
      return { tag, type: 'float', value: reader.float() }
    case TLV_TYPE.double:
      return { tag, type: 'double', value: reader.double() }
    case TLV_TYPE.null:
      return { tag, type: 'null' }
    case TLV_TYPE.structure:
    case TLV_TYPE.array:
    case TLV_TYPE.list:
      return { tag, type: CONTAINERS[type - TLV_TYPE.structure] ?? 'list', value: readItems(reader, depth + 1) }
  }
  switch (type & ~3) {
    case TLV_TYPE.int:
      return { tag, type: 'int', value: BigInt.asIntN(8 * width, reader.uint(width)) }
    case TLV_TYPE.uint:
      return { tag, type: 'uint', value: reader.uint(width) }
    case TLV_TYPE.text:
      return { tag, type: 'text', value: textOf(reader.take(reader.number(width))) }
    case TLV_TYPE.bytes:
      return { tag, type: 'bytes', value: Uint8Array.from(reader.take(reader.number(width))) }
    default:
      throw new TlvError('type', `0x${control.toString(16).padStart(2, '0')} at offset ${reader.at - 1} is no element`)
  }
}

/**
 * The one element that the bytes hold.
 *
 * @throws TlvError when they are cut off, hold something else, or hold more
 */
export const decodeTlv = (bytes: Uint8Array): TlvElement => {
  const reader = new Reader(bytes)
  const element = readElement(reader, 0)
  if (!element) throw new TlvError('type', 'a container ends that never began')
  if (reader.left > 0) throw new TlvError('surplus', `${reader.left} bytes follow the element`)
  return element
}

/** The element of a structure with this context-specific tag. */
export const member = (structure: TlvElement, tag: number): TlvElement | undefined =>
  structure.type === 'structure' || structure.type === 'list'
    ? structure.value.find((element) => element.tag === tag)
    : undefined

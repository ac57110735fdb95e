/** Writing Matter TLV (elements: `tlv.ts`); integers and lengths in their shortest form. */
import { DEEPEST, TLV_TAG, TLV_TYPE, TlvError, type TlvElement, type TlvTag } from './tlv.ts'

const bytesOf = (value: bigint | number, width: number): Uint8Array => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)))
  return bytes.subarray(0, width)
}

const tagForm = (tag: TlvTag): { form: number; bytes: Uint8Array } => {
  if (tag === undefined) return { form: TLV_TAG.anonymous, bytes: new Uint8Array(0) }
  if (typeof tag === 'number') {
    if (!Number.isInteger(tag) || tag < 0 || tag > 0xff)
      throw new TlvError('range', `context-specific tag ${tag} is not allowed; 0 to 255 are`)
    return { form: TLV_TAG.context, bytes: Uint8Array.of(tag) }
  }
  const wide = tag.tag > 0xffff
  const number = bytesOf(tag.tag, wide ? 4 : 2)
  if (tag.implicit) return { form: wide ? TLV_TAG.implicit4 : TLV_TAG.implicit2, bytes: number }
  if (tag.vendor === 0 && tag.profile === 0) return { form: wide ? TLV_TAG.common4 : TLV_TAG.common2, bytes: number }
  return {
    form: wide ? TLV_TAG.full8 : TLV_TAG.full6,
    bytes: Buffer.concat([bytesOf(tag.vendor, 2), bytesOf(tag.profile, 2), number]),
  }
}

/** Index of the shortest width (1, 2, 4, 8 bytes) that fits. */
const widthIndex = (fits: (bits: number) => boolean, what: string): number => {
  const index = [8, 16, 32, 64].findIndex(fits)
  if (index < 0) throw new TlvError('range', `${what} does not fit into 64 bits`)
  return index
}

const lengthIndex = (length: number): number => widthIndex((bits) => length < 2 ** bits, `length ${length}`)

type Body = { readonly type: number; readonly bytes: readonly Uint8Array[] }

const withLength = (type: number, content: Uint8Array): Body => {
  const index = lengthIndex(content.length)
  return { type: type | index, bytes: [bytesOf(content.length, 1 << index), content] }
}

const float = (value: number, width: 4 | 8): Uint8Array => {
  const bytes = Buffer.alloc(width)
  if (width === 4) bytes.writeFloatLE(value)
  else bytes.writeDoubleLE(value)
  return bytes
}

const bodyOf = (element: TlvElement, depth: number): Body => {
  switch (element.type) {
    case 'int': {
      const index = widthIndex((bits) => BigInt.asIntN(bits, element.value) === element.value, String(element.value))
      return { type: TLV_TYPE.int | index, bytes: [bytesOf(element.value, 1 << index)] }
    }
    case 'uint': {
      const index = widthIndex((bits) => BigInt.asUintN(bits, element.value) === element.value, String(element.value))
      return { type: TLV_TYPE.uint | index, bytes: [bytesOf(element.value, 1 << index)] }
    }
    case 'bool':
      return { type: element.value ? TLV_TYPE.true : TLV_TYPE.false, bytes: [] }
    case 'float':
      return { type: TLV_TYPE.float, bytes: [float(element.value, 4)] }
    case 'double':
      return { type: TLV_TYPE.double, bytes: [float(element.value, 8)] }
    case 'text':
      return withLength(TLV_TYPE.text, Buffer.from(element.value, 'utf8'))
    case 'bytes':
      return withLength(TLV_TYPE.bytes, element.value)
    case 'null':
      return { type: TLV_TYPE.null, bytes: [] }
    case 'structure':
    case 'array':
    case 'list':
      return {
        type: TLV_TYPE[element.type],
        bytes: [...element.value.map((item) => encode(item, depth + 1)), Uint8Array.of(TLV_TYPE.end)],
      }
  }
}

const encode = (element: TlvElement, depth: number): Uint8Array => {
  if (depth > DEEPEST) throw new TlvError('depth', `containers are nested more than ${DEEPEST} deep`)
  const { form, bytes: tag } = tagForm(element.tag)
  const { type, bytes } = bodyOf(element, depth)
  return Buffer.concat([Uint8Array.of((form << 5) | type), tag, ...bytes])
}

/** @throws TlvError for a number that needs more than 64 bits, a tag out of range, or containers nested too deep */
export const encodeTlv = (element: TlvElement): Uint8Array => encode(element, 0)

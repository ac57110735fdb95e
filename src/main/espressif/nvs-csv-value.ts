/** Values of the reference generator's CSV: what each encoding makes of a text or of a file's content. */
import { NVS_TYPES, NvsError, type NvsEntry, type NvsNumberType } from './nvs-entry.ts'

const ENCODINGS = [...Object.keys(NVS_TYPES), 'string', 'hex2bin', 'base64', 'binary', 'blob_fill', 'blob_sz_fill']
const FILL = /^blob_(?<sized>sz_)?fill\((?<length>\d+);0x(?<byte>[0-9a-f]{2})\)/u
const LARGEST_FILL = 0xffffff

const isNumberType = (text: string): text is NvsNumberType => Object.hasOwn(NVS_TYPES, text)

/** Decimal as the reference reads it, with signs and underscores; hexadecimal as well. */
const numberOf = (content: Uint8Array): bigint => {
  const text = Buffer.from(content).toString('utf8').trim()
  if (!/^[+-]?(?:\d+(?:_\d+)*|0[xX][0-9a-fA-F]+)$/u.test(text))
    throw new NvsError('value', `'${text.slice(0, 40)}' is no integer; decimal or 0x… is needed`)
  const size = BigInt(text.replace(/^[+-]/u, '').replaceAll('_', ''))
  return text.startsWith('-') ? -size : size
}

const textOf = (content: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content)
  } catch {
    throw new NvsError('value', 'the content is not UTF-8 text, as a string must be')
  }
}

const hexOf = (content: Uint8Array): Uint8Array => {
  const text = Buffer.from(content).toString('latin1').trim()
  if (!/^(?:[0-9a-fA-F]{2})*$/u.test(text)) throw new NvsError('value', 'hexadecimal digits in pairs are needed')
  return Buffer.from(text, 'hex')
}

const base64Of = (content: Uint8Array): Uint8Array => {
  const text = Buffer.from(content).toString('latin1').replace(/\s/gu, '')
  if (!/^[A-Za-z0-9+/]*={0,2}$/u.test(text) || text.length % 4 !== 0)
    throw new NvsError('value', 'Base64 in groups of four characters is needed')
  return Buffer.from(text, 'base64')
}

/** `blob_fill(16;0x00)`: the text, filled up to a length; `blob_sz_fill`: the same after its own length as u32. */
const filled = (encoding: string, content: Uint8Array): Uint8Array => {
  const { sized, length = '0', byte = '0' } = FILL.exec(encoding)?.groups ?? {}
  const size = Number(length)
  if (size > LARGEST_FILL) throw new NvsError('value', `a blob of ${length} bytes is too large for any partition`)
  if (content.length > size)
    throw new NvsError('value', `the value has ${content.length} bytes; ${size} are allowed by '${encoding}'`)
  const head = Buffer.alloc(sized ? 4 : 0)
  if (sized) head.writeUInt32LE(content.length)
  return Buffer.concat([head, content, Buffer.alloc(size - content.length, Number.parseInt(byte, 16))])
}

/**
 * The entry of one row.
 *
 * @param encoding of the row, in any case of letters
 * @param content UTF-8 of the value, or the content of the file that it names
 * @throws NvsError saying what is allowed
 */
export const valueOf = (namespace: string, key: string, encoding: string, content: Uint8Array): NvsEntry => {
  const kind = encoding.toLowerCase()
  if (isNumberType(kind)) return { namespace, key, type: kind, value: numberOf(content) }
  if (FILL.test(kind)) return { namespace, key, type: 'blob', value: filled(kind, content) }
  switch (kind) {
    case 'string':
      return { namespace, key, type: 'string', value: textOf(content) }
    case 'binary':
      return { namespace, key, type: 'blob', value: content }
    case 'hex2bin':
      return { namespace, key, type: 'blob', value: hexOf(content) }
    case 'base64':
      return { namespace, key, type: 'blob', value: base64Of(content) }
    default:
      throw new NvsError('csv', `encoding '${encoding}' is not known; ${ENCODINGS.join(', ')} are`)
  }
}

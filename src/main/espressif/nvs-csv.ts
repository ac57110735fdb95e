/** The reference generator's CSV: `key,type,encoding,value` with rows of type namespace, data and file. */
import { parse } from 'csv-parse/sync'
import { NVS_TYPES, NvsError, type NvsEntry, type NvsNumberType } from './nvs-entry.ts'

interface Row {
  readonly key: string
  readonly type: string
  readonly encoding: string
  readonly value: string
}

const isNumberType = (text: string): text is NvsNumberType => Object.hasOwn(NVS_TYPES, text)

const bytesOf = (encoding: string, text: Uint8Array, where: string): Uint8Array => {
  const plain = Buffer.from(text)
  switch (encoding) {
    case 'binary':
      return plain
    case 'hex2bin': {
      const hex = plain.toString('latin1').trim()
      if (!/^(?:[0-9a-fA-F]{2})*$/u.test(hex))
        throw new NvsError('value', `${where}: hexadecimal digits in pairs are needed`)
      return Buffer.from(hex, 'hex')
    }
    case 'base64': {
      const base64 = plain.toString('latin1').trim()
      if (!/^[A-Za-z0-9+/]*={0,2}$/u.test(base64) || base64.length % 4 !== 0)
        throw new NvsError('value', `${where}: Base64 is needed`)
      return Buffer.from(base64, 'base64')
    }
    default:
      throw new NvsError(
        'value',
        `${where}: encoding '${encoding}' is not known; ${Object.keys(NVS_TYPES).join(', ')}, string, hex2bin, base64 and binary are`,
      )
  }
}

/**
 * Entries of a CSV file.
 *
 * @param name of the file, for errors
 * @param readFile gives the content of a file that a row names
 * @throws NvsError naming file, line and column
 */
export const parseNvsCsv = (text: string, name: string, readFile: (path: string) => Uint8Array): NvsEntry[] => {
  let rows: { record: Row; info: { lines: number } }[]
  try {
    rows = parse(text, {
      columns: true,
      info: true,
      bom: true,
      skip_empty_lines: true,
      relax_column_count_less: true,
      comment: '#',
      comment_no_infix: true,
    })
  } catch (error) {
    throw new NvsError('value', `${name}: ${error instanceof Error ? error.message : 'not a CSV file'}`)
  }
  const entries: NvsEntry[] = []
  let namespace: string | undefined
  for (const { record, info } of rows) {
    const where = `${name}:${info.lines}: key '${record.key}'`
    const { key, type, encoding = '', value = '' } = record
    if (type === 'namespace') {
      namespace = key
      continue
    }
    if (type !== 'data' && type !== 'file')
      throw new NvsError('value', `${where}: type '${type}' is not known; namespace, data and file are`)
    if (namespace === undefined) throw new NvsError('value', `${where}: a namespace row must come first`)
    const content = type === 'file' ? Buffer.from(readFile(value)) : Buffer.from(value, 'utf8')
    if (isNumberType(encoding)) {
      const number = content.toString('utf8').trim()
      if (!/^[+-]?(?:\d+|0[xX][0-9a-fA-F]+)$/u.test(number))
        throw new NvsError('value', `${where}: '${number}' is no integer`)
      const sign = number.startsWith('-') ? -1n : 1n
      entries.push({ namespace, key, type: encoding, value: sign * BigInt(number.replace(/^[+-]/u, '')) })
    } else if (encoding === 'string') entries.push({ namespace, key, type: 'string', value: content.toString('utf8') })
    else entries.push({ namespace, key, type: 'blob', value: bytesOf(encoding, content, where) })
  }
  return entries
}

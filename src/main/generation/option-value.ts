/** Values as they are typed: after an option, or in a field of a CSV file. Errors begin with where the value stands. */
import { GenerationError } from './generation-error.ts'

/** `--discriminator`, or `units.csv:3:2: discriminator`. */
export type Where = string

export const refuse = (where: Where, found: string, allowed: string): never => {
  throw new GenerationError(`${where} ${found} is not allowed; ${allowed}`)
}

const shown = (text: string): string => (text === '' ? "''" : text.length > 60 ? `${text.slice(0, 60)}…` : text)

/** Decimal, 0x…, 0o… or 0b…. */
export const wholeNumber = (where: Where, text: string, least: number, most: number): number => {
  const allowed = `a whole number from ${least} to ${most} is, decimal or 0x…`
  if (/^[0-9a-f]*[a-f][0-9a-f]*$/iu.test(text) && !/^0[xob]/iu.test(text))
    return refuse(where, shown(text), `${allowed}: write 0x${text.toUpperCase()} for a hexadecimal number`)
  if (!/^(?:\d+|0x[0-9a-f]+|0o[0-7]+|0b[01]+)$/iu.test(text)) return refuse(where, shown(text), allowed)
  const value = Number(text)
  return value >= least && value <= most ? value : refuse(where, text, allowed)
}

/** Text that is not empty and can be printed. */
export const textOf = (where: Where, text: string): string => {
  if (text === '') return refuse(where, "''", 'text is')
  // eslint-disable-next-line no-control-regex
  return /[\u0000-\u001f\u007f]/u.test(text)
    ? refuse(where, JSON.stringify(text), 'text without control characters is')
    : text
}

/** An index into the choices, whose names are compared without regard to case. */
export const choiceOf = (where: Where, text: string, choices: readonly string[]): number => {
  const index = choices.findIndex((choice) => choice.toLowerCase() === text.toLowerCase())
  return index >= 0 ? index : refuse(where, shown(text), `one of ${choices.join(', ')} is`)
}

export const hexOf = (where: Where, text: string, length: number): Uint8Array => {
  if (!/^(?:[0-9a-f]{2})*$/iu.test(text) || text.length !== 2 * length)
    return refuse(where, shown(text), `${2 * length} hexadecimal digits are (${length} bytes)`)
  return Uint8Array.from(Buffer.from(text, 'hex'))
}

export const base64Of = (where: Where, text: string, least: number, most: number): Uint8Array => {
  const lengths = least === most ? `${least}` : `${least} to ${most}`
  if (!/^[A-Za-z0-9+/]+={0,2}$/u.test(text) || text.length % 4 !== 0)
    return refuse(where, shown(text), `Base64 of ${lengths} bytes is`)
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'))
  if (bytes.length < least || bytes.length > most)
    throw new GenerationError(`${where} has ${bytes.length} bytes; ${lengths} are allowed`)
  return bytes
}

/**
 * The code of a work order: an order number alone, or `WO:` with the number and fields, each a letter, '=' and its text, between
 * semicolons: `WO:WO-48213;P=Aurora Lamp E27;R=aurora-lamp 1.4.2;Q=500;D=2026-12-24;L=LOT 7`. (docs/formats.md)
 */
import type { OrderInput } from '../../../contract/index.ts'
import { ORDER_FIELDS, OrderFieldError, readOrderField, type KnownSources } from './order-fields.ts'

const HEAD = /^wo:/iu
const LETTERS = ORDER_FIELDS.map(({ letter }) => letter).filter((letter) => letter !== 'WO')

const fieldOf = (letter: string) => ORDER_FIELDS.find((field) => field.letter === letter.trim().toUpperCase())

/**
 * @returns the number, and whatever else the code says
 * @throws OrderFieldError
 */
export const readWorkOrderCode = (
  scanned: string,
  known: KnownSources,
): Partial<OrderInput> & Pick<OrderInput, 'number'> => {
  const text = scanned.trim()
  const [number = '', ...parts] = HEAD.test(text) ? text.replace(HEAD, '').split(';') : [text]
  const [numberField] = ORDER_FIELDS
  const fields: Partial<OrderInput> = numberField ? readOrderField(numberField, number, known) : {}
  const read = parts
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const at = part.indexOf('=')
      const field = at < 0 ? undefined : fieldOf(part.slice(0, at))
      if (!field || field.letter === 'WO')
        throw new OrderFieldError('work-order-field', { text: part, allowed: `${LETTERS.join('=, ')}=` })
      return readOrderField(field, part.slice(at + 1), known)
    })
  return Object.assign({ number: number.trim() }, fields, ...read) as Partial<OrderInput> & Pick<OrderInput, 'number'>
}

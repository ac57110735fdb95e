/** The fields of an order as text, by the column of a table or the letter of a scanned code: read the same way from both. */
import { DueDate, OrderInput, OrderNumber } from '../../../contract/index.ts'
import { FaultError, faultOf } from '../../fault-error.ts'

/** What a text can name. */
export interface KnownSources {
  readonly products: readonly { readonly id: string; readonly name: string }[]
  readonly releases: readonly { readonly id: string; readonly title: string; readonly digest: string }[]
  readonly manifests: readonly { readonly id: string; readonly name: string }[]
}

export interface OrderField {
  readonly column: string
  /** In a scanned code. */
  readonly letter: string
  readonly key: keyof OrderInput
  /** May it be left out? */
  readonly optional: boolean
}

export const ORDER_FIELDS: readonly OrderField[] = [
  { column: 'number', letter: 'WO', key: 'number', optional: false },
  { column: 'product', letter: 'P', key: 'productId', optional: false },
  { column: 'release', letter: 'R', key: 'releaseId', optional: true },
  { column: 'manifest', letter: 'M', key: 'manifestId', optional: true },
  { column: 'quantity', letter: 'Q', key: 'quantity', optional: false },
  { column: 'due', letter: 'D', key: 'due', optional: true },
  { column: 'lot', letter: 'L', key: 'lot', optional: true },
  { column: 'customer_reference', letter: 'C', key: 'customerReference', optional: true },
  { column: 'notes', letter: 'N', key: 'notes', optional: true },
  { column: 'first_article', letter: 'F', key: 'firstArticle', optional: true },
]

/** Says what is allowed instead. */
export class OrderFieldError extends FaultError {
  constructor(...fault: Parameters<typeof faultOf>) {
    super('OrderFieldError', faultOf(...fault))
  }
}

const notThere = (
  what: 'product' | 'release' | 'manifest',
  text: string,
  allowed: readonly string[],
): OrderFieldError =>
  allowed.length === 0
    ? new OrderFieldError(`${what}-none-yet`, { text })
    : new OrderFieldError(`${what}-not-there`, { text, allowed: allowed.join(', ') })

const LEAST_DIGEST = 8

const READERS: Record<keyof OrderInput, (text: string, known: KnownSources) => OrderInput[keyof OrderInput]> = {
  number(text) {
    if (OrderNumber.safeParse(text).success) return text
    throw new OrderFieldError('no-order-number', { text })
  },
  productId(text, { products }) {
    const found = products.find(({ name }) => name === text)
    if (found) return found.id
    throw notThere(
      'product',
      text,
      products.map(({ name }) => name),
    )
  },
  releaseId(text, { releases }) {
    if (text === '') return null
    const byDigest = text.length >= LEAST_DIGEST ? releases.filter(({ digest }) => digest.startsWith(text)) : []
    const found = byDigest.length > 0 ? byDigest : releases.filter(({ title }) => title === text)
    if (found.length === 1 && found[0]) return found[0].id
    if (found.length > 1)
      throw new OrderFieldError('release-ambiguous', { text, count: found.length, least: LEAST_DIGEST })
    throw notThere(
      'release',
      text,
      releases.map(({ title }) => title),
    )
  },
  manifestId(text, { manifests }) {
    if (text === '') return null
    const found = manifests.filter(({ name }) => name === text)
    if (found.length === 1 && found[0]) return found[0].id
    if (found.length > 1) throw new OrderFieldError('manifest-ambiguous', { text, count: found.length })
    throw notThere(
      'manifest',
      text,
      manifests.map(({ name }) => name),
    )
  },
  quantity(text) {
    const quantity = Number(text)
    if (/^\d{1,7}$/u.test(text) && OrderInput.shape.quantity.safeParse(quantity).success) return quantity
    throw new OrderFieldError('no-quantity', { text })
  },
  due(text) {
    if (text === '') return null
    if (DueDate.safeParse(text).success) return text
    throw new OrderFieldError('no-day', { text })
  },
  lot: (text) => short(text, 60),
  customerReference: (text) => short(text, 60),
  notes: (text) => short(text, 500),
  firstArticle(text) {
    const said = text.toLowerCase()
    if (said === '' || said === 'yes') return true
    if (said === 'no') return false
    throw new OrderFieldError('no-yes-or-no', { text })
  },
}

function short(text: string, most: number): string {
  if (text.length <= most) return text
  throw new OrderFieldError('text-too-long', { length: text.length, most })
}

/** @throws OrderFieldError */
export const readOrderField = (field: OrderField, text: string, known: KnownSources): Partial<OrderInput> => ({
  [field.key]: READERS[field.key](text.trim(), known),
})

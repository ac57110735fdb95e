/** The fields of an order as text, by the column of a table or the letter of a scanned code: read the same way from both. */
import { DueDate, OrderInput, OrderNumber } from '../../../contract/index.ts'

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
export class OrderFieldError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'OrderFieldError'
  }
}

const names = (all: readonly string[]): string => (all.length === 0 ? 'none is there yet' : all.join(', '))

const LEAST_DIGEST = 8

const READERS: Record<keyof OrderInput, (text: string, known: KnownSources) => OrderInput[keyof OrderInput]> = {
  number(text) {
    if (OrderNumber.safeParse(text).success) return text
    throw new OrderFieldError(`'${text}' is no order number; letters, digits and . _ / - are, at most 40`)
  },
  productId(text, { products }) {
    const found = products.find(({ name }) => name === text)
    if (found) return found.id
    throw new OrderFieldError(`there is no product '${text}'; allowed: ${names(products.map(({ name }) => name))}`)
  },
  releaseId(text, { releases }) {
    if (text === '') return null
    const byDigest = text.length >= LEAST_DIGEST ? releases.filter(({ digest }) => digest.startsWith(text)) : []
    const found = byDigest.length > 0 ? byDigest : releases.filter(({ title }) => title === text)
    if (found.length === 1 && found[0]) return found[0].id
    throw new OrderFieldError(
      found.length > 1
        ? `'${text}' is the name of ${found.length} releases; give the first ${LEAST_DIGEST} or more digits of its digest`
        : `there is no release '${text}'; allowed: ${names(releases.map(({ title }) => title))}`,
    )
  },
  manifestId(text, { manifests }) {
    if (text === '') return null
    const found = manifests.filter(({ name }) => name === text)
    if (found.length === 1 && found[0]) return found[0].id
    throw new OrderFieldError(
      found.length > 1
        ? `'${text}' is the name of ${found.length} manifests; make this order in the form`
        : `there is no manifest '${text}'; allowed: ${names(manifests.map(({ name }) => name))}`,
    )
  },
  quantity(text) {
    const quantity = Number(text)
    if (/^\d{1,7}$/u.test(text) && OrderInput.shape.quantity.safeParse(quantity).success) return quantity
    throw new OrderFieldError(`'${text}' is no quantity; a whole number from 1 to 1000000 is`)
  },
  due(text) {
    if (text === '') return null
    if (DueDate.safeParse(text).success) return text
    throw new OrderFieldError(`'${text}' is no day; one such as 2026-12-24 is, or nothing`)
  },
  lot: (text) => short(text, 60),
  customerReference: (text) => short(text, 60),
  notes: (text) => short(text, 500),
  firstArticle(text) {
    const said = text.toLowerCase()
    if (said === '' || said === 'yes') return true
    if (said === 'no') return false
    throw new OrderFieldError(`'${text}' is not allowed; yes or no is, or nothing for yes`)
  },
}

function short(text: string, most: number): string {
  if (text.length <= most) return text
  throw new OrderFieldError(`it has ${text.length} characters; at most ${most} are allowed`)
}

/** @throws OrderFieldError */
export const readOrderField = (field: OrderField, text: string, known: KnownSources): Partial<OrderInput> => ({
  [field.key]: READERS[field.key](text.trim(), known),
})

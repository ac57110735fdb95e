/** What the form itself can say about a product, before the station is asked. The limits are those of the contract. */
import type { ProductDraft } from './product-draft.ts'

export interface ProductFault {
  readonly key: string
  readonly params?: Readonly<Record<string, number>>
}

type Rule = (value: string) => ProductFault | null

const text =
  (max: number): Rule =>
  (value) =>
    value.trim() !== '' && value.trim().length <= max ? null : { key: 'products.invalid.text', params: { max } }

const whole =
  (min: number, max: number): Rule =>
  (value) =>
    /^\d+$/.test(value.trim()) && Number(value) >= min && Number(value) <= max
      ? null
      : { key: 'products.invalid.number', params: { min, max } }

const hex =
  (least: number, key: string): Rule =>
  (value) =>
    /^[0-9a-f]{4}$/i.test(value.trim()) && Number.parseInt(value, 16) >= least ? null : { key }

const path: Rule = (value) => (value.trim() === '' ? { key: 'products.invalid.path' } : null)

const RULES = {
  name: text(32),
  vendorName: text(32),
  vendorId: hex(1, 'products.invalid.hex'),
  productId: hex(0, 'products.invalid.hexFromZero'),
  hardwareVersion: whole(0, 0xffff),
  hardwareVersionString: text(64),
  prefix: (value) => (/^[A-Z0-9-]{0,10}$/.test(value.trim()) ? null : { key: 'products.invalid.prefix' }),
  digits: whole(3, 10),
  certificate: path,
  key: path,
  dacs: path,
} satisfies Partial<Record<keyof ProductDraft, Rule>>

export type CheckedField = keyof typeof RULES | 'chips'

/** Files that a source of DACs needs. */
export const FILES_OF = {
  pai: ['certificate', 'key'],
  dacs: ['certificate', 'dacs'],
  test: [],
  none: [],
} as const satisfies Record<ProductDraft['source'], readonly (keyof ProductDraft)[]>
const FILES: readonly string[] = Object.values(FILES_OF).flat()

const isAsked = (field: CheckedField, { source }: ProductDraft): boolean =>
  !FILES.includes(field) || FILES_OF[source].some((file) => file === field)

export const productFaults = (draft: ProductDraft): Partial<Record<CheckedField, ProductFault>> => {
  const found = (Object.keys(RULES) as (keyof typeof RULES)[]).flatMap((field) => {
    const fault = isAsked(field, draft) ? RULES[field](draft[field]) : null
    return fault ? [[field, fault] as const] : []
  })
  return {
    ...Object.fromEntries(found),
    ...(draft.chips.length === 0 ? { chips: { key: 'products.invalid.chips' } } : {}),
  }
}

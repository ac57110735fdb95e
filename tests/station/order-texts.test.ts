/** Orders as tables and as scanned codes: what is written is read again, what is wrong is named, and nothing makes it hang or guess. */
import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OrderInput } from '../../src/contract/index.ts'
import { OrderTableError, readOrderTable } from '../../src/main/station/orders/order-csv.ts'
import { ORDER_FIELDS, OrderFieldError, type KnownSources } from '../../src/main/station/orders/order-fields.ts'
import { readWorkOrderCode } from '../../src/main/station/orders/work-order-code.ts'

const KNOWN: KnownSources = {
  products: [
    { id: 'p1', name: 'Aurora Lamp, E27' },
    { id: 'p2', name: '极光灯 "E14"' },
  ],
  releases: [
    { id: 'r1', title: 'aurora 1.4.2', digest: '0123456789abcdef' },
    { id: 'r2', title: 'aurora 1.5.0', digest: 'fedcba9876543210' },
  ],
  manifests: [{ id: 'm1', name: 'modules, May.csv' }],
}
const remark = fc.string({ maxLength: 40 }).map((text) => text.replace(/[\r\n;]/gu, ' ').trim())
const day = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
const input: fc.Arbitrary<OrderInput> = fc.record({
  number: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$/u),
  productId: fc.constantFrom('p1', 'p2'),
  releaseId: fc.constantFrom('r1', 'r2', null),
  manifestId: fc.constantFrom('m1', null),
  quantity: fc.integer({ min: 1, max: 1_000_000 }),
  due: fc.option(day),
  lot: remark,
  customerReference: remark,
  notes: remark,
  firstArticle: fc.boolean(),
})
const nameOf = (id: string): string =>
  KNOWN.products.find((product) => product.id === id)?.name ??
  KNOWN.releases.find((release) => release.id === id)?.title ??
  KNOWN.manifests.find((manifest) => manifest.id === id)?.name ??
  ''
const cell = (order: OrderInput, key: keyof OrderInput): string => {
  const value = order[key]
  if (key === 'productId' || key === 'releaseId' || key === 'manifestId') return nameOf(String(value))
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return String(value ?? '')
}
const HEADING = ORDER_FIELDS.map(({ column }) => column)
const tableOf = (orders: readonly OrderInput[], delimiter: string): string =>
  stringify([HEADING, ...orders.map((order) => ORDER_FIELDS.map(({ key }) => cell(order, key)))], {
    delimiter,
    quoted_string: true,
  })

describe('a table', () => {
  test('is read as it was written, with commas, semicolons or tabs', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(input, { minLength: 1, maxLength: 5, selector: ({ number }) => number }),
        fc.constantFrom(',', ';', '\t'),
        (orders, delimiter) => {
          expect(readOrderTable('t.csv', tableOf(orders, delimiter), KNOWN)).toEqual(
            orders.map((order, index) => ({ row: index + 2, input: order })),
          )
        },
      ),
    )
  })

  test.each([
    ['number', 'a b', /letters, digits/u],
    ['product', 'Lamp', /There is no product 'Lamp'; allowed: Aurora Lamp, E27, /u],
    ['release', 'aurora', /allowed: aurora 1\.4\.2, aurora 1\.5\.0/u],
    ['manifest', 'May.csv', /There is no manifest 'May\.csv'; allowed: modules, May\.csv/u],
    ['quantity', '0', /a whole number from 1 to 1000000/u],
    ['quantity', '1.5', /a whole number/u],
    ['due', '24.12.2026', /one such as 2026-12-24/u],
    ['due', '2026-02-30', /one such as 2026-12-24/u],
    ['lot', 'x'.repeat(61), /at most 60/u],
    ['first_article', 'perhaps', /yes or no/u],
  ])('names file, row and column of a wrong %s: %s', (column, text, allowed) => {
    fc.assert(
      fc.property(
        fc.uniqueArray(input, { minLength: 1, maxLength: 4, selector: ({ number }) => number }),
        fc.nat(),
        (orders, at) => {
          const row = at % orders.length
          const rows = orders.map((order) => ORDER_FIELDS.map(({ key }) => cell(order, key)))
          const wrong = rows.map((cells, index) =>
            index === row ? cells.map((value, nth) => (HEADING[nth] === column ? text : value)) : cells,
          )
          const error = (): void => void readOrderTable('monday.csv', stringify([HEADING, ...wrong]), KNOWN)
          expect(error).toThrow(OrderTableError)
          expect(error).toThrow(`monday.csv, row ${row + 2}, column '${column}': `)
          expect(error).toThrow(allowed)
        },
      ),
      { numRuns: 20 },
    )
  })

  test.each([
    ['number,product,release\nA,B,C', /row 1, column 'quantity': It is missing/u],
    ['number,number,product,release,quantity\n', /no order in it/u],
    ['number,number,product,release,quantity\nA,A,B,C,1', /column 'number': It stands twice/u],
    [
      'number,product,release,quantity,colour\nA,B,C,1,red',
      /column 'colour': There is no such column; allowed: number, /u,
    ],
    ['number,product,release,quantity\nA,"Aurora Lamp, E27",aurora 1.4.2,1,2', /row 2: It has 5 cells, the heading 4/u],
    [
      'number,product,release,quantity\nA,"Aurora Lamp, E27",aurora 1.4.2,1\nA,"Aurora Lamp, E27",01234567,2',
      /row 3, column 'number': A stands in a row before/u,
    ],
    ['', /no order in it/u],
  ])('%j is refused as a whole', (text, sentence) => {
    expect(() => readOrderTable('t.csv', text, KNOWN)).toThrow(sentence)
  })

  test('any other text is refused in one sentence, or read', () => {
    fc.assert(
      fc.property(fc.string(), fc.boolean(), (text, headed) => {
        try {
          const rows = readOrderTable('t.csv', (headed ? `${HEADING.join(',')}\n` : '') + text, KNOWN)
          for (const row of rows) expect(OrderInput.safeParse(row.input).success).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(OrderTableError)
        }
      }),
    )
  })
})

describe('the code of a work order', () => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(input, (order) => {
        const fields = ORDER_FIELDS.slice(1).map(({ letter, key }) => `${letter}=${cell(order, key)}`)
        expect(readWorkOrderCode(`WO:${order.number};${fields.join(';')}`, KNOWN)).toEqual(order)
        expect(readWorkOrderCode(`  ${order.number} `, KNOWN)).toEqual({ number: order.number })
      }),
    )
  })

  test.each([
    ['WO:', /no order number/u],
    ['two words', /no order number/u],
    ['WO:A;Q=many', /a whole number/u],
    ['WO:A;X=1', /'X=1' is no field of a work order; P=, R=, M=, Q=/u],
    ['WO:A;WO=B', /is no field/u],
    ['WO:A;Q', /is no field/u],
  ])('%s is refused', (text, sentence) => {
    expect(() => readWorkOrderCode(text, KNOWN)).toThrow(OrderFieldError)
    expect(() => readWorkOrderCode(text, KNOWN)).toThrow(sentence)
  })
})

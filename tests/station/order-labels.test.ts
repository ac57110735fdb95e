import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LabelChoice, plainScheme } from '../../src/contract/index.ts'
import { openTemplateLibrary, type TemplateLibrary } from '../../src/main/labels/template-library.ts'
import { templateByName } from '../../src/main/labels/templates.ts'
import { OrderPlan } from '../../src/main/line/order-plan.ts'
import { demoProduct } from '../../src/main/station/orders/demo-order.ts'
import { orderLabels, tryOrderLabels, type LabelFacts } from '../../src/main/station/orders/order-labels.ts'

let folder = ''
let library: TemplateLibrary
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'imprint-templates-'))
  library = openTemplateLibrary(folder)
})
afterEach(() => rmSync(folder, { recursive: true }))

const base = templateByName('unit-40x20')
const withBatch = (longest: string) => ({
  ...base,
  name: 'batch',
  freeFields: [{ name: 'batch', longest }],
  elements: [
    ...base.elements,
    { type: 'text', name: 'batch', x: 18, y: 17, width: 8, height: 2.6, text: '{batch}', size: 2 },
  ],
})
const choice = (change: object = {}) => LabelChoice.parse(change)
const facts: LabelFacts = { product: demoProduct, serial: plainScheme('AL-2611-'), mark: 'DEMO', labelFields: {} }

describe("an order's labels", () => {
  test('keep the version that was pinned, whatever is saved later', async () => {
    await library.save({ ...withBatch('B-1'), width: 40 })
    const pinned = await orderLabels(
      library,
      choice({ template: { name: 'batch', version: null }, fields: { batch: 'B-7' } }),
    )
    await library.save({ ...withBatch('B-1'), width: 60 })
    expect(pinned.labelTemplate).toMatchObject({ name: 'batch', version: 1, width: 40 })
    const latest = await orderLabels(
      library,
      choice({ template: { name: 'batch', version: null }, fields: { batch: 'B-7' } }),
    )
    expect(latest.labelTemplate).toMatchObject({ version: 2, width: 60 })
    const first = await orderLabels(
      library,
      choice({ template: { name: 'batch', version: 1 }, fields: { batch: 'B-7' } }),
    )
    expect(first).toEqual(pinned)
  })

  test('need a value for each free field of the template, and keep no other', async () => {
    await library.save(withBatch('B-1'))
    const template = { name: 'batch', version: null }
    await expect(orderLabels(library, choice({ template }))).rejects.toThrow(/field 'batch'; give it a value/u)
    const { labelFields } = await orderLabels(library, choice({ template, fields: { batch: ' B-7 ', other: 'x' } }))
    expect(labelFields).toEqual({ batch: 'B-7' })
  })

  test("are refused where a template is another's, or not there", async () => {
    await expect(orderLabels(library, choice({ template: { name: 'carton-100x50', version: null } }))).rejects.toThrow(
      /not for a unit/u,
    )
    await expect(orderLabels(library, choice({ template: { name: 'unit-40x20', version: 9 } }))).rejects.toThrow(
      /no version 9/u,
    )
  })

  test('overflow of any field is an error before the order starts', async () => {
    await library.save(withBatch('B-1'))
    const template = { name: 'batch', version: null }
    const fits = await orderLabels(library, choice({ template, fields: { batch: 'B-7' } }))
    expect(() => tryOrderLabels({ ...facts, ...fits }, 'WO-1', 203)).not.toThrow()
    const long = await orderLabels(library, choice({ template, fields: { batch: 'A batch with a very long name' } }))
    expect(() => tryOrderLabels({ ...facts, ...long }, 'WO-1', 203)).toThrow(/element 'batch' has 8 × 2.6 mm/u)
  })

  test('a carton whose list of serials does not fit its label is refused as well', async () => {
    const few = await orderLabels(library, choice({ carton: { size: 20 } }))
    expect(() => tryOrderLabels({ ...facts, ...few }, 'WO-1', 203)).not.toThrow()
    const many = await orderLabels(library, choice({ carton: { size: 400 } }))
    expect(() => tryOrderLabels({ ...facts, ...many }, 'WO-1', 203)).toThrow(/element 'serials'/u)
  })

  test('an order that was kept with a name only has the template of that name', () => {
    const plan = OrderPlan.out.shape.labelTemplate.parse('unit-25x25')
    expect(plan).toEqual(templateByName('unit-25x25'))
  })
})

/** The labels of an order: templates looked up once, when the order is made, and kept in its plan from then on. */
import { widestSerial, type LabelChoice } from '../../../contract/index.ts'
import type { LabelData } from '../../labels/label-data.ts'
import { LabelError } from '../../labels/label-error.ts'
import { layOutEach, type Dpi } from '../../labels/layout.ts'
import type { LabelTemplate } from '../../labels/template.ts'
import type { TemplateLibrary } from '../../labels/template-library.ts'
import type { OrderPlan } from '../../line/order-plan.ts'
import { encodeManualCode, encodeQrPayload } from '../../matter/onboarding-payload.ts'
import { onboardingOf } from './onboarding.ts'

/** As an order's plan keeps them. */
export type OrderLabels = Pick<OrderPlan, 'labelTemplate' | 'labelFields' | 'carton'>

const fieldsOfTemplate = (template: LabelTemplate, given: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    template.freeFields.map(({ name }) => {
      const value = given[name]?.trim() ?? ''
      if (value === '')
        throw new LabelError(
          'unknown-field',
          `the label template '${template.name}' has a field '${name}'; give it a value for this order`,
          { field: name, template: template.name },
        )
      return [name, value]
    }),
  )

/**
 * Looks an order's templates up: the plan keeps the very versions, whatever is saved later.
 *
 * @throws LabelError `unknown-template`; `template` when it is for something else; `unknown-field` when a free field has no value
 */
export const orderLabels = async (library: TemplateLibrary, choice: LabelChoice): Promise<OrderLabels> => {
  const find = async (pin: LabelChoice['template'], kind: LabelTemplate['kind']): Promise<LabelTemplate> => {
    const template = await library.get(pin.name, pin.version ?? undefined)
    if (template.kind !== kind)
      throw new LabelError('template', `the label template '${pin.name}' is not for a ${kind}; choose one that is`, {
        template: pin.name,
      })
    return template
  }
  const labelTemplate = await find(choice.template, 'unit')
  const carton =
    choice.carton === null ? null : { size: choice.carton.size, template: await find(choice.carton.template, 'carton') }
  return {
    labelTemplate,
    labelFields: {
      ...fieldsOfTemplate(labelTemplate, choice.fields),
      ...(carton ? fieldsOfTemplate(carton.template, choice.fields) : {}),
    },
    carton,
  }
}

export type LabelFacts = Pick<OrderPlan, 'product' | 'serial' | 'mark' | 'labelFields'>

/** The widest codes and the longest serial that a unit can get: what fits them fits every unit. */
export const longestUnit = (facts: LabelFacts, orderNumber: string): LabelData => {
  const { product } = facts
  const payload = onboardingOf(facts, { discriminator: 0xfff, passcode: 99_999_998 })
  return {
    serial: widestSerial(facts.serial, new Date()),
    mac: 'AA:AA:AA:AA:AA:AA',
    slot: 32,
    productName: product.name,
    vendorName: product.vendorName,
    vendorId: product.vendorId,
    productId: product.productId,
    qr: encodeQrPayload(payload),
    manualCode: encodeManualCode(payload),
    orderNumber,
    date: '2088-08-08',
    mark: facts.mark,
    fields: facts.labelFields,
  }
}

/** Before the running number of an order's cartons. */
export const cartonPrefix = (orderNumber: string): string => `${orderNumber}-C`
export const CARTON_DIGITS = 4

/** Number of an order's nth carton. */
export const cartonNumber = (orderNumber: string, nth: number): string =>
  `${cartonPrefix(orderNumber)}${String(nth).padStart(CARTON_DIGITS, '0')}`

/** What a carton's label shows: nothing of a single unit but its serial. */
export const cartonData = (
  facts: LabelFacts,
  orderNumber: string,
  carton: { readonly number: string; readonly serials: string[] },
  date: string,
): LabelData => ({
  ...longestUnit(facts, orderNumber),
  serial: carton.number,
  mac: '',
  slot: null,
  qr: '',
  manualCode: '',
  date,
  carton,
})

export const longestCarton = (facts: LabelFacts, orderNumber: string, size: number): LabelData =>
  cartonData(
    facts,
    orderNumber,
    {
      number: cartonNumber(orderNumber, 8888),
      serials: Array.from({ length: size }, () => widestSerial(facts.serial, new Date())),
    },
    '2088-08-08',
  )

/** Lays the longest labels of an order out. @throws LabelError the first thing that does not fit */
export const tryOrderLabels = (
  plan: LabelFacts & Pick<OrderPlan, 'labelTemplate' | 'carton'>,
  orderNumber: string,
  dpi: Dpi,
): void => {
  const faults = [
    ...layOutEach(plan.labelTemplate, longestUnit(plan, orderNumber), dpi).faults,
    ...(plan.carton
      ? layOutEach(plan.carton.template, longestCarton(plan, orderNumber, plan.carton.size), dpi).faults
      : []),
  ]
  if (faults[0]) throw faults[0]
}

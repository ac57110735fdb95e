/** Label templates as the screens see them: listed, tried on the longest values, kept as new versions. */
import type { RequestResult, TemplateFinding, TemplateSummary } from '../../../contract/index.ts'
import { LabelTemplate } from '../../labels/template.ts'
import type { LabelData } from '../../labels/label-data.ts'
import { LabelError } from '../../labels/label-error.ts'
import { labelFault } from '../../labels/label-fault.ts'
import { templateFaults } from '../../labels/template-faults.ts'
import { layOutEach, type Dpi, type LayoutWarning } from '../../labels/layout.ts'
import { renderPng } from '../../labels/png.ts'
import type { TemplateLibrary } from '../../labels/template-library.ts'
import type { OrderPlan } from '../../line/order-plan.ts'
import { encodeManualCode, encodeQrPayload } from '../../matter/onboarding-payload.ts'
import { demoProduct, demoSerial } from '../orders/demo-order.ts'
import { onboardingOf } from '../orders/onboarding.ts'
import { cartonData, cartonNumber, longestCarton, longestUnit, type LabelFacts } from '../orders/order-labels.ts'
import { RequestRefusal } from '../request-refusal.ts'

/** Product and order whose values a template is tried with: those of the order that is open, or else made-up ones. */
export interface TrialOrder {
  readonly plan: Pick<OrderPlan, 'product' | 'serial' | 'mark' | 'carton'>
  readonly number: string
}

const MADE_UP: TrialOrder = {
  plan: { product: demoProduct, serial: demoSerial, mark: 'DEMO', carton: null },
  number: 'DEMO-001',
}
/** Units of a carton that is made up. */
const CARTON_SIZE = 20
const USUAL_DAY = '2026-11-24'

const longest = ({ plan, number }: TrialOrder, template: LabelTemplate): LabelData => {
  const labelFields = Object.fromEntries(template.freeFields.map((field) => [field.name, field.longest]))
  const facts: LabelFacts = { ...plan, labelFields }
  return template.kind === 'carton'
    ? longestCarton(facts, number, plan.carton?.size ?? CARTON_SIZE)
    : longestUnit(facts, number)
}

const usual = (order: TrialOrder, template: LabelTemplate): LabelData => {
  const data = longest(order, template)
  if (data.carton) {
    const carton = { number: cartonNumber(order.number, 1), serials: data.carton.serials }
    return cartonData({ ...order.plan, labelFields: data.fields }, order.number, carton, USUAL_DAY)
  }
  const payload = onboardingOf(order.plan, { discriminator: 3840, passcode: 20_202_021 })
  return {
    ...data,
    mac: '7C:DF:A1:0E:4B:2C',
    slot: 3,
    qr: encodeQrPayload(payload),
    manualCode: encodeManualCode(payload),
    date: USUAL_DAY,
  }
}

const ofFault = (fault: LabelError): TemplateFinding => ({
  element: typeof fault.details['element'] === 'string' ? fault.details['element'] : null,
  severity: 'error',
  // Of a valid template, only its mark can be missing still.
  code: fault.code === 'template' || fault.code === 'unknown-template' ? 'no-mark' : fault.code,
  values: fault.details,
})

const ofWarning = (warning: LayoutWarning): TemplateFinding => ({
  element: warning.element,
  severity: 'warning',
  ...(warning.code === 'small-module'
    ? { code: 'small-module', values: { module: Math.round(warning.moduleMm * 1000) / 1000 } }
    : { code: 'quiet-zone', values: { other: warning.other } }),
})

/** @param order values to try with; made-up ones without */
export const previewTemplate = (
  given: unknown,
  dpi: Dpi,
  values: 'longest' | 'usual',
  order: TrialOrder = MADE_UP,
): RequestResult<'templates.preview'> => {
  const parsed = LabelTemplate.safeParse(given)
  if (!parsed.success)
    return { image: null, widthDots: 0, heightDots: 0, findings: templateFaults(given, parsed.error) }
  const template = parsed.data
  const tried = layOutEach(template, longest(order, template), dpi)
  const { layout } = values === 'longest' ? tried : layOutEach(template, usual(order, template), dpi)
  return {
    image: `data:image/png;base64,${Buffer.from(renderPng(layout)).toString('base64')}`,
    widthDots: layout.width,
    heightDots: layout.height,
    findings: [...tried.faults.map(ofFault), ...tried.layout.warnings.map(ofWarning)],
  }
}

export const listTemplates = async (library: TemplateLibrary): Promise<TemplateSummary[]> =>
  (await library.list()).map(({ latest, versions, builtIn }) => ({
    name: latest.name,
    builtIn,
    kind: latest.kind,
    width: latest.width,
    height: latest.height,
    freeFields: latest.freeFields,
    versions: [...versions],
  }))

const asRefusal = (error: unknown): never => {
  if (!(error instanceof LabelError)) throw error
  throw error.code === 'unknown-template'
    ? new RequestRefusal('not-found', 'template-unknown', {}, labelFault(error))
    : new RequestRefusal('invalid', 'template-not-right', {}, labelFault(error))
}

export const findTemplate = (library: TemplateLibrary, name: string, version: number | null): Promise<LabelTemplate> =>
  library.get(name, version ?? undefined).catch(asRefusal)

/** @throws RequestRefusal when it is not valid, or its name is one of Imprint's own */
export const saveTemplate = (library: TemplateLibrary, template: unknown): Promise<LabelTemplate> =>
  library.save(template).catch(asRefusal)

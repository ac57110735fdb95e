/** The labels of a manifest's modules, tried before the order starts: whatever does not fit is said with its module. */
import { setImmediate } from 'node:timers/promises'
import { fillText, referencesOf, type LabelData } from '../../labels/label-data.ts'
import { shapeText } from '../../labels/fonts.ts'
import type { LabelError } from '../../labels/label-error.ts'
import { layOutEach } from '../../labels/layout.ts'
import type { LabelTemplate } from '../../labels/template.ts'
import type { OrderPlan } from '../../line/order-plan.ts'
import { cartonData, cartonNumber, longestUnit } from './order-labels.ts'

/** What a module's label shows of its own. */
export type ModuleData = Pick<LabelData, 'serial' | 'mac' | 'qr' | 'manualCode'>

type Element = LabelTemplate['elements'][number]

/** The fields that differ from module to module, and the one without which a test label is refused. */
const OWN: ReadonlySet<string> = new Set(['serial', 'mac', 'unitMark', 'qr', 'manualCode', 'mark'])

const isOwn = (element: Element): boolean =>
  element.type === 'manual-code' || ('text' in element && referencesOf(element.text).some((name) => OWN.has(name)))

/** Equal for texts whose codes have the same size, whichever of their characters' kinds a code packs together. */
const kindsOf = (text: string): string =>
  text.replaceAll(/[A-Z]/gu, 'A').replaceAll(/[a-z]/gu, 'a').replaceAll(/\d/gu, '0')

/** The elements that have to be tried for a module. The width of a text depends on its very glyphs, the size of a code does not. */
const elementsToTry = (template: LabelTemplate): ((data: LabelData) => Element[]) => {
  const own = template.elements.filter(isOwn)
  const seen = new Set<string>()
  return (data) =>
    own.filter((element) => {
      if (element.type === 'text' || !('text' in element)) return true
      const key = `${element.name} ${kindsOf(fillText(element.text, data, element.name))}`
      if (seen.has(key)) return false
      seen.add(key)
      return true
    })
}

/** Modules that are tried at a time: whoever else waits for this thread comes between. */
const PORTION = 50

/** @returns the first that does not fit, and why */
export const moduleLabelFault = async (
  plan: OrderPlan,
  orderNumber: string,
  modules: readonly ModuleData[],
): Promise<{ readonly serial: string; readonly fault: LabelError } | undefined> => {
  const { labelTemplate: template, labelDpi } = plan
  const common = longestUnit(plan, orderNumber)
  const ownElements = elementsToTry(template)
  for (const [index, module] of modules.entries()) {
    if (index > 0 && index % PORTION === 0) await setImmediate()
    const data: LabelData = { ...common, ...module }
    const elements = index === 0 ? template.elements : ownElements(data)
    const [fault] = layOutEach({ ...template, elements }, data, labelDpi).faults
    if (fault) return { serial: module.serial, fault }
  }
  return undefined
}

const widthOf = (serial: string): number => {
  try {
    return shapeText(serial, 'regular').width
  } catch (error) {
    if (error instanceof RangeError) return Infinity
    throw error
  }
}

/** A carton with the widest serials that can come together in it. @returns what does not fit */
export const moduleCartonFault = (
  plan: OrderPlan,
  orderNumber: string,
  modules: readonly ModuleData[],
): LabelError | undefined => {
  if (!plan.carton) return undefined
  const { size, template } = plan.carton
  const widest = modules
    .map(({ serial }) => ({ serial, width: widthOf(serial) }))
    .toSorted((a, b) => b.width - a.width)
    .slice(0, size)
  const carton = { number: cartonNumber(orderNumber, 8888), serials: widest.map(({ serial }) => serial) }
  return layOutEach(template, cartonData(plan, orderNumber, carton, '2088-08-08'), plan.labelDpi).faults[0]
}

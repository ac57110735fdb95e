/** The steps of the set-up, the fields of each, and which step a finding of the station belongs to. */
import type { SetUpCheck, SetUpFinding } from '../../contract/index.ts'
import { inputOf, type Draft, type DraftField } from './draft.ts'
import { faultsOf } from './faults.ts'

export const STEPS = ['station', 'slots', 'release', 'product', 'attestation', 'printer'] as const
export type Step = (typeof STEPS)[number]

const SELDOM_FIELDS = ['factoryPartition', 'baud', 'bootText', 'reset', 'flashKey', 'nvsKeys'] as const
/** Fields that most lines leave as they are; they are folded away until wanted. */
export const SELDOM: ReadonlySet<DraftField> = new Set(SELDOM_FIELDS)

export const FIELDS: Record<Step, readonly DraftField[]> = {
  station: ['stationName', 'lineName'],
  slots: ['slotPorts'],
  release: ['releaseFolder', 'orderNumber', 'quantity', ...SELDOM_FIELDS],
  product: [
    'productName',
    'vendorName',
    'vendorId',
    'productId',
    'hardwareVersion',
    'hardwareVersionString',
    'serialPrefix',
  ],
  attestation: ['paiCertificate', 'paiKey', 'paiPassword', 'certificationDeclaration'],
  printer: ['printerAddress', 'printerSystem', 'printerFolder'],
}

export const ALL_FIELDS: readonly DraftField[] = STEPS.flatMap((step) => FIELDS[step])

/** The step of a finding's field: 'slotPorts.2', 'product.vendorId', 'releaseFolder', 'printer'. */
export const stepOfFinding = ({ field }: Pick<SetUpFinding, 'field'>): Step => {
  const [first = '', second = ''] = field.split('.')
  if (first === 'labels') return 'printer'
  if (first === 'boards') return 'release'
  if (first === 'product' || first === 'printer') return first
  const names = [first, second]
  return STEPS.find((step) => FIELDS[step].some((own) => names.includes(own))) ?? 'station'
}

/** The field of the form that a finding stands beside; null where it is about the whole step. */
export const fieldOfFinding = ({ field }: Pick<SetUpFinding, 'field'>): DraftField | null => {
  const [first = '', second = ''] = field.split('.')
  if (first === 'product') return second === 'name' ? 'productName' : (ALL_FIELDS.find((own) => own === second) ?? null)
  return ALL_FIELDS.find((own) => own === first) ?? null
}

/** The part of the station's input that a field belongs to. */
const partOf = (field: string): string => {
  const isOf = (step: Step): boolean => FIELDS[step].some((own) => own === field)
  return isOf('product') ? 'product' : isOf('printer') ? 'printer' : field
}

/** What is filled in and right in itself: the station checks as much of the set-up as that lets it. */
export const filledIn = (draft: Draft): SetUpCheck => {
  const faulty = new Set(Object.keys(faultsOf(draft, ALL_FIELDS)).map(partOf))
  return Object.fromEntries(Object.entries(inputOf(draft)).filter(([part]) => !faulty.has(part)))
}

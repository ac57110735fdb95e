/** The steps of the set-up, the fields of each, and which step a finding of the station belongs to. */
import type { SetUpFinding } from '../../contract/index.ts'
import { emptyDraft, inputOf, type Draft, type DraftField } from './draft.ts'
import { faultsOf } from './faults.ts'

export const STEPS = ['station', 'slots', 'release', 'product', 'attestation', 'printer'] as const
export type Step = (typeof STEPS)[number]

export const FIELDS: Record<Step, readonly DraftField[]> = {
  station: ['stationName', 'lineName'],
  slots: ['slotPorts'],
  release: ['releaseFolder', 'factoryPartition', 'baud', 'bootText', 'reset', 'orderNumber', 'quantity'],
  product: [
    'productName',
    'vendorName',
    'vendorId',
    'productId',
    'hardwareVersion',
    'hardwareVersionString',
    'serialPrefix',
  ],
  attestation: ['paiCertificate', 'paiKey', 'certificationDeclaration'],
  printer: ['printerAddress', 'printerFolder'],
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

/** Values for fields that are not filled in yet, so that one step can be checked before the others: well formed, but of nothing. */
const STAND_INS: Partial<Draft> = {
  stationName: '-',
  lineName: '-',
  slotPorts: ['-'],
  releaseFolder: '-',
  orderNumber: '-',
  quantity: '1',
  productName: '-',
  vendorName: '-',
  vendorId: 'FFF1',
  productId: '8000',
  paiCertificate: '-',
  paiKey: '-',
}

/** The draft with every faulty field replaced, so that the station can check what is there. */
export const completed = (draft: Draft): ReturnType<typeof inputOf> => {
  const faulty = Object.keys(faultsOf(draft, ALL_FIELDS)) as DraftField[]
  const base = { ...emptyDraft(), ...STAND_INS }
  const replaced = Object.fromEntries(faulty.map((field) => [field, base[field]]))
  const printerKind = faulty.some((field) => FIELDS.printer.includes(field)) ? 'none' : draft.printerKind
  return inputOf({ ...draft, ...replaced, printerKind })
}

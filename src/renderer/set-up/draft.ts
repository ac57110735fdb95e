/** The set-up form while it is filled in: text as typed, and the way between that and what the station takes. */
import { LabelChoice, type ProductDefinition, type SetUpInput, type StationPlace } from '../../contract/index.ts'

export interface Draft {
  stationName: string
  lineName: string
  slotPorts: string[]
  releaseFolder: string
  factoryPartition: string
  baud: string
  bootText: string
  reset: string
  flashKey: string
  nvsKeys: string
  secureBoot: boolean
  flashEncryption: boolean
  encryptByDevice: boolean
  allowUnverified: boolean
  orderNumber: string
  quantity: string
  productName: string
  vendorName: string
  vendorId: string
  productId: string
  hardwareVersion: string
  hardwareVersionString: string
  serialPrefix: string
  paiCertificate: string
  paiKey: string
  paiPassword: string
  certificationDeclaration: string
  testBuild: boolean
  firstArticle: boolean
  printerKind: 'network' | 'system' | 'folder' | 'none'
  printerAddress: string
  printerSystem: string
  printerFolder: string
  printerDpi: SetUpInput['printerDpi']
  labels: LabelChoice
}

/** What is ticked about the boards. */
export const BOARD_CHECKS = ['secureBoot', 'flashEncryption', 'encryptByDevice', 'allowUnverified'] as const

/** The fields that are paths of the station's computer. */
export const PATHS: Partial<Record<TextField, 'file' | 'folder'>> = {
  releaseFolder: 'folder',
  flashKey: 'file',
  nvsKeys: 'file',
  paiCertificate: 'file',
  paiKey: 'file',
  certificationDeclaration: 'file',
  printerFolder: 'folder',
}

/** Dots an inch that label printers have. */
export const PRINTER_DPI: readonly SetUpInput['printerDpi'][] = [203, 300, 600]

export type TextField = Exclude<
  keyof Draft,
  'slotPorts' | 'testBuild' | 'firstArticle' | (typeof BOARD_CHECKS)[number] | 'printerKind' | 'printerDpi' | 'labels'
>
export type DraftField = TextField | 'slotPorts'

export const emptyDraft = (): Draft => ({
  stationName: '',
  lineName: '',
  slotPorts: [],
  releaseFolder: '',
  factoryPartition: '',
  baud: '921600',
  bootText: '',
  reset: '',
  flashKey: '',
  nvsKeys: '',
  secureBoot: false,
  flashEncryption: false,
  encryptByDevice: false,
  allowUnverified: false,
  orderNumber: '',
  quantity: '',
  productName: '',
  vendorName: '',
  vendorId: '',
  productId: '',
  hardwareVersion: '1',
  hardwareVersionString: '1.0',
  serialPrefix: '',
  paiCertificate: '',
  paiKey: '',
  paiPassword: '',
  certificationDeclaration: '',
  testBuild: false,
  firstArticle: true,
  printerKind: 'network',
  printerAddress: '',
  printerSystem: '',
  printerFolder: '',
  printerDpi: 203,
  labels: LabelChoice.parse({}),
})

const FOLDER = 'folder:'
const SYSTEM = 'system:'

const printerKindOf = (printer: string | null): Draft['printerKind'] => {
  if (printer === null) return 'none'
  if (printer.startsWith(SYSTEM)) return 'system'
  return printer.startsWith(FOLDER) ? 'folder' : 'network'
}

const hex = (id: number): string => id.toString(16).toUpperCase().padStart(4, '0')

/** The form for what another station's file gave. */
export const placeDraft = ({
  lineName,
  printer,
  printerDpi,
}: StationPlace): Pick<
  Draft,
  'lineName' | 'printerKind' | 'printerAddress' | 'printerSystem' | 'printerFolder' | 'printerDpi'
> => ({
  lineName,
  printerKind: printerKindOf(printer),
  printerAddress: printer !== null && printerKindOf(printer) === 'network' ? printer : '',
  printerSystem: printer?.startsWith(SYSTEM) ? printer.slice(SYSTEM.length) : '',
  printerFolder: printer?.startsWith(FOLDER) ? printer.slice(FOLDER.length) : '',
  printerDpi,
})

const boardsDraft = (
  boards: SetUpInput['boards'],
): Pick<Draft, 'bootText' | 'reset' | 'flashKey' | 'nvsKeys' | (typeof BOARD_CHECKS)[number]> => ({
  bootText: boards.bootText ?? '',
  reset: boards.reset ?? '',
  flashKey: boards.flashKey ?? '',
  nvsKeys: boards.nvsKeys ?? '',
  secureBoot: boards.security.secureBoot,
  flashEncryption: boards.security.flashEncryption,
  encryptByDevice: boards.encryption === 'by-device',
  allowUnverified: boards.allowUnverified,
})

/** The form for a product that is known before the line is set up. */
export const productDraft = (definition: ProductDefinition): Partial<Draft> => ({
  ...boardsDraft(definition.boards),
  productName: definition.name,
  vendorName: definition.vendorName,
  vendorId: hex(definition.vendorId),
  productId: hex(definition.productId),
  hardwareVersion: String(definition.hardwareVersion),
  hardwareVersionString: definition.hardwareVersionString,
  serialPrefix: definition.serial.prefix,
  ...(definition.attestation.kind === 'pai'
    ? { paiCertificate: definition.attestation.certificate, paiKey: definition.attestation.key }
    : {}),
  certificationDeclaration: definition.certificationDeclaration ?? '',
  testBuild: definition.testBuild,
  labels: definition.labels,
})

/** The form for what was saved before. */
export const draftOf = (input: SetUpInput): Draft => {
  const { product, boards } = input
  return {
    ...placeDraft(input),
    stationName: input.stationName,
    slotPorts: [...input.slotPorts],
    releaseFolder: input.releaseFolder,
    factoryPartition: input.factoryPartition ?? '',
    baud: String(input.baud),
    ...boardsDraft(boards),
    orderNumber: input.orderNumber,
    quantity: String(input.quantity),
    productName: product.name,
    vendorName: product.vendorName,
    vendorId: hex(product.vendorId),
    productId: hex(product.productId),
    hardwareVersion: String(product.hardwareVersion),
    hardwareVersionString: product.hardwareVersionString,
    serialPrefix: product.serialPrefix,
    paiCertificate: input.paiCertificate,
    paiKey: input.paiKey,
    paiPassword: input.paiPassword ?? '',
    certificationDeclaration: input.certificationDeclaration ?? '',
    testBuild: input.testBuild,
    firstArticle: input.firstArticle,
    labels: input.labels,
  }
}

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim())

const PRINTERS: Record<Draft['printerKind'], (draft: Draft) => string | null> = {
  network: (draft) => draft.printerAddress.trim(),
  system: (draft) => `${SYSTEM}${draft.printerSystem.trim()}`,
  folder: (draft) => `${FOLDER}${draft.printerFolder.trim()}`,
  none: () => null,
}

/** What the station gets; only meaningful where `faultsOf` finds nothing in the fields concerned. */
export const inputOf = (draft: Draft): SetUpInput => ({
  stationName: draft.stationName.trim(),
  lineName: draft.lineName.trim(),
  slotPorts: draft.slotPorts.map((port) => port.trim()),
  printer: PRINTERS[draft.printerKind](draft),
  printerDpi: draft.printerDpi,
  labels: draft.labels,
  product: {
    name: draft.productName.trim(),
    vendorName: draft.vendorName.trim(),
    vendorId: Number.parseInt(draft.vendorId, 16),
    productId: Number.parseInt(draft.productId, 16),
    hardwareVersion: Number(draft.hardwareVersion),
    hardwareVersionString: draft.hardwareVersionString.trim(),
    serialPrefix: draft.serialPrefix.trim(),
  },
  orderNumber: draft.orderNumber.trim(),
  quantity: Number(draft.quantity),
  releaseFolder: draft.releaseFolder.trim(),
  factoryPartition: orNull(draft.factoryPartition),
  baud: Number(draft.baud),
  boards: {
    security: { secureBoot: draft.secureBoot, flashEncryption: draft.flashEncryption },
    encryption: draft.encryptByDevice ? 'by-device' : 'none',
    flashKey: orNull(draft.flashKey),
    nvsKeys: orNull(draft.nvsKeys),
    allowUnverified: draft.allowUnverified,
    bootText: orNull(draft.bootText),
    reset: orNull(draft.reset),
  },
  paiCertificate: draft.paiCertificate.trim(),
  paiKey: draft.paiKey.trim(),
  // A password may begin or end with a blank.
  paiPassword: draft.paiPassword === '' ? null : draft.paiPassword,
  certificationDeclaration: orNull(draft.certificationDeclaration),
  testBuild: draft.testBuild,
  firstArticle: draft.firstArticle,
})

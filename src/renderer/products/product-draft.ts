/** The form of a product while it is filled in: text as typed, and the way between that and what the station takes. */
import {
  plainScheme,
  UNIT_TEMPLATE,
  type ProductDefinition,
  type ProductEntry,
  type SerialScheme,
} from '../../contract/index.ts'

export interface ProductDraft {
  name: string
  vendorName: string
  vendorId: string
  productId: string
  hardwareVersion: string
  hardwareVersionString: string
  chips: ProductDefinition['chips']
  prefix: string
  date: SerialScheme['date']
  hasSeparator: boolean
  digits: string
  check: SerialScheme['check']
  source: ProductDefinition['attestation']['kind']
  certificate: string
  key: string
  dacs: string
  /** As typed; empty keeps what the station has. */
  password: string
  forgetsPassword: boolean
  declaration: string
  template: string
  testBuild: boolean
  secureBoot: boolean
  flashEncryption: boolean
  encryptByDevice: boolean
  allowUnverified: boolean
  bootText: string
  reset: string
  flashKey: string
  nvsKeys: string
  /** What the form does not ask. */
  labels: ProductDefinition['labels']
}

const hex = (id: number): string => id.toString(16).toUpperCase().padStart(4, '0')

export const emptyProductDraft = (): ProductDraft => ({
  name: '',
  vendorName: '',
  vendorId: '',
  productId: '',
  hardwareVersion: '1',
  hardwareVersionString: '1.0',
  chips: [],
  prefix: '',
  date: 'none',
  hasSeparator: false,
  digits: String(plainScheme('').digits),
  check: 'none',
  source: 'pai',
  certificate: '',
  key: '',
  dacs: '',
  password: '',
  forgetsPassword: false,
  declaration: '',
  template: UNIT_TEMPLATE,
  testBuild: false,
  secureBoot: false,
  flashEncryption: false,
  encryptByDevice: false,
  allowUnverified: false,
  bootText: '',
  reset: '',
  flashKey: '',
  nvsKeys: '',
  labels: { template: { name: UNIT_TEMPLATE, version: null }, fields: {}, carton: null },
})

export const productDraftOf = (definition: ProductDefinition): ProductDraft => ({
  ...emptyProductDraft(),
  name: definition.name,
  vendorName: definition.vendorName,
  vendorId: hex(definition.vendorId),
  productId: hex(definition.productId),
  hardwareVersion: String(definition.hardwareVersion),
  hardwareVersionString: definition.hardwareVersionString,
  chips: [...definition.chips],
  prefix: definition.serial.prefix,
  date: definition.serial.date,
  hasSeparator: definition.serial.separator === '-',
  digits: String(definition.serial.digits),
  check: definition.serial.check,
  source: definition.attestation.kind,
  certificate: 'certificate' in definition.attestation ? definition.attestation.certificate : '',
  key: definition.attestation.kind === 'pai' ? definition.attestation.key : '',
  dacs: definition.attestation.kind === 'dacs' ? definition.attestation.dacs : '',
  declaration: definition.certificationDeclaration ?? '',
  template: definition.labels.template.name,
  testBuild: definition.testBuild,
  secureBoot: definition.boards.security.secureBoot,
  flashEncryption: definition.boards.security.flashEncryption,
  encryptByDevice: definition.boards.encryption === 'by-device',
  allowUnverified: definition.boards.allowUnverified,
  bootText: definition.boards.bootText ?? '',
  reset: definition.boards.reset ?? '',
  flashKey: definition.boards.flashKey ?? '',
  nvsKeys: definition.boards.nvsKeys ?? '',
  labels: definition.labels,
})

/** Null where it is not a scheme yet. */
export const schemeOf = ({ prefix, date, hasSeparator, digits, check }: ProductDraft): SerialScheme => ({
  prefix: prefix.trim(),
  date,
  separator: hasSeparator ? '-' : '',
  digits: Number(digits),
  check,
})

/** A template that was chosen anew is taken in its latest version; one that stays keeps its own. */
const labelsOf = ({ labels, template }: ProductDraft): ProductDefinition['labels'] =>
  labels.template.name === template ? labels : { ...labels, template: { name: template, version: null } }

const attestationOf = ({ source, certificate, key, dacs }: ProductDraft): ProductDefinition['attestation'] => {
  if (source === 'test' || source === 'none') return { kind: source }
  return source === 'pai'
    ? { kind: 'pai', certificate: certificate.trim(), key: key.trim() }
    : { kind: 'dacs', certificate: certificate.trim(), dacs: dacs.trim() }
}

/** Only meaningful where `productFaults` finds nothing. */
export const definitionOf = (draft: ProductDraft): ProductDefinition => ({
  name: draft.name.trim(),
  vendorName: draft.vendorName.trim(),
  vendorId: Number.parseInt(draft.vendorId, 16),
  productId: Number.parseInt(draft.productId, 16),
  hardwareVersion: Number(draft.hardwareVersion),
  hardwareVersionString: draft.hardwareVersionString.trim(),
  chips: [...draft.chips],
  serial: schemeOf(draft),
  attestation: attestationOf(draft),
  certificationDeclaration:
    draft.source === 'none' || draft.declaration.trim() === '' ? null : draft.declaration.trim(),
  labels: labelsOf(draft),
  testBuild: draft.testBuild,
  boards: {
    security: { secureBoot: draft.secureBoot, flashEncryption: draft.flashEncryption },
    encryption: draft.encryptByDevice ? 'by-device' : 'none',
    flashKey: draft.flashKey.trim() === '' ? null : draft.flashKey.trim(),
    nvsKeys: draft.nvsKeys.trim() === '' ? null : draft.nvsKeys.trim(),
    allowUnverified: draft.allowUnverified,
    reset: draft.reset.trim() === '' ? null : draft.reset.trim(),
    bootText: draft.bootText.trim() === '' ? null : draft.bootText.trim(),
  },
})

export const entryOf = (id: string | null, draft: ProductDraft): ProductEntry => ({
  id,
  definition: definitionOf(draft),
  ...(draft.password === '' ? (draft.forgetsPassword ? { password: null } : {}) : { password: draft.password }),
})

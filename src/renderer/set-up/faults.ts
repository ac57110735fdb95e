/** What the form itself can say about a field, before the station is asked. The limits are those of the contract's SetUpInput. */
import type { Draft, DraftField, TextField } from './draft.ts'

/** A sentence of the locales. */
export interface Fault {
  readonly key: string
  readonly params?: Readonly<Record<string, number>>
}

type Rule = (value: string) => Fault | null

const text =
  (max = Number.POSITIVE_INFINITY): Rule =>
  (value) => {
    const { length } = value.trim()
    if (length === 0) return { key: 'setUp.invalid.text' }
    return length > max ? { key: 'setUp.invalid.tooLong', params: { max } } : null
  }

const whole =
  (min: number, max: number): Rule =>
  (value) => {
    const number = Number(value)
    const isFit = /^\d+$/.test(value.trim()) && number >= min && number <= max
    return isFit ? null : { key: 'setUp.invalid.number', params: { min, max } }
  }

const hex =
  (least: number, key: string): Rule =>
  (value) =>
    /^[0-9a-f]{4}$/i.test(value.trim()) && Number.parseInt(value, 16) >= least ? null : { key }

const printerAddress: Rule = (value) =>
  /^(tcp:\/\/[^/:]+(:\d+)?\/?|usb:\/dev\/.+|cups:.+)$/.test(value.trim()) ? null : { key: 'setUp.invalid.printer' }

const RULES: Partial<Record<TextField, Rule>> = {
  stationName: text(40),
  lineName: text(40),
  releaseFolder: text(),
  baud: whole(9600, 4_000_000),
  bootText: (value) => (value.trim().length > 80 ? { key: 'setUp.invalid.tooLong', params: { max: 80 } } : null),
  reset: (value) => (value.trim().length > 200 ? { key: 'setUp.invalid.tooLong', params: { max: 200 } } : null),
  flashKey: (value) => (value.trim().length > 1000 ? { key: 'setUp.invalid.tooLong', params: { max: 1000 } } : null),
  nvsKeys: (value) => (value.trim().length > 1000 ? { key: 'setUp.invalid.tooLong', params: { max: 1000 } } : null),
  orderNumber: text(40),
  quantity: whole(1, 1_000_000),
  productName: text(32),
  vendorName: text(32),
  vendorId: hex(1, 'setUp.invalid.hex'),
  productId: hex(0, 'setUp.invalid.hexFromZero'),
  hardwareVersion: whole(0, 0xffff),
  hardwareVersionString: text(64),
  serialPrefix: (value) => (/^[A-Z0-9-]{0,10}$/.test(value.trim()) ? null : { key: 'setUp.invalid.serialPrefix' }),
  paiCertificate: text(),
  paiKey: text(),
  paiPassword: (value) => (value.length > 200 ? { key: 'setUp.invalid.tooLong', params: { max: 200 } } : null),
}

const slotFault = (ports: readonly string[]): Fault | null => {
  if (ports.length === 0) return { key: 'setUp.invalid.slots' }
  return ports.some((port) => port.trim() === '') ? { key: 'setUp.invalid.slotEmpty' } : null
}

const faultOf = (draft: Draft, field: DraftField): Fault | null => {
  if (field === 'slotPorts') return slotFault(draft.slotPorts)
  if (field === 'printerAddress') return draft.printerKind === 'network' ? printerAddress(draft.printerAddress) : null
  if (field === 'printerSystem') return draft.printerKind === 'system' ? text(200)(draft.printerSystem) : null
  if (field === 'printerFolder') return draft.printerKind === 'folder' ? text()(draft.printerFolder) : null
  return RULES[field]?.(draft[field]) ?? null
}

/** The faults among `fields`, by field. */
export const faultsOf = (draft: Draft, fields: readonly DraftField[]): Partial<Record<DraftField, Fault>> =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const fault = faultOf(draft, field)
      return fault ? [[field, fault]] : []
    }),
  )

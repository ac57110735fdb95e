/** What one label shows: the values of a unit and its order, and how a template's text refers to them. */
import { z } from 'zod'
import { LABEL_FIELDS, type LabelField } from '../../contract/label-template.ts'
import { LabelError } from './label-error.ts'

export const LabelData = z.object({
  serial: z.string().min(1),
  /** Twelve hexadecimal digits, with or without separators. */
  mac: z.string(),
  /** Fixture position, from 1; null for a label that was not made on a line. */
  slot: z.number().int().positive().nullable(),
  productName: z.string(),
  vendorName: z.string(),
  vendorId: z.number().int().min(0).max(0xffff),
  productId: z.number().int().min(0).max(0xffff),
  /** The onboarding payload, 'MT:…'; empty on a carton. */
  qr: z.string(),
  /** 11 or 21 digits; empty on a carton. */
  manualCode: z.string().regex(/^(\d{11}|\d{21}|)$/u),
  orderNumber: z.string(),
  /** As it shall be printed. */
  date: z.string(),
  /** 'DEMO' for simulated boards, 'TEST' for test attestation; neither on what a customer gets. */
  mark: z.enum(['DEMO', 'TEST']).nullable(),
  /** The order's own fields, by name. */
  fields: z.record(z.string(), z.string()),
  /** What is in the box, for a carton's label. */
  carton: z.object({ number: z.string(), serials: z.array(z.string()) }).optional(),
})
export type LabelData = z.infer<typeof LabelData>

const hex = (id: number): string => id.toString(16).toUpperCase().padStart(4, '0')
const macDigits = (data: LabelData): string => data.mac.replace(/[^0-9A-Fa-f]/gu, '').toUpperCase()

/** The names that a template may write in braces, besides the order's own fields. */
const VALUES: Readonly<Record<LabelField, (data: LabelData) => string>> = {
  serial: (data) => data.serial,
  mac: (data) => macDigits(data).replace(/(..)(?=.)/gu, '$1:'),
  /** The short mark by which an operator matches board and label: the MAC's last four digits. */
  unitMark: (data) => macDigits(data).slice(-4),
  slot: (data) => (data.slot === null ? '' : String(data.slot)),
  productName: (data) => data.productName,
  vendorName: (data) => data.vendorName,
  vendorId: (data) => hex(data.vendorId),
  productId: (data) => hex(data.productId),
  qr: (data) => data.qr,
  manualCode: (data) => data.manualCode,
  orderNumber: (data) => data.orderNumber,
  date: (data) => data.date,
  mark: (data) => data.mark ?? '',
  cartonNumber: (data) => data.carton?.number ?? '',
  cartonCount: (data) => (data.carton ? String(data.carton.serials.length) : ''),
  cartonSerials: (data) => data.carton?.serials.join(' ') ?? '',
}

const isLabelField = (name: string): name is LabelField => Object.hasOwn(VALUES, name)

const REFERENCE = /\{([^{}]*)\}/gu

/** The field names that a text refers to, in order. */
export const referencesOf = (text: string): string[] => [...text.matchAll(REFERENCE)].map((match) => match[1] ?? '')

/**
 * A template's text with every `{name}` replaced.
 *
 * @param element name of the template's element, for the error
 * @throws LabelError `unknown-field`
 */
export const fillText = (text: string, data: LabelData, element: string): string =>
  text.replace(REFERENCE, (_, name: string) => {
    if (isLabelField(name)) return VALUES[name](data)
    if (Object.hasOwn(data.fields, name)) return data.fields[name] ?? ''
    const known = [...LABEL_FIELDS, ...Object.keys(data.fields)].join(', ')
    throw new LabelError(
      'unknown-field',
      `the label's element '${element}' names a field '${name}' that does not exist; ${known} do`,
      { element, field: name },
    )
  })

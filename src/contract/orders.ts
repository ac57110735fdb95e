/** Orders: what a person asks for, what is listed, and what an order's page shows. Times are milliseconds since the Unix epoch. */
import { z } from 'zod'
import { ImageDigest } from './products.ts'

const remark = z.string().trim().max(60)

/** As it is written on a work order; also what its barcode says. */
export const OrderNumber = z
  .string()
  .trim()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$/u,
    'letters, digits and . _ / -, at most 40, beginning with a letter or digit',
  )

export const DueDate = z.iso.date('a day such as 2026-12-24')

export const OrderInput = z.object({
  number: OrderNumber,
  productId: z.string().min(1),
  /** What is written to its units; null where modules that came provisioned are only labelled. */
  releaseId: z.string().min(1).nullable(),
  /** The manifest of the modules that are labelled; null where a release is written. One of both is needed. */
  manifestId: z.string().min(1).nullable(),
  quantity: z.number().int().min(1).max(1_000_000),
  due: DueDate.nullable(),
  lot: remark,
  customerReference: remark,
  notes: z.string().trim().max(500),
  /** One unit first, which an engineer approves before the line makes more. */
  firstArticle: z.boolean(),
})
export type OrderInput = z.infer<typeof OrderInput>

/** As far as somebody, or a scanned code, has said. */
export const OrderFields = OrderInput.partial()
export type OrderFields = z.infer<typeof OrderFields>

export const OrderState = z.enum(['ready', 'running', 'paused', 'stopped', 'finished', 'closed'])
export type OrderState = z.infer<typeof OrderState>

export const OrderSummary = z.object({
  id: z.string(),
  number: z.string(),
  productName: z.string(),
  /** Null where modules are only labelled: those of the manifest. */
  firmware: z.string().nullable(),
  /** Its file's name; null where the order writes firmware. */
  manifest: z.string().nullable(),
  quantity: z.number().int(),
  passed: z.number().int(),
  state: OrderState,
  due: DueDate.nullable(),
  lot: z.string(),
  createdAt: z.number(),
  /** The one that the line works on. */
  current: z.boolean(),
})
export type OrderSummary = z.infer<typeof OrderSummary>

export const FirstArticle = z.object({
  state: z.enum(['to-make', 'to-approve', 'approved']),
  /** Of the first unit that passed; null before. */
  serial: z.string().nullable(),
  mac: z.string().nullable(),
  approval: z.object({ who: z.string(), at: z.number(), comment: z.string() }).nullable(),
  /** Units before it that an engineer rejected, the first one first. */
  rejections: z
    .array(z.object({ serial: z.string(), mac: z.string(), who: z.string(), at: z.number(), reason: z.string() }))
    .default([]),
})
export type FirstArticle = z.infer<typeof FirstArticle>

export const OrderDetails = OrderSummary.extend({
  productId: z.string().nullable(),
  releaseId: z.string().nullable(),
  manifestId: z.string().nullable(),
  customerReference: z.string(),
  notes: z.string(),
  createdBy: z.string(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  closed: z.object({ at: z.number(), who: z.string() }).nullable(),
  firstArticle: FirstArticle.nullable(),
  chip: z.string(),
  vendorId: z.number().int(),
  productCode: z.number().int(),
  testBuild: z.boolean(),
  /** Exactly what the order writes and prints; fixed when it was made. */
  locked: z.object({
    /** Null, as the PAI certificate, where modules are only labelled. */
    release: z.string().nullable(),
    images: z.array(ImageDigest),
    paiCertificate: z.string().nullable(),
    certificationDeclaration: z.string().nullable(),
    /** SHA-256 of the key under which all is encrypted before it is written; null where it is written as it is. */
    flashKey: z.string().nullable(),
    /** SHA-256 of the keys of its encrypted NVS; null where that is not encrypted. */
    nvsKeys: z.string().nullable(),
    label: z.object({ name: z.string(), version: z.number().int(), digest: z.string() }),
  }),
})
export type OrderDetails = z.infer<typeof OrderDetails>

/** What a scanned code of a work order says: an order that is there, or the fields of one that is to be made. */
export const ScannedOrder = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('order'), id: z.string(), number: z.string() }),
  z.object({ kind: z.literal('draft'), fields: OrderFields }),
])
export type ScannedOrder = z.infer<typeof ScannedOrder>

/** Is there anything more to be made of it? */
export const isOpenOrder = (state: OrderState): boolean => state !== 'finished' && state !== 'closed'

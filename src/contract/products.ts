/** What is made: products, and the firmware that is written to them. */
import { z } from 'zod'
import { BoardChecks, USUAL_CHECKS } from './board-checks.ts'
import { LabelChoice } from './label-choice.ts'
import { SerialScheme } from './serial-scheme.ts'

export const PRODUCT_CHIPS = [
  'esp32',
  'esp32s2',
  'esp32s3',
  'esp32c2',
  'esp32c3',
  'esp32c5',
  'esp32c6',
  'esp32h2',
  'esp32p4',
] as const

const path = z.string().trim().min(1).max(1000)

/**
 * Where the DACs come from. pai: a PAI signs them here; dacs: they were bought under the PAI, with their keys, as a folder or as a CSV
 * file with the columns dac-cert and dac-key; test: the test PAI that comes with Imprint, for vendor FFF1 and product 8000; none: the
 * modules come provisioned, and are only labelled.
 */
export const ProductAttestation = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('pai'), certificate: path, key: path }),
  z.object({ kind: z.literal('dacs'), certificate: path, dacs: path }),
  z.object({ kind: z.literal('test') }),
  z.object({ kind: z.literal('none') }),
])
export type ProductAttestation = z.infer<typeof ProductAttestation>

/** A product as an engineer enters it. Whatever of it is written to a unit or printed is locked while an order is open. */
export const ProductDefinition = z.object({
  name: z.string().trim().min(1).max(32),
  vendorName: z.string().trim().min(1).max(32),
  vendorId: z.number().int().min(1).max(0xffff),
  productId: z.number().int().min(0).max(0xffff),
  hardwareVersion: z.number().int().min(0).max(0xffff),
  hardwareVersionString: z.string().trim().min(1).max(64),
  /** A release for another chip is refused. */
  chips: z.array(z.enum(PRODUCT_CHIPS)).min(1),
  serial: SerialScheme,
  attestation: ProductAttestation,
  /** Path; null where the firmware holds it. */
  certificationDeclaration: path.nullable(),
  /** An order keeps the very versions of the templates that it began with. */
  labels: LabelChoice,
  /** How its boards are protected, and what counts as a finished one. */
  boards: BoardChecks.default(USUAL_CHECKS),
  /** Test attestation on purpose; prints TEST on every label. */
  testBuild: z.boolean(),
})
export type ProductDefinition = z.infer<typeof ProductDefinition>

export const ProductEntry = z.object({
  /** Null for a new product. */
  id: z.string().nullable(),
  definition: ProductDefinition,
  /** Of the PAI's key, or of the keys of DACs. Absent: the one that is kept stays; null: there is none. It is never sent back. */
  password: z.string().min(1).max(200).nullable().optional(),
})
export type ProductEntry = z.infer<typeof ProductEntry>

export const ProductView = z.object({
  id: z.string(),
  definition: ProductDefinition,
  hasPassword: z.boolean(),
  /** SHA-256 of the PAI certificate and of the Certification Declaration, as they were read last. */
  paiDigest: z.string().nullable(),
  declarationDigest: z.string().nullable(),
  /** SHA-256 of the key under which its firmware is encrypted beforehand. */
  flashKeyDigest: z.string().nullable(),
  nvsKeysDigest: z.string().nullable(),
  archived: z.boolean(),
  /** Numbers of the orders that are not finished or closed. */
  openOrders: z.array(z.string()),
  changedAt: z.number(),
  changedBy: z.string(),
})
export type ProductView = z.infer<typeof ProductView>

export const ImageDigest = z.object({
  name: z.string(),
  offset: z.number().int(),
  size: z.number().int(),
  /** SHA-256, lower-case hexadecimal. */
  sha256: z.string(),
})
export type ImageDigest = z.infer<typeof ImageDigest>

export const ReleaseInput = z.object({
  /** ESP-IDF build folder. */
  folder: path,
  /** Label of the manufacturing partition; null to take the usual names. */
  factoryPartition: z.string().trim().min(1).max(16).nullable(),
})
export type ReleaseInput = z.infer<typeof ReleaseInput>

export const ReleaseView = z.object({
  id: z.string(),
  folder: z.string(),
  factoryPartition: z.string().nullable(),
  name: z.string(),
  version: z.string(),
  chip: z.enum(PRODUCT_CHIPS),
  /** SHA-256 over all images. */
  digest: z.string(),
  images: z.array(ImageDigest),
  registeredAt: z.number(),
  registeredBy: z.string(),
})
export type ReleaseView = z.infer<typeof ReleaseView>

/** Modules that came provisioned, as their maker listed them. */
export const ManifestView = z.object({
  id: z.string(),
  /** Of the file or folder that was imported. */
  name: z.string(),
  path: z.string(),
  modules: z.number().int(),
  /** Those that belong to an order already. */
  taken: z.number().int(),
  importedAt: z.number(),
})
export type ManifestView = z.infer<typeof ManifestView>

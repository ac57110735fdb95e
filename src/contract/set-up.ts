/** What an engineer tells the station before the first order on real boards. */
import { z } from 'zod'
import { InputFault } from './input-faults.ts'
import { BoardChecks, USUAL_CHECKS } from './board-checks.ts'
import { LabelChoice } from './label-choice.ts'
import { Values } from './sentences.ts'
import { SET_UP_SENTENCE_CODES } from './set-up-sentences.ts'

export const PortView = z.object({
  path: z.string(),
  manufacturer: z.string().nullable(),
  vendorId: z.string().nullable(),
  productId: z.string().nullable(),
  serialNumber: z.string().nullable(),
  /** Where it is plugged in, e.g. '1-4.2'; null where the system does not tell. */
  location: z.string().nullable(),
})
export type PortView = z.infer<typeof PortView>

/** A printer of the operating system. */
export const SystemPrinterView = z.object({
  /** What the system calls it. */
  name: z.string(),
  /** What a person calls it, and what it is; empty where nothing is said. */
  about: z.string(),
})
export type SystemPrinterView = z.infer<typeof SystemPrinterView>

const vendorId = z.number().int().min(1).max(0xffff)
const productId = z.number().int().min(0).max(0xffff)

export const ProductInput = z.object({
  name: z.string().min(1).max(32),
  vendorName: z.string().min(1).max(32),
  vendorId,
  productId,
  hardwareVersion: z.number().int().min(0).max(0xffff).default(1),
  hardwareVersionString: z.string().min(1).max(64).default('1.0'),
  /** Letters before the running number of a serial: 'AL-2611-' gives AL-2611-000001. */
  serialPrefix: z.string().regex(/^[A-Z0-9-]{0,10}$/u),
})
export type ProductInput = z.infer<typeof ProductInput>

export const SetUpInput = z.object({
  stationName: z.string().min(1).max(40),
  lineName: z.string().min(1).max(40),
  /** Port of slot 1, 2, …: a path, `socket://host:port` or `rfc2217://host:port`. */
  slotPorts: z.array(z.string().min(1)).min(1).max(32),
  /** `tcp://host:9100`, `system:NAME`, `folder:PATH`, or null for no labels. */
  printer: z.string().nullable(),
  /** Resolution of the printer, dots an inch. */
  printerDpi: z.literal([203, 300, 600]).default(203),
  product: ProductInput,
  labels: LabelChoice.prefault({}),
  orderNumber: z.string().min(1).max(40),
  quantity: z.number().int().min(1).max(1_000_000),
  /** ESP-IDF build folder. */
  releaseFolder: z.string().min(1),
  /** Name of the factory partition in the release's partition table; null to take the usual names. */
  factoryPartition: z.string().nullable(),
  baud: z.number().int().min(9600).max(4_000_000).default(921_600),
  boards: BoardChecks.default(USUAL_CHECKS),
  paiCertificate: z.string().min(1),
  paiKey: z.string().min(1),
  /** Of an encrypted key; null keeps the one that was given before. It is never sent back. */
  paiPassword: z.string().min(1).max(200).nullable().default(null),
  certificationDeclaration: z.string().nullable(),
  /** Said on purpose where attestation is for tests only; prints TEST on every label. */
  testBuild: z.boolean(),
  /** One unit first, which an engineer approves before the line makes more. */
  firstArticle: z.boolean().default(true),
})
export type SetUpInput = z.infer<typeof SetUpInput>

/** As much of it as is filled in: each part is checked by itself, and the whole where nothing is missing. */
export const SetUpCheck = SetUpInput.partial()
export type SetUpCheck = z.infer<typeof SetUpCheck>

/** One finding of a check: what is right with a field, or what is wrong and what to do. */
export const SetUpFinding = z.object({
  field: z.string(),
  ok: z.boolean(),
  said: z.enum(SET_UP_SENTENCE_CODES),
  values: Values,
  /** What is wrong with what was given. */
  fault: InputFault.optional(),
})
export type SetUpFinding = z.infer<typeof SetUpFinding>

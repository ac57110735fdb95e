/** Modules that came provisioned: the station reads a MAC, writes nothing, and prints from the imported manifest. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { RequestResult } from '../../contract/index.ts'
import { GenerationError } from '../generation/generation-error.ts'
import { importUnits, readImport } from '../generation/import-units.ts'
import type { LabelData } from '../labels/label-data.ts'
import { layOutLabel, type Dpi, type Layout } from '../labels/layout.ts'
import { LabelTemplate } from '../labels/template.ts'
import type { OrderPlan } from '../line/order-plan.ts'
import { encodeManualCode, encodeQrPayload, parseQrPayload } from '../matter/onboarding-payload.ts'
import type { OperationResult } from '../records/operations.ts'
import type { Vault } from '../security/vault.ts'
import type { DataFolder } from './data-folder.ts'
import { onboardingOf } from './onboarding.ts'
import { RequestRefusal } from './request-refusal.ts'

/** What of a manifest's row a label needs; the rest stays sealed. */
const ModuleSecrets = z.object({
  serial: z.string().optional(),
  vendorId: z.number().optional(),
  productId: z.number().optional(),
  passcode: z.number().optional(),
  discriminator: z.number().optional(),
  qrCode: z.string().optional(),
  manualCode: z.string().optional(),
})
type ModuleSecrets = z.infer<typeof ModuleSecrets>

/** Kept with the pass: everything that its label shows besides its codes, so that a reprint is the same. */
const ModuleFacts = z.object({
  serial: z.string(),
  orderNumber: z.string(),
  date: z.string(),
  productName: z.string(),
  vendorName: z.string(),
  vendorId: z.number(),
  productId: z.number(),
  discovery: z.number(),
  mark: z.enum(['DEMO', 'TEST']).nullable(),
  fields: z.record(z.string(), z.string()),
  template: LabelTemplate,
  dpi: z.literal([203, 300, 600]),
})
type ModuleFacts = z.infer<typeof ModuleFacts>

/** Whose product and template the labels have. */
export interface ModuleOrder {
  readonly number: string
  readonly plan: Pick<OrderPlan, 'product' | 'mark' | 'labelFields' | 'labelTemplate' | 'labelDpi'>
}

const DAY = 10

const secretsOf = (vault: Vault, id: string, sealed: Uint8Array): ModuleSecrets =>
  ModuleSecrets.parse(JSON.parse(Buffer.from(vault.open(id, sealed)).toString('utf8')))

/** @throws GenerationError as a refusal that names file, row and field */
export const importModules = async (data: DataFolder, path: string): Promise<{ imported: number }> => {
  try {
    const units = readImport(path)
    await importUnits(units, path, { ...data, close: () => Promise.resolve() })
    return { imported: units.length }
  } catch (error) {
    if (error instanceof GenerationError)
      throw new RequestRefusal('invalid', 'manifest-not-right', { detail: error.message })
    throw error
  }
}

const codesOf = (facts: ModuleFacts, secrets: ModuleSecrets): { qr: string; manualCode: string } | undefined => {
  const { vendorId, productId, discovery } = facts
  const { passcode, discriminator } = secrets
  const product = { ...facts, name: facts.productName, hardwareVersion: 1, hardwareVersionString: '1', discovery }
  const qr =
    secrets.qrCode ??
    (passcode === undefined || discriminator === undefined
      ? undefined
      : encodeQrPayload(onboardingOf({ product: { ...product, vendorId, productId } }, { passcode, discriminator })))
  if (qr === undefined) return undefined
  const manualCode = secrets.manualCode?.replace(/\D/gu, '') ?? encodeManualCode(parseQrPayload(qr))
  return { qr, manualCode }
}

/**
 * Labels the module of a MAC.
 *
 * @throws RequestRefusal when no manifest has it, or it is of another product, or its row has no codes
 */
export const labelModule = async (
  data: Pick<DataFolder, 'records' | 'vault'>,
  order: ModuleOrder,
  mac: string | null,
  slot: number,
  who: string,
  now: Date,
): Promise<RequestResult<'modules.label'>> => {
  if (mac === null) throw new RequestRefusal('failed', 'module-without-mac', { slot })
  const { records, vault } = data
  const found = await records.ask('moduleOfMac', { mac })
  if (!found) throw new RequestRefusal('not-found', 'module-unknown', { mac })
  const secrets = secretsOf(vault, found.id, found.sealed)
  const { product, mark, labelFields, labelTemplate, labelDpi } = order.plan
  const facts: ModuleFacts = {
    serial: secrets.serial ?? mac.replaceAll(':', ''),
    orderNumber: order.number,
    date: now.toISOString().slice(0, DAY),
    productName: product.name,
    vendorName: product.vendorName,
    vendorId: product.vendorId,
    productId: product.productId,
    discovery: product.discovery,
    mark,
    fields: labelFields,
    template: labelTemplate,
    dpi: labelDpi,
  }
  const { serial } = facts
  if (found.labelId !== null) return { mac, serial, labelId: found.labelId, before: true }
  const isOther =
    (secrets.vendorId !== undefined && secrets.vendorId !== product.vendorId) ||
    (secrets.productId !== undefined && secrets.productId !== product.productId)
  if (isOther) throw new RequestRefusal('not-now', 'module-of-other-product', { serial })
  if (!codesOf(facts, secrets)) throw new RequestRefusal('not-now', 'module-without-codes', { serial })
  const labelId = randomUUID()
  await records.ask('passModule', {
    id: found.id,
    mac,
    slot,
    facts: JSON.stringify(facts),
    labelId,
    who,
    at: now.getTime(),
  })
  return { mac, serial, labelId, before: false }
}

/** @throws LabelError when a value does not fit */
export const drawModuleLabel = (
  vault: Vault,
  source: NonNullable<OperationResult<'moduleLabelSource'>>,
  dpi?: Dpi,
): { data: LabelData; layout: Layout } => {
  const facts = ModuleFacts.parse(JSON.parse(source.facts))
  const codes = codesOf(facts, secretsOf(vault, source.id, source.sealed))
  if (!codes) throw new RequestRefusal('not-found', 'label-unknown')
  const { template, dpi: kept } = facts
  const { serial, orderNumber, date, productName, vendorName, vendorId, productId, mark, fields } = facts
  const shown = { serial, orderNumber, date, productName, vendorName, vendorId, productId, mark, fields }
  const data: LabelData = { ...shown, ...codes, mac: source.mac, slot: source.slot }
  return { data, layout: layOutLabel(template, data, dpi ?? kept) }
}

/** What an engineer tells a station before its first order on real boards: checked field by field, kept, and opened. */
import { plainScheme, SetUpInput, type SetUpFinding } from '../../contract/index.ts'
import { LabelError } from '../labels/label-error.ts'
import type { TemplateLibrary } from '../labels/template-library.ts'
import { orderLabels } from './order-labels.ts'
import type { Records } from '../records/records.ts'
import { parsePrinterAddress, PrinterAddressError } from '../labels/printer-address.ts'
import { pinPorts, unpinPorts } from './pinned-ports.ts'
import { systemPorts, type FlashBaySpec } from './flash-bay.ts'
import type { PrinterSpec } from './station-printer.ts'
import { OrderRefusal, prepareOrder, type OrderRequest } from './prepare-order.ts'

const SETTING = 'set-up'
/** Bit mask of discovery capabilities: BLE. */
const BLE = 2

export const keptSetUp = async (records: Records): Promise<SetUpInput | null> => {
  const text = await records.ask('readSetting', { name: SETTING })
  return text === undefined ? null : SetUpInput.parse(JSON.parse(text))
}

/** Slots are kept by the physical place of their port where the system tells it: slot 3 is the same socket tomorrow. */
export const keepSetUp = async (records: Records, input: SetUpInput): Promise<void> => {
  const kept = { ...input, slotPorts: pinPorts(input.slotPorts, await systemPorts()) }
  await records.ask('writeSetting', { name: SETTING, value: JSON.stringify(kept) })
}

/** As the form shows it: each place by the path that its port has now. */
export const shownSetUp = async (records: Records): Promise<SetUpInput | null> => {
  const kept = await keptSetUp(records)
  return kept && { ...kept, slotPorts: unpinPorts(kept.slotPorts, await systemPorts()) }
}

/** @throws OrderRefusal when the templates of its labels are not there */
export const orderOfSetUp = async (input: SetUpInput, templates: TemplateLibrary): Promise<OrderRequest> => ({
  number: input.orderNumber,
  quantity: input.quantity,
  product: {
    name: input.product.name,
    vendorName: input.product.vendorName,
    vendorId: input.product.vendorId,
    productId: input.product.productId,
    hardwareVersion: input.product.hardwareVersion,
    hardwareVersionString: input.product.hardwareVersionString,
    discovery: BLE,
  },
  serial: plainScheme(input.product.serialPrefix),
  releaseFolder: input.releaseFolder,
  factoryPartition: input.factoryPartition,
  baud: input.baud,
  boards: input.boards,
  paiCertificate: input.paiCertificate,
  paiKey: input.paiKey,
  certificationDeclaration: input.certificationDeclaration,
  simulated: false,
  testBuild: input.testBuild,
  labels: await orderLabels(templates, input.labels).catch((error: unknown) => {
    throw error instanceof LabelError ? new OrderRefusal('labels', error.message) : error
  }),
  dpi: input.printerDpi,
})

export const bayOfSetUp = (input: SetUpInput): FlashBaySpec => ({ kind: 'real', ports: input.slotPorts })

export const printerOfSetUp = ({ printer }: SetUpInput): PrinterSpec =>
  printer === null ? { kind: 'none' } : { kind: 'address', address: printer }

const checkPorts = async (paths: readonly string[]): Promise<SetUpFinding[]> => {
  const ports = await systemPorts()
  const known = new Set([
    ...ports.map((port) => port.path),
    ...pinPorts(
      ports.map((port) => port.path),
      ports,
    ),
  ])
  const seen = new Set<string>()
  return paths.map((path, index) => {
    const field = `slotPorts.${index}`
    if (path.startsWith('sim:'))
      return { field, ok: false, message: `${path} is a simulated port; a production line has real ones` }
    if (seen.has(path)) return { field, ok: false, message: `${path} is the port of two slots; give each its own` }
    seen.add(path)
    if (path.includes('://')) return { field, ok: true, message: `${path} is tried when the line starts` }
    if (!known.has(path))
      return { field, ok: false, message: `${path} is not there; plug it in, or choose one that is` }
    return { field, ok: true, message: `${path} is there` }
  })
}

const checkPrinter = (address: string | null): SetUpFinding => {
  const field = 'printer'
  if (address === null) return { field, ok: true, message: 'no labels are printed' }
  try {
    parsePrinterAddress(address)
    return { field, ok: true, message: `${address} is tried when the first label is printed` }
  } catch (error) {
    if (error instanceof PrinterAddressError) return { field, ok: false, message: error.message }
    throw error
  }
}

const FIELD_OF: Record<OrderRefusal['field'], string> = {
  release: 'releaseFolder',
  attestation: 'paiCertificate',
  declaration: 'certificationDeclaration',
  product: 'product',
  boards: 'boards',
  labels: 'labels',
  order: 'orderNumber',
}

const checkOrder = async (input: SetUpInput, templates: TemplateLibrary): Promise<SetUpFinding[]> => {
  try {
    const { release, source } = await prepareOrder(await orderOfSetUp(input, templates))
    return [
      {
        field: 'releaseFolder',
        ok: true,
        message: `${release.name} ${release.version} for ${release.chip.label}; manufacturing partition '${release.factory.label}'`,
      },
      {
        field: 'paiCertificate',
        ok: true,
        message: `${source.certificate.commonName}, valid until ${source.validTo.toISOString().slice(0, 10)}`,
      },
    ]
  } catch (error) {
    if (error instanceof OrderRefusal) return [{ field: FIELD_OF[error.field], ok: false, message: error.message }]
    throw error
  }
}

/** A finding for each thing that can be checked now; the order of the form. */
export const checkSetUp = async (input: SetUpInput, templates: TemplateLibrary): Promise<SetUpFinding[]> => [
  ...(await checkPorts(input.slotPorts)),
  checkPrinter(input.printer),
  ...(await checkOrder(input, templates)),
]

/** What an engineer tells a station before its first order on real boards: checked field by field, kept, and opened. */
import {
  SetUpInput,
  type InputFault,
  type SetUpCheck,
  type SetUpFinding,
  type SetUpSentence,
  type Values,
} from '../../../contract/index.ts'
import { isNetworkAddress, networkAddress } from '../../flashing/links/network-address.ts'
import { readRelease, ReleaseError } from '../../firmware/release.ts'
import { createFolderPrinter } from '../../labels/folder-printer.ts'
import type { SystemPrinters } from '../../labels/system-printer.ts'
import type { Records } from '../../records/records.ts'
import { parsePrinterAddress, PrinterAddressError } from '../../labels/printer-address.ts'
import { pinPorts, unpinPorts } from './pinned-ports.ts'
import { systemPorts, type FlashBaySpec } from '../bay/flash-bay.ts'
import type { PrinterSpec } from '../labels/station-printer.ts'
import { KeyFileError, keyFingerprint, readFlashKey } from '../orders/order-encryption.ts'
import { OrderRefusal, prepareOrder, readAttestation } from '../orders/prepare-order.ts'
import type { ProductKeeping } from '../orders/products.ts'
import { orderOfSetUp, passwordOfSetUp } from './set-up-order.ts'

const SETTING = 'set-up'

export const keptSetUp = async (records: Records): Promise<SetUpInput | null> => {
  const text = await records.ask('readSetting', { name: SETTING })
  return text === undefined ? null : SetUpInput.parse(JSON.parse(text))
}

export const setUpValue = (kept: SetUpInput): { name: string; value: string } => ({
  name: SETTING,
  value: JSON.stringify(kept),
})

/** Slots are kept by the physical place of their port where the system tells it: slot 3 is the same socket tomorrow. */
export const keepSetUp = async (records: Records, input: SetUpInput): Promise<void> => {
  // The password is sealed with the product; it never stands here.
  const kept = { ...input, paiPassword: null, slotPorts: pinPorts(input.slotPorts, await systemPorts()) }
  await records.ask('writeSetting', setUpValue(kept))
}

/** As the form shows it: each place by the path that its port has now. */
export const shownSetUp = async (records: Records): Promise<SetUpInput | null> => {
  const kept = await keptSetUp(records)
  return kept && { ...kept, slotPorts: unpinPorts(kept.slotPorts, await systemPorts()) }
}

export const bayOfSetUp = (input: SetUpInput): FlashBaySpec => ({ kind: 'real', ports: input.slotPorts })

export const printerOfSetUp = ({ printer }: SetUpInput): PrinterSpec =>
  printer === null ? { kind: 'none' } : { kind: 'address', address: printer }

/** Is its printer one of the operating system's? Those are printed to by the Imprint window only. @throws PrinterAddressError */
export const needsWindow = ({ printer }: Pick<SetUpInput, 'printer'>): boolean =>
  printer !== null && parsePrinterAddress(printer).kind === 'system'

const finding = (
  field: string,
  ok: boolean,
  said: SetUpSentence,
  values: Values = {},
  fault?: InputFault,
): SetUpFinding => ({
  field,
  ok,
  said,
  values,
  ...(fault ? { fault } : {}),
})

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
  return paths.map((port, index) => {
    const field = `slotPorts.${index}`
    if (port.startsWith('sim:')) return finding(field, false, 'port-simulated', { port })
    if (seen.has(port)) return finding(field, false, 'port-twice', { port })
    seen.add(port)
    if (isNetworkAddress(port))
      return networkAddress(port)
        ? finding(field, true, 'port-tried-later', { port })
        : finding(field, false, 'port-no-address', { port })
    return known.has(port)
      ? finding(field, true, 'port-there', { port })
      : finding(field, false, 'port-missing', { port })
  })
}

const checkSystemPrinter = async (name: string, system: SystemPrinters | undefined): Promise<SetUpFinding> => {
  if (!system) return finding('printer', false, 'printer-window-only', { address: `system:${name}` })
  const known = await system.list().catch(() => null)
  if (!known) return finding('printer', true, 'printer-tried-later', { address: `system:${name}` })
  const isThere = known.some((printer) => printer.name === name)
  return finding('printer', isThere, isThere ? 'system-printer-there' : 'system-printer-missing', { name })
}

const checkLabelFolder = async (folder: string): Promise<SetUpFinding> => {
  const { state } = await createFolderPrinter(folder).look()
  return state === 'ready'
    ? finding('printerFolder', true, 'label-folder-good', { folder })
    : finding('printerFolder', false, 'label-folder-not-right', { folder })
}

const checkPrinter = async (address: string | null, system: SystemPrinters | undefined): Promise<SetUpFinding> => {
  if (address === null) return finding('printer', true, 'no-printer')
  try {
    const parsed = parsePrinterAddress(address)
    if (parsed.kind === 'system') return await checkSystemPrinter(parsed.name, system)
    if (parsed.kind === 'folder') return await checkLabelFolder(parsed.path)
    return finding('printer', true, 'printer-tried-later', { address })
  } catch (error) {
    if (error instanceof PrinterAddressError) return finding('printer', false, 'printer-address', { address })
    throw error
  }
}

const REFUSED: Record<OrderRefusal['field'], readonly [field: string, said: SetUpSentence]> = {
  release: ['releaseFolder', 'release-not-right'],
  attestation: ['paiCertificate', 'attestation-not-right'],
  declaration: ['certificationDeclaration', 'declaration-not-right'],
  product: ['product', 'product-not-right'],
  boards: ['boards', 'boards-not-right'],
  flashKey: ['flashKey', 'flash-key-not-right'],
  nvsKeys: ['nvsKeys', 'nvs-keys-not-right'],
  labels: ['labels', 'labels-not-right'],
  manifest: ['orderNumber', 'order-not-right'],
  order: ['orderNumber', 'order-not-right'],
}

const refusalFinding = ({ field, fault }: OrderRefusal): SetUpFinding =>
  finding(REFUSED[field][0], false, REFUSED[field][1], {}, fault)

const checkRelease = async ({ releaseFolder, factoryPartition }: SetUpCheck): Promise<SetUpFinding[]> => {
  if (releaseFolder === undefined) return []
  try {
    const { name, version, chip, factory } = await readRelease(releaseFolder, {
      factoryLabel: factoryPartition ?? undefined,
    })
    const values = { name, version, chip: chip.label, partition: factory.label }
    return [finding('releaseFolder', true, 'release-good', values)]
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error
    return [finding('releaseFolder', false, 'release-not-right', {}, error.fault)]
  }
}

const checkFlashKey = async ({ boards }: SetUpCheck): Promise<SetUpFinding[]> => {
  const file = boards?.flashKey ?? null
  if (file === null) return []
  try {
    return [finding('flashKey', true, 'flash-key-good', { digest: keyFingerprint(await readFlashKey(file)) })]
  } catch (error) {
    if (!(error instanceof KeyFileError)) throw error
    return [finding('flashKey', false, 'flash-key-not-right', {}, error.fault)]
  }
}

/** A PAI, and a Certification Declaration, are right or wrong for a product only. */
const checkAttestation = async (keeping: ProductKeeping, input: SetUpCheck): Promise<SetUpFinding[]> => {
  const { paiCertificate, paiKey, product, certificationDeclaration, testBuild } = input
  if (paiCertificate === undefined || paiKey === undefined || product === undefined) return []
  try {
    const { pai } = await readAttestation({
      paiCertificate,
      dacs: { kind: 'signed', key: paiKey },
      password: await passwordOfSetUp(keeping, input),
      product,
      certificationDeclaration: certificationDeclaration ?? null,
      // Not said yet: nothing stands against it.
      testBuild: testBuild ?? true,
      simulated: false,
    })
    const values = { name: pai.commonName ?? '', date: pai.notAfter.toISOString().slice(0, 10) }
    return [finding('paiCertificate', true, 'attestation-good', values)]
  } catch (error) {
    if (!(error instanceof OrderRefusal)) throw error
    return [refusalFinding(error)]
  }
}

/** What only the whole order can show: whether all of it goes together. */
const checkOrder = async (keeping: ProductKeeping, input: SetUpInput): Promise<SetUpFinding[]> => {
  try {
    await prepareOrder(await orderOfSetUp(keeping, input))
    return []
  } catch (error) {
    if (!(error instanceof OrderRefusal)) throw error
    return [refusalFinding(error)]
  }
}

/** A finding for each thing that can be checked now, each by itself, in the order of the form. */
export const checkSetUp = async (
  keeping: ProductKeeping,
  input: SetUpCheck,
  system: SystemPrinters | undefined,
): Promise<SetUpFinding[]> => {
  const parts = [
    ...(input.slotPorts === undefined ? [] : await checkPorts(input.slotPorts)),
    ...(input.printer === undefined ? [] : [await checkPrinter(input.printer, system)]),
    ...(await checkRelease(input)),
    ...(await checkFlashKey(input)),
    ...(await checkAttestation(keeping, input)),
  ]
  const whole = SetUpInput.safeParse(input)
  if (
    !whole.success ||
    parts.some(({ ok, field }) => !ok && !field.startsWith('printer') && !field.startsWith('slotPorts'))
  )
    return parts
  const together = await checkOrder(keeping, whole.data)
  // What is wrong with a field together with the others is said in place of what is right with it alone.
  return [...parts.filter(({ field }) => together.every((other) => other.field !== field)), ...together]
}

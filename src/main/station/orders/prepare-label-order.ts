/** An order that only labels the modules of a manifest, made ready: every module checked before any slot starts. */
import { PRODUCT_CHIPS } from '../../../contract/index.ts'
import { chipByName, type ChipName } from '../../espressif/chips.ts'
import { isTestVendor } from '../../identities/attestation-source.ts'
import type { OrderPlan } from '../../line/order-plan.ts'
import type { ModuleRow } from '../../records/manifest-records.ts'
import type { Records } from '../../records/records.ts'
import type { Vault } from '../../security/vault.ts'
import type { Manifest } from './manifests.ts'
import { moduleCartonFault, moduleLabelFault, type ModuleData } from './module-labels.ts'
import { markOf, OrderRefusal, type OrderRequest, type PreparedOrder } from './prepare-order.ts'
import { moduleCodes, openModule } from './unit-codes.ts'

export type LabelOrderRequest = Omit<
  OrderRequest,
  'releaseFolder' | 'factoryPartition' | 'paiCertificate' | 'dacs' | 'password' | 'certificationDeclaration'
> & { readonly manifest: Manifest }

const checkModule = (request: LabelOrderRequest, vault: Vault, module: ModuleRow): ModuleData => {
  const { product, manifest } = request
  const secrets = openModule(vault, module)
  const refuse = (what: string): never => {
    throw new OrderRefusal('manifest', `${manifest.name}: the module ${module.serial} (${module.mac}) ${what}`)
  }
  const isOther =
    (secrets.vendorId ?? product.vendorId) !== product.vendorId ||
    (secrets.productId ?? product.productId) !== product.productId
  if (isOther) refuse(`is of another product than '${product.name}'; choose the product of the manifest`)
  const codes = moduleCodes(request, secrets)
  return codes
    ? { serial: module.serial, mac: module.mac, qr: codes.qr, manualCode: codes.manualCode }
    : refuse('has no codes; a QR code, or passcode and discriminator, are needed')
}

/** Overflow of any field is said before the order starts. */
const tryLabels = async (
  plan: OrderPlan,
  { number, manifest }: LabelOrderRequest,
  modules: readonly ModuleData[],
): Promise<void> => {
  const fault = await moduleLabelFault(plan, number, modules)
  if (fault) throw new OrderRefusal('labels', `${manifest.name}: the module ${fault.serial}: ${fault.message}`)
  const carton = moduleCartonFault(plan, number, modules)
  if (carton !== undefined) throw new OrderRefusal('labels', `${manifest.name}: ${carton}`)
}

const chipsOf = ({ chips }: LabelOrderRequest): [ChipName, ...ChipName[]] => {
  const [first, ...others] = (chips ?? PRODUCT_CHIPS).flatMap((name) => chipByName(name)?.name ?? [])
  if (!first) throw new OrderRefusal('product', 'the product names no chip; allow one for it')
  return [first, ...others]
}

/** @throws OrderRefusal that names the manifest, and the module that is not right */
export const prepareLabelOrder = async (
  keeping: { readonly records: Records; readonly vault: Vault },
  request: LabelOrderRequest,
): Promise<PreparedOrder> => {
  const { number, quantity, product, manifest, simulated, testBuild } = request
  if (!simulated && !testBuild && isTestVendor(product.vendorId))
    throw new OrderRefusal(
      'product',
      `'${product.name}' is of a test vendor (FFF1 to FFF4), whose devices may not be sold; say that this is a test build`,
    )
  const chips = chipsOf(request)
  const modules = await keeping.records.ask('modulesOfManifest', { id: manifest.id })
  const free = modules.filter(({ orderNumber }) => orderNumber === null || orderNumber === number)
  if (quantity > free.length)
    throw new OrderRefusal(
      'manifest',
      `${manifest.name} has ${modules.length} modules, of which ${free.length} are not in another order; the order wants ${quantity}`,
    )
  const units = free.map((module) => checkModule(request, keeping.vault, module))
  const plan: OrderPlan = {
    product,
    chip: chips[0],
    baud: request.baud,
    release: null,
    manifest: { id: manifest.id, name: manifest.name, chips },
    boards: request.boards,
    flashKey: null,
    nvsKeys: null,
    iterations: 0,
    serial: request.serial,
    attestation: null,
    mark: markOf(request),
    testBuild,
    ...request.labels,
    labelDpi: request.dpi,
  }
  await tryLabels(plan, request, units)
  return {
    request,
    plan,
    made: null,
    modules: free.length,
    // The modules are in the records, where they do not change.
    again: () => Promise.resolve(plan),
  }
}

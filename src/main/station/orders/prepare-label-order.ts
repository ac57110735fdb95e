/** An order that only labels the modules of a manifest, made ready: every module checked before any slot starts. */
import { PRODUCT_CHIPS } from '../../../contract/index.ts'
import { chipByName, type ChipName } from '../../espressif/chips.ts'
import { isTestVendor } from '../../identities/attestation-source.ts'
import { faultOf } from '../../fault-error.ts'
import { labelFault } from '../../labels/label-fault.ts'
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
  const values = { manifest: manifest.name, serial: module.serial, mac: module.mac }
  const isOther =
    (secrets.vendorId ?? product.vendorId) !== product.vendorId ||
    (secrets.productId ?? product.productId) !== product.productId
  if (isOther)
    throw new OrderRefusal('manifest', faultOf('manifest-other-product', { ...values, product: product.name }))
  const codes = moduleCodes(request, secrets)
  if (!codes) throw new OrderRefusal('manifest', faultOf('manifest-no-codes', values))
  return { serial: module.serial, mac: module.mac, qr: codes.qr, manualCode: codes.manualCode }
}

/** Overflow of any field is said before the order starts. */
const tryLabels = async (
  plan: OrderPlan,
  { number, manifest: { name: file } }: LabelOrderRequest,
  modules: readonly ModuleData[],
): Promise<void> => {
  const found = await moduleLabelFault(plan, number, modules)
  if (found) throw new OrderRefusal('labels', { ...labelFault(found.fault), place: { file, module: found.serial } })
  const carton = moduleCartonFault(plan, number, modules)
  if (carton) throw new OrderRefusal('labels', { ...labelFault(carton), place: { file } })
}

const chipsOf = ({ chips }: LabelOrderRequest): [ChipName, ...ChipName[]] => {
  const [first, ...others] = (chips ?? PRODUCT_CHIPS).flatMap((name) => chipByName(name)?.name ?? [])
  if (!first) throw new OrderRefusal('product', faultOf('product-no-chip'))
  return [first, ...others]
}

/** @throws OrderRefusal that names the manifest, and the module that is not right */
export const prepareLabelOrder = async (
  keeping: { readonly records: Records; readonly vault: Vault },
  request: LabelOrderRequest,
): Promise<PreparedOrder> => {
  const { number, quantity, product, manifest, simulated, testBuild } = request
  if (!simulated && !testBuild && isTestVendor(product.vendorId))
    throw new OrderRefusal('product', faultOf('product-of-test', { product: product.name }))
  const chips = chipsOf(request)
  const modules = await keeping.records.ask('modulesOfManifest', { id: manifest.id })
  const free = modules.filter(({ orderNumber }) => orderNumber === null || orderNumber === number)
  if (quantity > free.length)
    throw new OrderRefusal(
      'manifest',
      faultOf('manifest-short', { manifest: manifest.name, modules: modules.length, free: free.length, quantity }),
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

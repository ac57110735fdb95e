/** Where an order's identities come from: made here, with DACs that are signed here or were bought, or come with the modules. */
import { faultOf } from '../../fault-error.ts'
import { openDacStock } from '../../identities/dac-stock.ts'
import { openIdentityPool, type DacStock, type IdentityPool } from '../../identities/identity-pool.ts'
import type { Records } from '../../records/records.ts'
import type { Vault } from '../../security/vault.ts'
import { OrderRefusal, type PreparedOrder } from './prepare-order.ts'

export interface IdentitiesOptions {
  readonly records: Records
  readonly vault: Vault
  readonly stationKey: Uint8Array
  readonly slots: number
  readonly orderId: string
  /** Units that the order has already. */
  readonly passed: number
  readonly onChange: () => void
}

/** Identities ready for each slot: the one that is bound next, and one more. */
const AHEAD_PER_SLOT = 2

/** Said before the first board, not at the last ones. */
const refuseTooFew = async (
  stock: DacStock,
  quantity: number,
  { records, orderId, passed }: IdentitiesOptions,
): Promise<void> => {
  const left = quantity - passed
  const there = (await records.ask('countReady', { orderId })) + stock.left()
  if (there < left)
    throw new OrderRefusal('attestation', faultOf('dacs-short', { file: stock.path, there, needed: left }))
}

const madeHere = async (
  { source }: NonNullable<PreparedOrder['made']>,
  { plan, request }: PreparedOrder,
  options: IdentitiesOptions,
): Promise<IdentityPool> => {
  const { records, vault, stationKey, slots, orderId, onChange } = options
  const { certificate, dacs, validTo } = source
  const { vendorId, productId } = plan.product
  const stock = dacs.kind === 'bought' ? await openDacStock(dacs, records, vault) : null
  if (stock) await refuseTooFew(stock, request.quantity, options)
  return openIdentityPool({
    records,
    making: {
      plan: { orderId, vendorId, productId, iterations: plan.iterations, validTo },
      stationKey,
      issuer:
        dacs.kind === 'bought'
          ? null
          : {
              subject: certificate.subject,
              keyIdentifier: certificate.subjectKeyIdentifier ?? new Uint8Array(),
              privateKey: dacs.key.privateKey,
            },
    },
    serial: plan.serial,
    dacs: stock,
    ahead: AHEAD_PER_SLOT * slots,
    onChange,
  })
}

/** Modules came with their identities: none is made, and each that is labelled is one less. */
const ofModules = (modules: number, onChange: () => void): IdentityPool => {
  let ready = modules
  return {
    ready: () => ready,
    setDemand: () => undefined,
    taken() {
      ready--
      onChange()
    },
    available: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
}

/** @throws OrderRefusal when fewer DACs were bought than the order still needs */
export const openIdentities = (prepared: PreparedOrder, options: IdentitiesOptions): Promise<IdentityPool> =>
  prepared.made
    ? madeHere(prepared.made, prepared, options)
    : Promise.resolve(ofModules(prepared.modules - options.passed, options.onChange))

/** An order opened on the station's slots: entered into the records, its identities made ahead, its firmware with the workers. */
import { randomUUID } from 'node:crypto'
import type { LineSettings } from '../../../contract/index.ts'
import { unworded } from '../../fault-error.ts'
import type { FlashWorkers } from '../../flashing/workers/flash-workers.ts'
import { quickDeflate, type Deflate } from '../../flashing/images/prepare.ts'
import { PROBE_PLAN } from '../../flashing/loader/connect.ts'
import { openSecrets } from '../../identities/identity.ts'
import type { IdentityPool } from '../../identities/identity-pool.ts'
import { boardPlan } from '../../line/board-plan.ts'
import { createLine, FIRST_ARTICLES, type Line, type LineOptions } from '../../line/line.ts'
import { factoryRegion, isMade, type OrderPlan } from '../../line/order-plan.ts'
import { createQuota } from '../../line/quota.ts'
import type { RunPlace, RunTools } from '../../line/unit-run.ts'
import type { Records } from '../../records/records.ts'
import type { Vault } from '../../security/vault.ts'
import { openIdentities } from './order-identities.ts'
import { refuseOtherOrder } from './orders.ts'
import { OrderRefusal, type PreparedOrder } from './prepare-order.ts'

export interface OpenOrder {
  readonly id: string
  readonly number: string
  readonly quantity: number
  readonly plan: OrderPlan
  readonly line: Line
  readonly identities: IdentityPool
  /** Reads everything that the order writes again. @throws OrderRefusal naming the file that has changed */
  check(): Promise<void>
  close(): Promise<void>
}

export interface OpenOrderOptions {
  readonly records: Records
  readonly vault: Vault
  readonly stationKey: Uint8Array
  readonly flash: FlashWorkers
  readonly places: readonly RunPlace[]
  readonly boards: LineOptions['boards']
  readonly deflate: Deflate
  readonly printsLabels: boolean
  readonly holdsLabels: () => boolean
  /** How the line works, as it is set now. */
  readonly settings: () => LineSettings
  readonly onChange: () => void
  readonly onInserted: LineOptions['onInserted']
  readonly onResult: LineOptions['onResult']
}

/** Name of the release of an order that writes none. */
const NOTHING_TO_WRITE = 'nothing'

/** @throws OrderRefusal when an order of this number is in the records and is not the same */
export const openOrder = async (prepared: PreparedOrder, options: OpenOrderOptions): Promise<OpenOrder> => {
  const { records, vault, flash, places, onChange } = options
  const { request, plan, made } = prepared
  await records.ask('createOrder', {
    id: randomUUID(),
    number: request.number,
    plan: JSON.stringify(plan),
    quantity: request.quantity,
    at: Date.now(),
    remarks: request.remarks,
  })
  const kept = await records.ask('findOrder', { number: request.number })
  if (!kept) throw new OrderRefusal('order', unworded(`order ${request.number} could not be kept`))
  refuseOtherOrder(kept, plan)
  if (kept.quantity !== request.quantity)
    await records.ask('setOrderQuantity', { id: kept.id, quantity: request.quantity })
  const { quantity } = request

  // Under another key it is another content; and what is encrypted does not get smaller, however long it is tried.
  const digest = made?.release.digest ?? NOTHING_TO_WRITE
  const releaseId = plan.flashKey === null ? digest : `${digest} ${plan.flashKey}`
  const images = (made?.release.images ?? []).map(({ name, offset, bytes }) => ({ name, offset, bytes }))
  await flash.loadRelease(
    releaseId,
    made ? made.encryption.asWritten(images) : images,
    plan.flashKey === null ? options.deflate : quickDeflate,
  )
  const totals = await records.ask('orderTotals', { orderId: kept.id })
  const firstArticle = await records.ask('firstArticle', { orderId: kept.id })
  const identities = await openIdentities(prepared, {
    records,
    vault,
    stationKey: options.stationKey,
    slots: places.length,
    orderId: kept.id,
    passed: totals.passed,
    onChange,
  })
  const tools: RunTools = {
    orderId: kept.id,
    records,
    flash,
    releaseId,
    identities,
    regionsOf: (identity) =>
      made && isMade(plan)
        ? made.encryption.ownAsWritten(factoryRegion(plan, openSecrets(vault, identity.id, identity.sealed)))
        : [],
    quota: createQuota(
      quantity,
      totals.passed,
      firstArticle && firstArticle.state !== 'approved' ? FIRST_ARTICLES : quantity,
    ),
    printsLabels: options.printsLabels,
    holdsLabels: options.holdsLabels,
    settings: options.settings,
  }
  const line = createLine({
    tools,
    places,
    boards: options.boards,
    session: {
      chip: plan.manifest ? undefined : plan.chip,
      baud: plan.baud,
      useStub: true,
      skipUnchanged: false,
      connectPlan: PROBE_PLAN,
      flashNeeded: plan.release?.flashNeeded ?? 0,
      ...boardPlan(plan),
    },
    order: {
      quantity,
      state: kept.state,
      stopReason: kept.stop_reason,
      startedAt: kept.started_at,
      endedAt: kept.ended_at,
      firstArticle,
    },
    totals,
    onChange,
    onInserted: options.onInserted,
    onResult: options.onResult,
  })
  return {
    id: kept.id,
    number: kept.number,
    quantity,
    plan,
    line,
    identities,
    async check() {
      refuseOtherOrder(kept, await prepared.again())
    },
    async close() {
      await line.close()
      await identities.close()
    },
  }
}

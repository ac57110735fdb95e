/** What screens can ask about products, releases and orders. */
import type { z } from 'zod'
import type { REQUESTS, RequestName, RequestResult } from '../../../contract/index.ts'
import type { Station } from '../../station.ts'
import { readOrderTable, OrderTableError } from '../orders/order-csv.ts'
import { OrderFieldError, type KnownSources } from '../orders/order-fields.ts'
import { importManifest, manifestViews } from '../orders/manifests.ts'
import { createOrders, keptOrder, orderDetails } from '../orders/orders.ts'
import { archiveProduct, keepingOf, productViews, saveProduct } from '../orders/products.ts'
import { base64File } from '../report-files.ts'
import { registerRelease, releaseTitle, releaseViews } from '../orders/releases.ts'
import { RequestRefusal } from '../request-refusal.ts'
import { travellerPdf } from '../../documents/traveller.ts'
import { readWorkOrderCode } from '../orders/work-order-code.ts'
import type { Workplace } from '../workplace.ts'

type OrderRequestName = Extract<
  RequestName,
  `products.${string}` | `releases.${string}` | `manifests.${string}` | `orders.${string}`
>
type OrderHandlers = {
  readonly [N in OrderRequestName]: (params: z.output<(typeof REQUESTS)[N]['params']>) => Promise<RequestResult<N>>
}

/** What changes what the line works on: done by whoever holds the stations. */
export interface OrderChanges {
  /** @throws RequestRefusal while the station is not set up */
  workplace(): Promise<Workplace>
  openOrder(id: string): Promise<void>
  closeOrder(id: string): Promise<void>
}

const knownSources = async ({ data: { records } }: Station): Promise<KnownSources> => ({
  products: (await records.ask('products')).filter((product) => product.archived_at === null),
  releases: (await records.ask('releases')).map((release) => ({
    id: release.id,
    title: releaseTitle(release),
    digest: release.digest,
  })),
  manifests: await manifestViews(records),
})

const unitTemplates = async ({ templates }: Station): Promise<string[]> =>
  (await templates.list()).filter(({ latest }) => latest.kind === 'unit').map(({ latest }) => latest.name)

const asInvalid = <T>(work: () => T): T => {
  try {
    return work()
  } catch (error) {
    if (error instanceof OrderTableError) throw new RequestRefusal('invalid', 'table-not-right', {}, error.fault)
    if (error instanceof OrderFieldError) throw new RequestRefusal('invalid', 'work-order-not-right', {}, error.fault)
    throw error
  }
}

export const orderHandlers = (station: Station, changes: OrderChanges): OrderHandlers => {
  const { data, session } = station
  const { records } = data
  const who = session.person()?.name ?? ''
  const simulated = (): boolean => station.view().station.simulated
  const current = (): string | undefined => station.order()?.id
  /** The first article that waits for its approval. @throws RequestRefusal when none does */
  const firstToDecide = async (id: string): Promise<{ mac: string; serial: string }> => {
    const { number } = await keptOrder(records, id)
    const first = await records.ask('firstArticle', { orderId: id })
    if (first?.state !== 'to-approve' || first.mac === null)
      throw new RequestRefusal('not-now', 'nothing-to-approve', { number })
    return { mac: first.mac, serial: first.serial ?? '' }
  }
  return {
    'products.list': async () => ({ products: await productViews(records), templates: await unitTemplates(station) }),
    'products.save': async (entry) => ({ id: await saveProduct(keepingOf(station), entry, simulated(), who) }),
    async 'products.archive'(change) {
      await archiveProduct(records, change, who)
      return {}
    },
    'releases.list': async () => ({ releases: await releaseViews(records) }),
    'releases.register': async (input) => ({ id: await registerRelease(records, input, who) }),
    'manifests.list': async () => ({ manifests: await manifestViews(records) }),
    async 'manifests.import'({ path }) {
      const { id, modules } = await importManifest(data, path)
      await records.ask('audit', {
        at: Date.now(),
        who,
        action: 'manifest imported',
        subject: path,
        detail: String(modules),
      })
      return { id, modules }
    },

    async 'orders.list'() {
      const orders = await records.ask('orderSummaries')
      return { orders: orders.map((each) => ({ ...each, current: each.id === current() })) }
    },
    'orders.get': ({ id }) => orderDetails(records, id, current()),
    async 'orders.create'(input) {
      const [id = ''] = await createOrders(keepingOf(station), [{ input }], await changes.workplace(), who)
      return { id }
    },
    async 'orders.import'({ name, text }) {
      const known = await knownSources(station)
      const rows = asInvalid(() => readOrderTable(name, text, known))
      const wanted = rows.map(({ row, input }) => ({ input, where: { file: name, row } }))
      await createOrders(keepingOf(station), wanted, await changes.workplace(), who)
      return { numbers: rows.map(({ input }) => input.number) }
    },
    async 'orders.scan'({ text }) {
      const known = await knownSources(station)
      const fields = asInvalid(() => readWorkOrderCode(text, known))
      const found = await records.ask('findOrder', { number: fields.number })
      return found ? { kind: 'order', id: found.id, number: found.number } : { kind: 'draft', fields }
    },
    async 'orders.open'({ id }) {
      await changes.openOrder(id)
      return {}
    },
    async 'orders.close'({ id }) {
      await changes.closeOrder(id)
      return {}
    },
    async 'orders.approve'({ id, comment }) {
      const { mac } = await firstToDecide(id)
      await records.ask('approveFirstArticle', { orderId: id, mac, who, comment, at: Date.now() })
      const open = station.order()
      if (open?.id === id) await open.line.approved()
      return {}
    },
    async 'orders.reject'({ id, reason }) {
      const { mac, serial } = await firstToDecide(id)
      const done = await records.ask('rejectFirstArticle', { orderId: id, mac, who, reason, at: Date.now() })
      if (done.kind === 'packed')
        throw new RequestRefusal('not-now', 'first-article-packed', { serial, number: done.number })
      const open = station.order()
      if (open?.id === id) await open.line.rejected(mac)
      station.labels.changed()
      return {}
    },
    async 'orders.traveller'({ id, language }) {
      const order = await orderDetails(records, id, current())
      return base64File(
        `traveller-${order.number.replaceAll('/', '-')}.pdf`,
        'application/pdf',
        await travellerPdf(order, language),
      )
    },
  }
}

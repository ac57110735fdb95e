/** The first article of an order that nobody watches: approved in the name of whoever started the run, or refused before it begins. */
import { unworded } from '../../fault-error.ts'
import type { OrderRemarks } from '../../records/order-records.ts'
import type { Records } from '../../records/records.ts'
import type { OpenOrder } from './open-order.ts'
import { OrderRefusal } from './prepare-order.ts'

const COMMENT = 'approved at the terminal'

/** Kept with a new order. */
export const firstArticleRemarks = (who: string): OrderRemarks => ({
  productId: null,
  releaseId: null,
  manifestId: null,
  due: null,
  lot: '',
  customerReference: '',
  notes: '',
  firstArticle: true,
  who,
})

/** @throws OrderRefusal where the run would wait for ever, or would approve what the order does not ask for */
export const refuseUnapproved = ({ number, line }: OpenOrder, approver: string | undefined, folder: string): void => {
  const first = line.firstArticle()
  if (!first && approver !== undefined)
    throw new OrderRefusal(
      'order',
      unworded(
        `order ${number} in ${folder} was begun without a first article; leave out --approve-first-article, or give another folder`,
      ),
    )
  if (first && first.state !== 'approved' && approver === undefined)
    throw new OrderRefusal(
      'order',
      unworded(
        `order ${number} in ${folder} makes no second unit before its first article is approved; give --approve-first-article NAME`,
      ),
    )
}

export const approveFirst = async (
  records: Records,
  { id, line }: OpenOrder,
  who: string,
  say: (line: string) => void,
): Promise<void> => {
  const first = line.firstArticle()
  if (first?.state !== 'to-approve' || first.mac === null) return
  await records.ask('approveFirstArticle', { orderId: id, mac: first.mac, who, comment: COMMENT, at: Date.now() })
  say(`first article ${first.serial ?? ''} approved by ${who}`)
  await line.approved()
}

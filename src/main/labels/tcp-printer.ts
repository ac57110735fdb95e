/**
 * A ZPL printer on the network. It is asked for its status (~HS) and for the number of labels in its life
 * (`odometer.total_label_count`, Zebra's Set-Get-Do); the latter is proof of a label whatever happened in between.
 */
import { HostStatusError, parseHostStatus, stateOf, type HostStatus } from './host-status.ts'
import { openPrinterLink, type AnswerFinder, type PrinterLink } from './printer-link.ts'
import { PrinterError, type Printer, type PrinterSight } from './printer.ts'
import { renderZpl, type ZplOptions } from './zpl.ts'

export interface TcpPrinterOptions {
  /** Time that the printer has for an answer and for a connection, ms. */
  readonly patience?: number
  readonly zpl?: ZplOptions
}

const PATIENCE = 1500
const STATUS = '~HS\r\n'
const COUNT = '! U1 getvar "odometer.total_label_count"\r\n'
/** A printer takes a label's bytes within so many times its patience, or it is hung up on. */
const TAKES_AT_MOST = 10
/** After so many unanswered questions in a row the count is not asked for any more on this connection. */
const COUNT_TRIES = 2

const threeLines: AnswerFinder = (received) => {
  const lines = received.match(/\x02[^\x03]*\x03/gu) // eslint-disable-line no-control-regex -- STX and ETX
  return lines && lines.length >= 3 ? lines.slice(0, 3).join('\n') : undefined
}
const quoted: AnswerFinder = (received) => /"([^"]*)"/u.exec(received)?.[1]

export const createTcpPrinter = (host: string, port: number, options: TcpPrinterOptions = {}): Printer => {
  const patience = options.patience ?? PATIENCE
  let link: PrinterLink | undefined
  let session = 0
  let closed = false
  let countMisses = 0
  let knowsCount = false
  /** Questions and labels share one connection: each waits for the one before it. */
  let turn: Promise<unknown> = Promise.resolve()

  const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const result = turn.then(task)
    turn = result.catch(() => undefined)
    return result
  }

  const reach = async (): Promise<PrinterLink> => {
    if (closed) throw new PrinterError('nothing', 'the printer was let go')
    if (link && !link.lost) return link
    link = undefined
    link = await openPrinterLink(host, port, patience)
    session++
    countMisses = 0
    return link
  }

  const readStatus = async (open: PrinterLink): Promise<HostStatus | null> => {
    const answer = await open.ask(STATUS, threeLines, patience)
    return answer === null ? null : parseHostStatus(answer)
  }

  const readCount = async (open: PrinterLink): Promise<number | null> => {
    if (countMisses >= COUNT_TRIES && !knowsCount) return null
    const answer = await open.ask(COUNT, quoted, patience)
    if (answer === null || !/^\d{1,12}$/u.test(answer)) {
      countMisses++
      return null
    }
    knowsCount = true
    countMisses = 0
    return Number(answer)
  }

  const silent = (state: PrinterSight['state']): PrinterSight => ({ state, pending: null, count: null, session })

  const look = async (): Promise<PrinterSight> => {
    let open: PrinterLink
    try {
      open = await reach()
    } catch (error) {
      if (error instanceof PrinterError) return silent('not-answering')
      throw error
    }
    try {
      // Status first: what is no longer pending then has been counted by the time that the count is read.
      const status = await readStatus(open)
      if (status === null) return silent('not-answering')
      const count = await readCount(open)
      const pending = status.buffered + status.remaining
      return { state: stateOf(status), pending, full: status.bufferFull, count, session }
    } catch (error) {
      if (error instanceof HostStatusError) return silent('error')
      throw error
    }
  }

  return {
    name: `tcp://${host.includes(':') ? `[${host}]` : host}:${port}`,
    confirms: true,
    repeatable: false,
    look: () => inTurn(look),
    send: (job, allowedIn) =>
      inTurn(async () => {
        if (!link || link.lost || session !== allowedIn)
          throw new PrinterError('nothing', 'the connection to the printer is not the one that it was looked at over')
        await link.write(renderZpl(job.layout, options.zpl), TAKES_AT_MOST * patience)
      }),
    async close() {
      closed = true
      await turn
      link?.close()
    },
  }
}

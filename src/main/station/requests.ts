/** What screens can ask of a station, each request by its name in the contract. */
import { z } from 'zod'
import {
  isRequestName,
  REQUESTS,
  type RequestError,
  type RequestName,
  type RequestResult,
} from '../../contract/index.ts'
import type { Station } from '../station.ts'
import { systemPorts } from './flash-bay.ts'
import { OrderRefusal } from './prepare-order.ts'
import { RequestRefusal } from './request-refusal.ts'
import { checkSetUp, keptSetUp } from './set-up.ts'

/** What changes which station is open, or what it makes: done by whoever holds the stations. */
export interface StationChanges {
  runDemoAgain(): Promise<void>
  openMode(mode: 'demo' | 'production'): Promise<void>
  setUp(input: z.output<(typeof REQUESTS)['setUp.save']['params']>): Promise<void>
}

type Handlers = {
  readonly [N in RequestName]: (params: z.output<(typeof REQUESTS)[N]['params']>) => Promise<RequestResult<N>>
}

/** Who asks; people do not sign in yet. */
const WHO = 'operator'

const LogLines = z.array(z.object({ at: z.number(), step: z.string(), text: z.string() }))

const handlersOf = (station: Station, changes: StationChanges): Handlers => {
  const { labels, data } = station
  const order = () => {
    const open = station.order()
    if (!open) throw new RequestRefusal('not-now', 'There is no order: set the station up first.')
    return open
  }
  const audit = (action: string, subject: string, detail = ''): Promise<void> =>
    data.records.ask('audit', { at: Date.now(), who: WHO, action, subject, detail })
  return {
    'view.get': () => Promise.resolve(station.view()),
    async 'order.start'() {
      await order().line.start()
      await audit('order started', order().number)
      return {}
    },
    async 'order.pause'() {
      await order().line.pause()
      await audit('order paused', order().number)
      return {}
    },
    async 'order.stop'() {
      await order().line.stop('operator')
      await audit('order stopped', order().number)
      return {}
    },
    async 'slot.retry'({ slot }) {
      if (!order().line.retry(slot))
        throw new RequestRefusal('not-now', `Slot ${slot} has no failed board that could be tried again now.`)
      await audit('slot tried again', String(slot))
      return {}
    },
    async 'run.log'({ runId }) {
      const log = await data.records.ask('runLog', { runId })
      if (log === undefined) throw new RequestRefusal('not-found', 'This run is not in the records.')
      return { lines: LogLines.parse(JSON.parse(log)) }
    },
    'labels.pause'() {
      labels.pause()
      return Promise.resolve({})
    },
    'labels.resume'() {
      labels.resume()
      return Promise.resolve({})
    },
    'label.reprint': async ({ labelId, reason }) => ({ labelId: await labels.reprint(labelId, reason, WHO) }),
    async 'label.resolve'({ labelId, cameOut }) {
      await labels.resolve(labelId, cameOut, WHO)
      return {}
    },
    'label.confirm': ({ scanned }) => labels.confirm(scanned, WHO),
    'label.preview': ({ labelId }) => labels.preview(labelId),
    async 'demo.runAgain'() {
      await changes.runDemoAgain()
      return {}
    },
    async 'station.open'({ mode }) {
      await changes.openMode(mode)
      return {}
    },
    'setUp.ports': async () => ({ ports: await systemPorts() }),
    'setUp.check': async (input) => ({ findings: await checkSetUp(input) }),
    async 'setUp.save'(input) {
      await changes.setUp(input)
      return {}
    },
    'setUp.get': async () => ({ input: await keptSetUp(data.records) }),
  }
}

export type RequestOutcome =
  { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly error: RequestError }

const firstIssue = (error: z.ZodError): string => {
  const issue = error.issues[0]
  return issue ? `${issue.path.join('.') || 'the request'}: ${issue.message}` : 'the request is malformed'
}

/** Answers one request: validated on arrival, refused in one sentence, and never an exception. */
export const answerRequest = async (
  station: Station,
  changes: StationChanges,
  name: string,
  params: unknown,
): Promise<RequestOutcome> => {
  const refuse = (code: RequestError['code'], message: string): RequestOutcome => ({
    ok: false,
    error: { code, message },
  })
  if (!isRequestName(name)) return refuse('invalid', `There is no request '${name}'.`)
  const parsed = REQUESTS[name].params.safeParse(params)
  if (!parsed.success) return refuse('invalid', firstIssue(parsed.error))
  try {
    const handler = handlersOf(station, changes)[name] as (params: unknown) => Promise<unknown>
    return { ok: true, result: await handler(parsed.data) }
  } catch (error) {
    if (error instanceof RequestRefusal) return refuse(error.code, error.message)
    if (error instanceof OrderRefusal) return refuse('not-now', error.message)
    const message = error instanceof Error ? error.message : String(error)
    process.stderr.write(`request ${name}: ${message}\n`)
    return refuse('failed', message)
  }
}

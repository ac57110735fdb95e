/** What screens can ask of a station, each request by its name in the contract. */
import { z } from 'zod'
import {
  isRequestName,
  mayAsk,
  REQUESTS,
  type Report,
  type ReportScope,
  type RequestError,
} from '../../../contract/index.ts'
import type { Station } from '../../station.ts'
import { unworded } from '../../fault-error.ts'
import type { Started } from '../../line/start-gate.ts'
import { RunFailure } from '../../flashing/failure.ts'
import { LabelTextError } from '../../inspection/check-unit.ts'
import { systemPorts } from '../bay/flash-bay.ts'
import type { Handlers } from './handlers.ts'
import { lineSettingsVersion, lineSettingsVersions } from '../set-up/line-settings.ts'
import { givenPlace, readStationFile, stationFile } from '../set-up/station-file.ts'
import { previewTakeOver, takeOver } from '../set-up/take-over.ts'
import { OrderRefusal } from '../orders/prepare-order.ts'
import { RequestRefusal } from '../request-refusal.ts'
import { reportPdf } from '../../documents/report.ts'
import { base64File, reportCsv } from '../report-files.ts'
import { runBundle } from './run-bundle.ts'
import { spotCheck } from './spot-check.ts'
import { printerHandlers } from './printer-handlers.ts'
import { labelHandlers } from './label-handlers.ts'
import { templateHandlers } from './template-handlers.ts'
import { keepingOf, onlyProduct } from '../orders/products.ts'
import { orderHandlers, type OrderChanges } from './order-requests.ts'
import { checkSetUp, shownSetUp } from '../set-up/set-up.ts'
import { listFolder } from '../set-up/list-folder.ts'

/** What changes which station is open, or what it makes: done by whoever holds the stations. */
export interface StationChanges extends OrderChanges {
  runDemoAgain(): Promise<void>
  openMode(mode: 'demo' | 'production'): Promise<void>
  setUp(input: z.output<(typeof REQUESTS)['setUp.save']['params']>): Promise<void>
}

/** The slots that began; null where what was scanned is no start code. */
const begun = (started: Started): number[] | null => {
  if (started.kind === 'refused') throw new RequestRefusal('not-now', started.why)
  return started.kind === 'started' ? [...started.slots] : null
}

/** A name that every file system takes. */
const fileName = (text: string): string =>
  text.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-|-$/gu, '') || 'report'

const LogLines = z.array(z.object({ at: z.number(), step: z.string(), text: z.string() }))

const handlersOf = (station: Station, changes: StationChanges): Handlers => {
  const { labels, data, session } = station
  const { records } = data
  const who = session.person()?.name ?? ''
  const order = () => {
    const open = station.order()
    if (!open) throw new RequestRefusal('not-now', 'no-order')
    return open
  }
  const audit = (action: string, subject: string, detail = ''): Promise<void> =>
    records.ask('audit', { at: Date.now(), who, action, subject, detail })
  /** What the sockets themselves have counted is more than the records' runs: boards that never ended in one, for example. */
  const report = async (scope: ReportScope): Promise<Report> => {
    const made = await records.ask('report', { scope })
    const { sockets } = station.view()
    const slots = made.slots.map((row) => ({
      ...row,
      insertions: sockets.find(({ slot }) => slot === row.slot)?.insertions ?? row.insertions,
    }))
    return { ...made, slots }
  }
  return {
    ...labelHandlers(station, who),
    ...templateHandlers(station, who),
    'view.get': () => Promise.resolve(station.view()),
    async 'order.start'() {
      if (await records.ask('scanHold')) throw new RequestRefusal('not-now', 'line-held')
      await order().check()
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
    async 'line.begin'(by) {
      const slots = begun(order().line.begin(by.by === 'key' ? { kind: 'key' } : { kind: 'touch', slot: by.slot }))
      await audit('boards started', slots?.join(', ') ?? '', by.by)
      return { slots: slots ?? [] }
    },
    async 'line.scan'({ scanned }) {
      const slots = begun(station.order()?.line.begin({ kind: 'scan', text: scanned }) ?? { kind: 'no-start-code' })
      if (slots) await audit('boards started', slots.join(', '), 'scan')
      return { slots }
    },
    async 'slot.retry'({ slot }) {
      if (!order().line.retry(slot)) throw new RequestRefusal('not-now', 'slot-not-to-retry', { slot })
      await audit('slot tried again', String(slot))
      return {}
    },
    async 'run.log'({ runId }) {
      const log = await records.ask('runLog', { runId })
      if (log === undefined) throw new RequestRefusal('not-found', 'run-unknown')
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
    'label.reprint': async ({ labelId, reason }) => ({ labelId: await labels.reprint(labelId, reason, who) }),
    async 'label.resolve'({ labelId, cameOut }) {
      await labels.resolve(labelId, cameOut, who)
      return {}
    },
    async 'label.confirm'({ scanned, slot }) {
      const result = await labels.confirm(scanned, slot, who)
      if (result.held) await station.order()?.line.pause()
      return result
    },
    'label.preview': ({ labelId }) => labels.preview(labelId),
    'person.signIn': (by) => session.signIn(by),
    async 'person.signOut'() {
      await session.signOut()
      return {}
    },
    async 'people.get'() {
      const isEngineer = session.person()?.role === 'engineer'
      const people = await session.people()
      // A badge is as good as a key: only whoever gives badges out sees what they say.
      return { people: isEngineer ? people : people.map((person) => ({ ...person, badge: person.badge && '•••' })) }
    },
    async 'people.save'({ people }) {
      await session.savePeople(people)
      return {}
    },
    'lineSettings.get': () => Promise.resolve(station.settings()),
    async 'lineSettings.save'(settings) {
      await station.changeSettings(settings)
      return {}
    },
    'lineSettings.versions': async () => ({ versions: await lineSettingsVersions(records) }),
    async 'lineSettings.restore'({ id }) {
      const settings = await lineSettingsVersion(records, id)
      if (!settings) throw new RequestRefusal('not-found', 'settings-unknown')
      await station.changeSettings(settings)
      return {}
    },
    'stationFile.save': ({ people }) => stationFile(station, people),
    async 'stationFile.preview'({ content }) {
      const file = readStationFile(content)
      const { station: name, savedAt } = file
      return { station: name, savedAt, parts: await previewTakeOver(station, file, who) }
    },
    async 'stationFile.takeOver'({ content, parts }) {
      await takeOver(station, readStationFile(content), parts, who)
      return {}
    },
    async 'kiosk.set'({ on }) {
      await station.changeSettings({ ...station.settings(), kiosk: on })
      return {}
    },
    async 'socket.cleaned'({ slot }) {
      await station.cleaned(slot)
      return {}
    },
    async 'slot.dispose'({ slot, disposition, reason }) {
      const runId = order().line.dispose(slot, disposition)
      if (runId === undefined) throw new RequestRefusal('not-now', 'slot-not-failed', { slot })
      await records.ask('disposeRun', { runId, disposition, reason, who, at: Date.now() })
      return {}
    },
    async 'slot.giveUp'({ slot }) {
      if (!order().line.giveUp(slot)) throw new RequestRefusal('not-now', 'slot-not-waiting', { slot })
      await audit('board not recognised', String(slot))
      return {}
    },
    ...orderHandlers(station, changes),
    'report.get': (scope) => report(scope),
    async 'report.file'({ scope, format, language }) {
      const made = await report(scope)
      const title = scope.kind === 'time' ? scope.name : undefined
      const name = scope.kind === 'time' ? fileName(title ?? '') : `order-${fileName(made.orders[0]?.number ?? '')}`
      return format === 'csv'
        ? base64File(`${name}.csv`, 'text/csv', reportCsv(made))
        : base64File(`${name}.pdf`, 'application/pdf', await reportPdf(made, title, language, Date.now()))
    },
    'run.bundle': ({ runId }) => runBundle(records, runId, station.view()),
    async 'inspection.check'({ slot, label }) {
      if (order().line.state().state === 'running') throw new RequestRefusal('not-now', 'slot-in-use')
      const result = await spotCheck(label, await station.inspect(slot), data, who)
      return { ...result, findings: [...result.findings] }
    },
    async 'demo.runAgain'() {
      await changes.runDemoAgain()
      return {}
    },
    async 'station.open'({ mode }) {
      await changes.openMode(mode)
      return {}
    },
    'files.list': ({ path }) => listFolder(path),
    'setUp.ports': async () => ({ ports: await systemPorts() }),
    ...printerHandlers(station),
    'setUp.check': async (input) => ({
      findings: await checkSetUp(keepingOf(station), input, station.systemPrinters),
    }),
    async 'setUp.save'(input) {
      await changes.setUp(input)
      return {}
    },
    async 'setUp.get'() {
      const input = await shownSetUp(records)
      return { input, given: await givenPlace(records), product: input ? null : await onlyProduct(records) }
    },
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
  const refuse = (...said: ConstructorParameters<typeof RequestRefusal>): RequestOutcome => ({
    ok: false,
    error: new RequestRefusal(...said).toError(),
  })
  if (!isRequestName(name)) return refuse('invalid', 'malformed', {}, unworded(`there is no request '${name}'`))
  const person = station.session.person()
  if (!mayAsk(name, person?.role ?? null))
    return person
      ? refuse('not-allowed', 'other-role', { name: person.name, role: person.role })
      : refuse('not-allowed', 'sign-in-first')
  const parsed = REQUESTS[name].params.safeParse(params)
  if (!parsed.success) return refuse('invalid', 'malformed', {}, unworded(firstIssue(parsed.error)))
  try {
    const handler = handlersOf(station, changes)[name] as (params: unknown) => Promise<unknown>
    return { ok: true, result: await handler(parsed.data) }
  } catch (error) {
    if (error instanceof RequestRefusal) return { ok: false, error: error.toError() }
    if (error instanceof OrderRefusal) return refuse('not-now', 'order-not-right', {}, error.fault)
    if (error instanceof LabelTextError) return refuse('invalid', 'not-a-label', {}, unworded(error.message))
    if (error instanceof RunFailure)
      return refuse('failed', 'board-failed', { failure: error.code }, unworded(`${error.message}. ${error.help}`))
    const message = error instanceof Error ? error.message : String(error)
    process.stderr.write(`request ${name}: ${message}\n`)
    return refuse('failed', 'unexpected', {}, unworded(message))
  }
}

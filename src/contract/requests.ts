/**
 * Everything that a renderer can ask of the station, by name: what it sends and what it gets. Main validates what arrives against
 * these schemas and knows no other message.
 */
import { z } from 'zod'
import { FILE_REQUESTS, FILES_ALLOWED } from './file-requests.ts'
import { InputFault } from './input-faults.ts'
import { LABEL_REQUESTS, LABELS_ALLOWED } from './label-requests.ts'
import { Language } from './languages.ts'
import { LineSettings } from './line-settings.ts'
import { MANIFEST_REQUESTS, MANIFESTS_ALLOWED } from './manifest-requests.ts'
import { OrderDetails, OrderInput, OrderSummary, ScannedOrder } from './orders.ts'
import { Person, PersonView, type Role } from './people.ts'
import { REFUSAL_REASONS } from './refusals.ts'
import { Values } from './sentences.ts'
import { PortView, SetUpCheck, SetUpFinding, SetUpInput, SystemPrinterView } from './set-up.ts'
import { ProductDefinition, ProductEntry, ProductView, ReleaseInput, ReleaseView } from './products.ts'
import { CheckFindingView, Disposition, Report, ReportScope } from './reports.ts'
import { TEMPLATE_REQUESTS, TEMPLATES_ALLOWED } from './template-requests.ts'
import { SettingsVersionView } from './settings-changes.ts'
import { STATION_FILE_ALLOWED, STATION_FILE_REQUESTS, StationPlace } from './station-file.ts'
import { View } from './view.ts'

const nothing = z.object({})
const reason = z.string().trim().min(3).max(200)
const byId = z.object({ id: z.string().min(1) })
/** As Base64. */
const file = z.object({ name: z.string(), type: z.string(), content: z.string() })

export const REQUESTS = {
  ...FILE_REQUESTS,
  ...LABEL_REQUESTS,
  ...MANIFEST_REQUESTS,
  ...STATION_FILE_REQUESTS,
  ...TEMPLATE_REQUESTS,

  'view.get': { params: nothing, result: View },

  'order.start': { params: nothing, result: nothing },
  'order.pause': { params: nothing, result: nothing },
  /** Ends every run in progress as stopped and starts none. */
  'order.stop': { params: nothing, result: nothing },

  /** Starts boards that are ready: with a key or foot switch what the line lets begin, with a touch one slot or all that are ready. */
  'line.begin': {
    params: z.discriminatedUnion('by', [
      z.object({ by: z.literal('key') }),
      z.object({ by: z.literal('touch'), slot: z.number().int().positive().nullable() }),
    ]),
    result: z.object({ slots: z.array(z.number().int()) }),
  },
  /** A scan that may be a start code: the slots that it started, or null where it is none. */
  'line.scan': {
    params: z.object({ scanned: z.string().min(1).max(500) }),
    result: z.object({ slots: z.array(z.number().int()).nullable() }),
  },

  /** Tries the board in the slot once more. */
  'slot.retry': { params: z.object({ slot: z.number().int().positive() }), result: nothing },
  /** What happened in a run, line by line, without secrets. */
  'run.log': {
    params: z.object({ runId: z.string() }),
    result: z.object({ lines: z.array(z.object({ at: z.number(), step: z.string(), text: z.string() })) }),
  },

  'labels.pause': { params: nothing, result: nothing },
  'labels.resume': { params: nothing, result: nothing },
  'label.reprint': { params: z.object({ labelId: z.string(), reason }), result: z.object({ labelId: z.string() }) },
  /** The person's answer to: did this label come out? */
  'label.resolve': { params: z.object({ labelId: z.string(), cameOut: z.boolean() }), result: nothing },
  'label.confirm': {
    /** slot: where it was scanned, where that was said. */
    params: z.object({
      scanned: z.string().min(1).max(500),
      slot: z.number().int().positive().nullable().default(null),
    }),
    /** held: it belongs to another slot, and the line stands. */
    result: z.object({
      labelId: z.string().nullable(),
      serial: z.string().nullable(),
      held: z.boolean().default(false),
    }),
  },
  /** The very bitmap that is printed, as a data: URL of a PNG. */
  'label.preview': {
    params: z.object({ labelId: z.string() }),
    result: z.object({
      image: z.string(),
      widthMm: z.number(),
      heightMm: z.number(),
      qr: z.string(),
      manualCode: z.string(),
    }),
  },

  /** By scanned badge, or by name for those who have none. */
  'person.signIn': {
    params: z.union([z.object({ badge: z.string().min(1).max(60) }), z.object({ name: z.string().min(1).max(40) })]),
    result: PersonView,
  },
  'person.signOut': { params: nothing, result: nothing },
  /** Everybody who may sign in; badges are shown to engineers only. */
  'people.get': { params: nothing, result: z.object({ people: z.array(Person) }) },
  'people.save': { params: z.object({ people: z.array(Person).max(500) }), result: nothing },

  'lineSettings.get': { params: nothing, result: LineSettings },
  'lineSettings.save': { params: LineSettings, result: nothing },
  /** The versions before, the newest first. */
  'lineSettings.versions': { params: nothing, result: z.object({ versions: z.array(SettingsVersionView) }) },
  /** An earlier version holds again, as a new one. */
  'lineSettings.restore': { params: z.object({ id: z.number().int() }), result: nothing },

  /** The screen shows nothing but Imprint from now on, or may show other things again. */
  'kiosk.set': { params: z.object({ on: z.boolean() }), result: nothing },
  /** The contacts of a slot's socket were cleaned: it counts anew. */
  'socket.cleaned': { params: z.object({ slot: z.number().int().positive() }), result: nothing },

  /** What becomes of a failed board: kept with who and why. */
  'slot.dispose': {
    params: z.object({ slot: z.number().int().positive(), disposition: Disposition, reason }),
    result: nothing,
  },
  /** There is a board in the slot, says a person, but it is not found. */
  'slot.giveUp': { params: z.object({ slot: z.number().int().positive() }), result: nothing },

  'products.list': {
    params: nothing,
    result: z.object({ products: z.array(ProductView), templates: z.array(z.string()) }),
  },
  'products.save': { params: ProductEntry, result: byId },
  'products.archive': { params: byId.extend({ archived: z.boolean() }), result: nothing },
  'releases.list': { params: nothing, result: z.object({ releases: z.array(ReleaseView) }) },
  'releases.register': { params: ReleaseInput, result: byId },

  'orders.list': { params: nothing, result: z.object({ orders: z.array(OrderSummary) }) },
  'orders.get': { params: byId, result: OrderDetails },
  'orders.create': { params: OrderInput, result: byId },
  /** A table of orders: all of them or none. */
  'orders.import': {
    params: z.object({ name: z.string().max(200), text: z.string().max(2_000_000) }),
    result: z.object({ numbers: z.array(z.string()) }),
  },
  /** What a scanned code of a work order says. */
  'orders.scan': { params: z.object({ text: z.string().min(1).max(1000) }), result: ScannedOrder },
  /** Makes it the order that the line works on. */
  'orders.open': { params: byId, result: nothing },
  /** For good: a closed order is never started again. */
  'orders.close': { params: byId, result: nothing },
  'orders.approve': { params: byId.extend({ comment: z.string().trim().max(200) }), result: nothing },
  /** The first article is not right: it is none of the order's any more, and the order stands until another is made. */
  'orders.reject': { params: byId.extend({ reason }), result: nothing },
  /** A page to print, that goes with the boards. */
  'orders.traveller': { params: byId.extend({ language: Language }), result: file },
  'report.get': { params: ReportScope, result: Report },
  /** As a file: its figures as a table (CSV) or the report for people (PDF). */
  'report.file': {
    params: z.object({ scope: ReportScope, format: z.enum(['csv', 'pdf']), language: Language }),
    result: file,
  },
  /** Everything an engineer needs of a run, as text without secrets. */
  'run.bundle': {
    params: z.object({ runId: z.string() }),
    result: file,
  },

  /** Reads the board in a slot that the line does not use now, and compares it with the scanned label. */
  'inspection.check': {
    params: z.object({ slot: z.number().int().positive(), label: z.string().min(1).max(500) }),
    result: z.object({
      right: z.boolean(),
      mac: z.string().nullable(),
      serial: z.string().nullable(),
      findings: z.array(CheckFindingView),
    }),
  },

  'demo.runAgain': { params: nothing, result: nothing },
  /** Closes this station and opens the other one's data folder. */
  'station.open': { params: z.object({ mode: z.enum(['demo', 'production']) }), result: nothing },

  'setUp.ports': { params: nothing, result: z.object({ ports: z.array(PortView) }) },
  /** The printers of the operating system; only the Imprint window has a way to them. */
  'setUp.printers': { params: nothing, result: z.object({ printers: z.array(SystemPrinterView) }) },
  /** Looks for printers on the local network, for some seconds, until `setUp.stopFinding` or another look. */
  'setUp.findPrinters': { params: nothing, result: z.object({ addresses: z.array(z.string()) }) },
  'setUp.stopFinding': { params: nothing, result: nothing },
  'setUp.check': { params: SetUpCheck, result: z.object({ findings: z.array(SetUpFinding) }) },
  'setUp.save': { params: SetUpInput, result: nothing },
  /** What was saved last, without keys; before, what another station's file gave: place, and the product where there is one only. */
  'setUp.get': {
    params: nothing,
    result: z.object({
      input: SetUpInput.nullable(),
      given: StationPlace.nullable().default(null),
      product: ProductDefinition.nullable().default(null),
    }),
  },
} as const

export type RequestName = keyof typeof REQUESTS

const ANYONE: readonly Role[] = ['operator', 'line-lead', 'engineer', 'qa']
const AT_THE_LINE: readonly Role[] = ['operator', 'line-lead', 'engineer']
const LEADS: readonly Role[] = ['line-lead', 'engineer']
const ENGINEER: readonly Role[] = ['engineer']
const OFFICE: readonly Role[] = ['line-lead', 'engineer', 'qa']

/** Who may ask what. 'nobody': also without anybody signed in. Main checks it; the screens hide what is not allowed. */
export const ALLOWED: Readonly<Record<RequestName, readonly Role[] | 'nobody'>> = {
  ...FILES_ALLOWED,
  ...LABELS_ALLOWED,
  ...MANIFESTS_ALLOWED,
  ...STATION_FILE_ALLOWED,
  ...TEMPLATES_ALLOWED,
  'view.get': 'nobody',
  'person.signIn': 'nobody',
  'person.signOut': 'nobody',
  'people.get': 'nobody',
  'people.save': ENGINEER,
  'lineSettings.get': ANYONE,
  'lineSettings.save': ENGINEER,
  'lineSettings.versions': ENGINEER,
  'lineSettings.restore': ENGINEER,
  'kiosk.set': ENGINEER,
  'socket.cleaned': AT_THE_LINE,
  'order.start': AT_THE_LINE,
  'order.pause': AT_THE_LINE,
  'order.stop': AT_THE_LINE,
  'products.list': ANYONE,
  'products.save': ENGINEER,
  'products.archive': ENGINEER,
  'releases.list': ANYONE,
  'releases.register': ENGINEER,
  'orders.list': ANYONE,
  'line.begin': AT_THE_LINE,
  'line.scan': AT_THE_LINE,
  'orders.get': ANYONE,
  'orders.create': LEADS,
  'orders.import': LEADS,
  'orders.scan': ANYONE,
  'orders.open': LEADS,
  'orders.close': LEADS,
  'orders.approve': ENGINEER,
  'orders.reject': ENGINEER,
  'orders.traveller': ANYONE,
  'slot.retry': AT_THE_LINE,
  'slot.giveUp': AT_THE_LINE,
  'slot.dispose': LEADS,
  'run.log': ANYONE,
  'run.bundle': ENGINEER,
  'labels.pause': AT_THE_LINE,
  'labels.resume': AT_THE_LINE,
  'label.reprint': LEADS,
  'label.resolve': AT_THE_LINE,
  'label.confirm': ANYONE,
  'label.preview': ANYONE,
  'report.get': OFFICE,
  'report.file': OFFICE,
  'inspection.check': ['qa', 'engineer'],
  'demo.runAgain': ANYONE,
  'station.open': ENGINEER,
  'setUp.ports': ENGINEER,
  'setUp.printers': ENGINEER,
  'setUp.findPrinters': ENGINEER,
  'setUp.stopFinding': ENGINEER,
  'setUp.check': ENGINEER,
  'setUp.save': ENGINEER,
  'setUp.get': ENGINEER,
}

export const mayAsk = (name: RequestName, role: Role | null): boolean => {
  const allowed = ALLOWED[name]
  return allowed === 'nobody' || (role !== null && allowed.includes(role))
}
export type RequestParams<N extends RequestName> = z.input<(typeof REQUESTS)[N]['params']>
export type RequestResult<N extends RequestName> = z.output<(typeof REQUESTS)[N]['result']>

export const isRequestName = (name: string): name is RequestName => Object.hasOwn(REQUESTS, name)

/** Why a request was refused; worded by its reason in the language of the screen. */
export const RequestError = z.object({
  code: z.enum(['invalid', 'not-allowed', 'not-now', 'not-found', 'failed']),
  /** In English. */
  message: z.string(),
  reason: z.enum(REFUSAL_REASONS).optional(),
  values: Values.optional(),
  /** What is wrong with what was given. */
  fault: InputFault.optional(),
})
export type RequestError = z.infer<typeof RequestError>

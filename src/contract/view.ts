/**
 * What the renderer sees of a running station: one value, pushed section by section as it changes, at most ten times a second.
 * Times are milliseconds since the Unix epoch, durations milliseconds, ratios 0 to 1. It holds no secret but those a person must
 * see: the QR code and the manual pairing code of a label.
 */
import { z } from 'zod'
import { FixtureGrid } from './fixture.ts'
import { SCAN_BACK_MODES } from './label-settings.ts'
import { BoardAction, FailureCode, RunStep } from './failures.ts'
import { StartSettings } from './line-settings.ts'
import { FirstArticle } from './orders.ts'
import { PersonView } from './people.ts'
import { Disposition } from './reports.ts'
import { Shifts } from './shifts.ts'
import { SocketView } from './sockets.ts'

/** Of a scanner on a serial port. */
export const ScannerState = z.enum(['ready', 'port-lost', 'port-busy', 'port-denied', 'error'])
export type ScannerState = z.infer<typeof ScannerState>

export const StationView = z.object({
  name: z.string(),
  line: z.string(),
  /** demo: simulated boards in the demo's own data folder; production: everything else. They never mix. */
  mode: z.enum(['demo', 'production']),
  /** Are the slots simulated? Always so in the demo. */
  simulated: z.boolean(),
  host: z.enum(['electron', 'web', 'terminal']),
  version: z.string(),
  dataFolder: z.string(),
  /** A production station without an order has to be set up first. */
  needsSetUp: z.boolean(),
  /** Who is signed in; null when nobody is, and then only signing in is possible. */
  person: PersonView.nullable().optional(),
  /** How the slots lie in the fixture, as the engineer arranged them; absent where nobody did. */
  fixture: FixtureGrid.optional(),
  /** None where the station has no shifts. */
  shifts: Shifts.optional(),
  /** Absent where no scanner is on a serial port. */
  scanner: z.object({ port: z.string(), state: ScannerState }).optional(),
  /** The screen is to show nothing but Imprint. */
  kiosk: z.boolean().optional(),
  /** What begins a board that is in its slot. */
  start: StartSettings.pick({ trigger: true, together: true }).optional(),
})
export type StationView = z.infer<typeof StationView>

export const OrderView = z.object({
  id: z.string(),
  number: z.string(),
  productName: z.string(),
  vendorId: z.number().int(),
  productId: z.number().int(),
  /** 'ESP32-C3' */
  chip: z.string(),
  /** Null where modules that came provisioned are only labelled. */
  firmware: z.object({ name: z.string(), version: z.string(), digest: z.string() }).nullable(),
  /** Name of the file of their manifest; null where the order writes firmware. */
  manifest: z.string().nullable().default(null),
  /** Test attestation on this order: its labels say TEST. */
  testBuild: z.boolean(),
  state: z.enum(['ready', 'running', 'paused', 'stopped', 'finished']),
  /** Why it is stopped, for state 'stopped'. */
  stopReason: z.enum(['operator', 'too-many-failures', 'low-yield', 'no-identity', 'records-unavailable']).nullable(),
  /** Passed units wanted. */
  quantity: z.number().int(),
  passed: z.number().int(),
  /** Runs that ended other than with a pass, and whose board was put aside. */
  failed: z.number().int(),
  running: z.number().int(),
  firstPassYield: z.number().nullable(),
  unitsPerHour: z.number().nullable(),
  /** Forecast of the end. */
  finishAt: z.number().nullable(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** Identities made ahead, or modules of the manifest that are not labelled yet. */
  identitiesReady: z.number().int(),
  /** Boards that the panel lacks before it may begin; 0 where slots begin on their own. */
  missing: z.number().int().default(0),
  /** Null where no unit has to be approved before others are made. */
  firstArticle: FirstArticle.nullable().default(null),
})
export type OrderView = z.infer<typeof OrderView>

export const FailureView = z.object({
  code: FailureCode,
  step: RunStep,
  board: BoardAction,
  /** Values for the sentence, e.g. { expected: 'ESP32-C3', found: 'ESP32' }. */
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  /** For the engineer, in English, without secrets. */
  detail: z.string(),
})
export type FailureView = z.infer<typeof FailureView>

export const LabelState = z.enum(['waiting', 'sent', 'in-doubt', 'printed', 'confirmed', 'failed', 'superseded'])
export type LabelState = z.infer<typeof LabelState>

export const SlotState = z.enum([
  'offline',
  'empty',
  'ready',
  'waiting',
  'working',
  'pass',
  'unverified',
  'fail',
  'made-before',
])
export type SlotState = z.infer<typeof SlotState>

/** What a board that is found waits for: the first article, or whether the boards that are being made are all that is needed. */
export const SlotWait = z.enum(['first-article', 'others'])
export type SlotWait = z.infer<typeof SlotWait>

/** What the chip of a board said of itself. */
export const BoardView = z.object({
  /** As printed on the module: `ESP32-C3`. */
  chip: z.string(),
  /** `v0.4`; null where the chip does not tell. */
  revision: z.string().nullable(),
  secureBoot: z.boolean(),
  flashEncryption: z.boolean(),
  secureDownload: z.boolean(),
  /** Null where the chip does not tell. */
  jtagDisabled: z.boolean().nullable(),
})
export type BoardView = z.infer<typeof BoardView>

export const SlotView = z.object({
  /** Fixture position, from 1. */
  slot: z.number().int().positive(),
  /** Path or address of its port. */
  port: z.string(),
  state: SlotState,
  step: RunStep.nullable(),
  /** In state 'waiting'. */
  waitsFor: SlotWait.nullable().optional(),
  /** Of the step 'write' and 'verify'. */
  progress: z.number().min(0).max(1).nullable(),
  serial: z.string().nullable(),
  mac: z.string().nullable(),
  /** Of the board that is in the slot, once it was identified. */
  board: BoardView.nullable().optional(),
  /** The run's attempt on this unit, from 1. */
  attempt: z.number().int().nullable(),
  runId: z.string().nullable(),
  startedAt: z.number().nullable(),
  /** Of a run that has ended. */
  elapsed: z.number().nullable(),
  failure: FailureView.nullable(),
  /** What a person decided about a failed board. */
  disposition: Disposition.nullable().optional(),
  /** When a unit was made before: the moment it passed. */
  madeAt: z.number().nullable(),
  label: z.object({ id: z.string(), state: LabelState }).nullable(),
})
export type SlotView = z.infer<typeof SlotView>

export const LabelView = z.object({
  id: z.string(),
  slot: z.number().int().nullable(),
  serial: z.string(),
  mac: z.string(),
  state: LabelState,
  /** A printer fault's code when failed or in doubt: a key of the locales' printer faults. */
  fault: z.string().nullable(),
  /** The label that this one replaces, and why. */
  /** Of a carton's label, whose `serial` is the carton's number and whose `mac` is empty. */
  cartonId: z.string().nullable().default(null),
  /** Waits until its panel is done. */
  held: z.boolean().default(false),
  /** Among waiting labels the lowest prints next. */
  rank: z.number().default(0),
  supersedes: z.string().nullable(),
  reprintReason: z.string().nullable(),
  createdAt: z.number(),
  updatedAt: z.number(),
})
export type LabelView = z.infer<typeof LabelView>

export const PrinterView = z.object({
  name: z.string(),
  /** It has a name in each language. */
  simulated: z.boolean().default(false),
  state: z.enum(['ready', 'printing', 'paused', 'paper-out', 'ribbon-out', 'head-open', 'not-answering', 'error']),
  /** The queue's own pause, by a person. */
  queuePaused: z.boolean(),
  /** Can it tell that a label came out? */
  confirms: z.boolean(),
})
export type PrinterView = z.infer<typeof PrinterView>

export const ScanBackView = z.object({
  mode: z.enum(SCAN_BACK_MODES),
  /** Labels that came out and were not scanned. */
  left: z.number().int(),
  /** The one that is wanted next. */
  next: z
    .object({ labelId: z.string(), slot: z.number().int().nullable(), serial: z.string(), mark: z.string() })
    .nullable(),
  /** A label of another unit was scanned at a slot: the line stands. */
  hold: z
    .object({
      id: z.number().int(),
      at: z.number(),
      slot: z.number().int().nullable(),
      expected: z.string(),
      /** Whose label it is; null when it is of no unit of this station. */
      found: z.object({ serial: z.string(), slot: z.number().int().nullable() }).nullable(),
    })
    .nullable(),
})
export type ScanBackView = z.infer<typeof ScanBackView>

export const LabelsView = z.object({
  scanBack: ScanBackView.default({ mode: 'off', left: 0, next: null, hold: null }),
  printer: PrinterView.nullable(),
  /** The label that prints now or printed last, for the preview. */
  currentId: z.string().nullable(),
  counts: z.record(LabelState, z.number().int()),
  /** Newest last; everything that waits or needs a person, and the latest of the others; at most 100. */
  queue: z.array(LabelView),
})
export type LabelsView = z.infer<typeof LabelsView>

/** The one next thing that the operator should do, or what the line waits for: a key of the locales, with values. */
export const NextStep = z.object({
  code: z.enum([
    'insert-boards',
    'working',
    'finished',
    'start-order',
    'order-paused',
    'first-article-rejected',
    'order-stopped',
    'slot-failed',
    'made-before',
    'label-in-doubt',
    'label-wrong',
    'scan-label',
    'printer-needs-you',
    'set-up',
    'choose-order',
    'make-first-article',
    'approve-first-article',
    'waiting-for-identities',
    // Boards are ready: what starts them.
    'scan-to-start',
    'press-to-start',
    'panel-incomplete',
  ]),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
})
export type NextStep = z.infer<typeof NextStep>

export const View = z.object({
  station: StationView,
  order: OrderView.nullable(),
  slots: z.array(SlotView),
  sockets: z.array(SocketView),
  labels: LabelsView,
  next: NextStep,
})
export type View = z.infer<typeof View>

/** Sections that changed since the last push; and a scan of the scanner on a serial port, told once. */
export const ViewPatch = View.partial().extend({ scan: z.object({ text: z.string() }).optional() })
export type ViewPatch = z.infer<typeof ViewPatch>

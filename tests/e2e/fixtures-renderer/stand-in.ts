/** A station that is only answers: put into the page as `window.imprint`, before any script of the page runs. */
import type { Page } from 'playwright-core'
import {
  LabelSettings,
  LabelTemplate,
  LineSettings,
  TemplateSummary,
  type ImprintBridge,
  type Report,
  type View,
} from '../../../src/contract/index.ts'
import carton from '../../../resources/label-templates/carton-100x50.json' with { type: 'json' }
import unit from '../../../resources/label-templates/unit-40x20.json' with { type: 'json' }
import { ORDER_ANSWERS } from './orders.ts'
import { macOf, NOON, serialOf } from './views.ts'
import { labelPicture } from './label-picture.ts'

declare global {
  interface Window {
    imprint?: ImprintBridge
    /** What the page asked for, in order. */
    asked: { name: string; params: unknown }[]
    /** Sends a patch as the station would. */
    pushPatch(patch: unknown): void
  }
}

const QR = 'MT:Y.K9042C00KA0648G00'

const REPORT: Report = {
  tried: 313,
  passedFirst: 301,
  passed: 306,
  failed: 7,
  rework: 3,
  scrap: 1,
  labels: { printed: 311, reprinted: 5 },
  failures: [
    { code: 'no-answer', count: 9 },
    { code: 'stub-not-started', count: 4 },
    { code: 'digest-mismatch', count: 1 },
  ],
  cycle: { median: 11_800, p95: 13_400, slowest: 41_200 },
  hours: Array.from({ length: 8 }, (_, hour) => ({
    at: NOON - (8 - hour) * 3_600_000,
    passed: 30 + hour * 3,
    failed: hour % 3,
  })),
  slots: Array.from({ length: 8 }, (_, index) => ({
    slot: index + 1,
    tried: 40,
    passed: 39 - index,
    failed: index,
    insertions: 12_345,
    contact: index === 5 ? 4 : 0,
    latestFailures: index === 5 ? ['no-answer', 'stub-not-started'] : [],
  })),
  orders: [
    { id: 'order-1', number: 'WO-48213', passed: 306, failed: 7 },
    { id: 'order-0', number: 'WO-48200', passed: 12, failed: 0 },
  ],
}

/** One of Imprint's own, one of a customer's with versions and a long name, and one for cartons. */
const TEMPLATES = [
  { ...unit, builtIn: true, versions: [1] },
  {
    ...unit,
    name: 'aurora-lamp-e27-retail-box-2026',
    freeFields: [{ name: 'colour', longest: 'Warm white' }],
    builtIn: false,
    versions: [1, 2, 3, 4, 5, 6],
  },
  { ...carton, builtIn: true, versions: [1] },
].map((template) => TemplateSummary.parse({ freeFields: [], kind: 'unit', ...template }))

const cartonOf = (number: number, state: 'open' | 'closed', count: number): object => ({
  id: `carton-${number}`,
  number: `WO-48213-C${String(number).padStart(4, '0')}`,
  size: 20,
  state,
  count,
  updatedAt: NOON,
  labelId: state === 'closed' ? `label-c${number}` : null,
})

const answersTo = (view: View): Record<string, unknown> => ({
  'view.get': view,
  'label.preview': { image: labelPicture(QR), widthMm: 40, heightMm: 20, qr: QR, manualCode: '3497-011-2332' },
  'label.reprint': { labelId: 'label-99' },
  'label.confirm': { labelId: 'label-4', serial: serialOf(4) },
  'run.log': {
    lines: ['connect', 'identify', 'bind', 'write', 'verify'].map((step, index) => ({
      at: NOON + index * 800,
      step,
      text: `0x10000: block ${index + 1} of 96 written in 84 ms`,
    })),
  },
  'files.list': {
    folder: '/home/annemarie/projects/aurora-lamp-e27/firmware',
    parent: '/home/annemarie/projects/aurora-lamp-e27',
    entries: ['bootloader', 'partition_table', 'aurora_light.bin', 'flasher_args.json'].map((name, index) => ({
      name,
      path: `/home/annemarie/projects/aurora-lamp-e27/firmware/${name}`,
      kind: index < 2 ? 'folder' : 'file',
      size: index < 2 ? null : 1_500_000,
      changedAt: NOON,
    })),
    more: 0,
    places: [
      { kind: 'home', path: '/home/annemarie' },
      { kind: 'drive', path: '/media/annemarie/FIRMWARE' },
    ],
  },
  'setUp.get': { input: null },
  'setUp.ports': {
    ports: [1, 2, 3].map((index) => ({
      path: `/dev/ttyUSB${index}`,
      manufacturer: 'Silicon Labs',
      vendorId: '10c4',
      productId: 'ea60',
      serialNumber: `000${index}`,
      location: `1-4.${index}`,
    })),
  },
  'setUp.printers': { printers: [{ name: 'Zebra_ZD421', about: 'Zebra ZD421 · 203 dpi' }] },
  'setUp.check': { findings: [] },
  'people.get': {
    people: [
      { name: 'Annemarie Zimmermann', role: 'engineer', badge: 'E-1001' },
      { name: '王小明', role: 'operator', badge: null },
    ],
  },
  'lineSettings.get': LineSettings.parse({
    leastYield: 0.9,
    start: { trigger: 'scan' },
    fixture: { columns: 4, rows: 3, numbering: 'snake-from-below', gaps: [5] },
    shifts: [
      { name: 'Early', from: '06:00' },
      { name: 'Late', from: '14:00' },
    ],
  }),
  'lineSettings.versions': {
    versions: [
      {
        id: 2,
        who: 'Annemarie Zimmermann',
        at: NOON,
        changes: [{ field: 'retries.verify.board', before: 'usual', after: 'rework' }],
      },
      {
        id: 1,
        who: 'Annemarie Zimmermann',
        at: NOON - 86_400_000,
        changes: [{ field: 'leastYield', before: null, after: 0.9 }],
      },
    ],
  },
  ...ORDER_ANSWERS,
  'report.get': REPORT,
  'labelSettings.get': LabelSettings.parse({ scanBack: 'slot', across: 2 }),
  'templates.list': { templates: TEMPLATES },
  'templates.get': {
    template: LabelTemplate.parse({ ...unit, freeFields: [{ name: 'colour', longest: 'Warm white' }] }),
  },
  'templates.preview': {
    image: labelPicture(QR),
    widthDots: 320,
    heightDots: 160,
    findings: [
      {
        element: 'product',
        severity: 'error',
        code: 'overflow',
        values: { text: 'Aurora Lamp E27 with remote control', needed: '42.1 mm', box: '15.5 mm' },
      },
      { element: 'qr', severity: 'warning', code: 'small-module', values: { module: 0.238 } },
    ],
  },
  'cartons.list': {
    size: 20,
    cartons: [cartonOf(16, 'open', 6), cartonOf(15, 'closed', 20), cartonOf(14, 'closed', 20)],
  },
  'carton.units': {
    units: [1, 2, 3, 4, 5, 6].map((slot) => ({ serial: serialOf(slot), mac: macOf(slot), at: NOON })),
  },
  'manifests.list': {
    manifests: [
      {
        id: 'manifest-1',
        name: 'modules-2611.csv',
        path: '/srv/deliveries/2026-11/modules-2611.csv',
        modules: 2400,
        taken: 612,
        importedAt: NOON,
      },
    ],
  },
})

/** The page then shows `view`; `answers` replaces single ones. */
export const standIn = async (page: Page, view: View, answers: Record<string, unknown> = {}): Promise<void> => {
  await page.addInitScript(
    (all: Record<string, unknown>) => {
      const listeners = new Set<(patch: unknown) => void>()
      const bridge: ImprintBridge = {
        call(name, params) {
          window.asked.push({ name, params })
          return Promise.resolve({ ok: true, result: all[name] ?? {} })
        },
        onPush(listener) {
          listeners.add(listener)
          return () => listeners.delete(listener)
        },
      }
      window.asked = []
      window.pushPatch = (patch) => listeners.forEach((listener) => listener(patch))
      window.imprint = bridge
    },
    { ...answersTo(view), ...answers },
  )
}

/** Language and appearance as a person would have chosen them before. */
export const choose = async (page: Page, language: 'en' | 'zh-Hans', appearance: 'light' | 'dark'): Promise<void> => {
  await page.addInitScript((chosen) => localStorage.setItem('imprint.preferences', JSON.stringify(chosen)), {
    language,
    appearance,
  })
}

/** Canned views of a station: every state, every failure, and the longest texts that may come. */
import { FAILURE_CODES, RUN_STEPS, View, type BoardAction, type SlotView } from '../../../src/contract/index.ts'

/** A moment that never changes, so that pictures do not either. */
export const NOON = Date.UTC(2026, 10, 24, 12, 0, 0)

const HEX = ['A0', 'B1', 'C2', 'D3', 'E4', 'F5']
export const macOf = (slot: number): string =>
  `60:55:F9:${HEX[slot % 6]}:D5:${slot.toString(16).toUpperCase().padStart(2, '0')}`
export const serialOf = (slot: number): string => `AURO-2611-${String(310 + slot).padStart(6, '0')}`

const empty = (slot: number): SlotView => ({
  slot,
  port: `/dev/serial/by-path/pci-0000:00:14.0-usb-0:4.${slot}:1.0-port0`,
  state: 'empty',
  step: null,
  progress: null,
  serial: null,
  mac: null,
  attempt: null,
  runId: null,
  startedAt: null,
  elapsed: null,
  failure: null,
  madeAt: null,
  label: null,
})

const known = (slot: number): SlotView => ({
  ...empty(slot),
  serial: serialOf(slot),
  mac: macOf(slot),
  attempt: 1,
  runId: `run-${slot}`,
  startedAt: NOON - 7_400,
})

const working = (slot: number, step: (typeof RUN_STEPS)[number], progress: number | null): SlotView => ({
  ...known(slot),
  state: 'working',
  step,
  progress,
})

const passed = (
  slot: number,
  label: 'waiting' | 'sent' | 'in-doubt' | 'printed' | 'confirmed' | 'failed',
): SlotView => ({
  ...known(slot),
  state: 'pass',
  progress: 1,
  elapsed: 11_840,
  label: { id: `label-${slot}`, state: label },
})

const PARAMS: Partial<Record<(typeof FAILURE_CODES)[number], Record<string, string | number>>> = {
  'wrong-chip': { expected: 'ESP32-C3', found: 'ESP32-S3' },
  'wrong-flash-size': { expected: 4, found: 2 },
  'security-differs': { found: 'secure boot, flash encryption' },
}

const BOARDS: readonly BoardAction[] = ['reinsert', 'red-bin', 'call-engineer', 'remove', 'rework']

export const failed = (slot: number, code: (typeof FAILURE_CODES)[number]): SlotView => ({
  ...known(slot),
  state: 'fail',
  elapsed: 128_400,
  attempt: 3,
  failure: {
    code,
    step: RUN_STEPS[slot % RUN_STEPS.length] ?? 'write',
    board: BOARDS[slot % BOARDS.length] ?? 'remove',
    params: PARAMS[code] ?? {},
    detail: '/dev/ttyUSB5: app at 0x10000: wrote MD5 9e107d9d372bb6826bd81d3542a419d6, read back 0cc175b9c0f1b6a8',
  },
})

const others: ((slot: number) => SlotView)[] = [
  (slot) => passed(slot, 'printed'),
  (slot) => working(slot, 'write', 0.64),
  (slot) => failed(slot, 'security-differs'),
  (slot) => working(slot, 'identify', null),
  (slot) => ({
    ...known(slot),
    state: 'made-before',
    elapsed: 900,
    madeAt: NOON - 86_400_000,
    label: { id: `label-${slot}`, state: 'confirmed' },
  }),
  (slot) => failed(slot, 'wrong-flash-size'),
  empty,
  (slot) => ({ ...passed(slot, 'in-doubt'), state: 'unverified' }),
  (slot) => ({ ...empty(slot), state: 'offline' }),
  (slot) => ({ ...known(slot), state: 'ready', serial: null, runId: null, startedAt: null }),
  (slot) => ({ ...known(slot), state: 'waiting', waitsFor: 'others', serial: null, runId: null, startedAt: null }),
  (slot) => working(slot, 'verify', 1),
  (slot) => working(slot, 'connect', null),
  (slot) => passed(slot, 'in-doubt'),
]

/** `count` slots: the states in turn, then each failure. */
export const mixedSlots = (count: number): SlotView[] =>
  Array.from({ length: count }, (_, index) => {
    const slot = index + 1
    const state = others[index]
    return state
      ? state(slot)
      : failed(slot, FAILURE_CODES[(index - others.length) % FAILURE_CODES.length] ?? 'internal')
  })

const LABEL_STATES = [
  'confirmed',
  'confirmed',
  'superseded',
  'printed',
  'failed',
  'in-doubt',
  'sent',
  'waiting',
  'waiting',
] as const

/** A view with `slots`; `parts` replaces whole sections. */
export const viewOf = (slots: SlotView[], parts: Partial<View> = {}): View =>
  View.parse({
    station: {
      name: 'Station B',
      line: 'Line 2',
      mode: 'demo',
      simulated: true,
      host: 'web',
      version: '0.1.0',
      dataFolder: '/home/operator/.local/share/imprint/demo',
      needsSetUp: false,
      shifts: [
        { name: 'Early', from: '06:00' },
        { name: 'Late', from: '14:00' },
      ],
      person: { name: 'Annemarie Zimmermann', role: 'engineer' },
    },
    order: {
      id: 'order-1',
      number: 'WO-48213',
      productName: 'Aurora Lamp E27',
      vendorId: 0xfff1,
      productId: 0x8000,
      chip: 'ESP32-C3',
      firmware: {
        name: 'aurora-lamp',
        version: '1.4.2',
        digest: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
      },
      testBuild: true,
      state: 'running',
      stopReason: null,
      quantity: 500,
      passed: 306,
      failed: 7,
      running: slots.filter(({ state }) => state === 'working').length,
      firstPassYield: 0.978,
      unitsPerHour: 1412,
      finishAt: NOON + 3_600_000,
      startedAt: NOON - 7_200_000,
      endedAt: null,
      identitiesReady: 64,
    },
    slots,
    sockets: slots.map(({ slot }) => ({
      slot,
      insertions: 12_345,
      sinceCleaned: 345,
      cleanedAt: NOON - 86_400_000,
      cleanedBy: 'Annemarie Zimmermann',
      due: false,
      suspect: slot % 3 === 0,
      tried: 20,
      passed: slot % 3 === 0 ? 14 : 20,
      latestFailures: slot % 3 === 0 ? (['no-answer', 'link-unreliable'] as const) : [],
    })),
    labels: {
      printer: { name: 'Zebra ZD421 (203 dpi)', state: 'printing', queuePaused: false, confirms: true },
      currentId: 'label-7',
      counts: { waiting: 2, sent: 1, 'in-doubt': 1, printed: 1, confirmed: 290, failed: 1, superseded: 1 },
      queue: LABEL_STATES.map((state, index) => ({
        id: `label-${index + 1}`,
        slot: (index % 8) + 1,
        serial: serialOf(index + 1),
        mac: macOf(index + 1),
        state,
        fault: state === 'in-doubt' ? 'paper-out' : state === 'failed' ? 'not-answering' : null,
        supersedes: index === 3 ? 'label-3' : null,
        reprintReason: index === 3 ? 'Label damaged' : null,
        createdAt: NOON - 90_000 + index * 9_000,
        updatedAt: NOON - 80_000 + index * 9_000,
      })),
    },
    next: { code: 'slot-failed', params: { slot: slots.find(({ state }) => state === 'fail')?.slot ?? 1 } },
    ...parts,
  })

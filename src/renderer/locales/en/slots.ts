/** The slots of the line, and what a board says of itself. */
import type { RunStep, SlotState, SlotWait } from '../../../contract/index.ts'
import type { ShownLabelState } from '../../wording/shown-label-state.ts'

export const slots = {
  region: 'Slots',
  macTail: '…{tail}',
  state: {
    offline: 'Offline',
    empty: 'Empty',
    ready: 'Ready',
    waiting: 'Waiting',
    working: 'Working',
    pass: 'Pass',
    unverified: 'Unverified',
    fail: 'Failed',
    'made-before': 'Made before',
  } satisfies Record<SlotState, string>,
  step: {
    connect: 'Connecting',
    identify: 'Identifying',
    bind: 'Assigning',
    prepare: 'Preparing',
    write: 'Writing',
    verify: 'Verifying',
    record: 'Recording',
  } satisfies Record<RunStep, string>,
  hint: {
    offline: 'The adapter of this slot is not connected.',
    empty: 'Insert a board.',
    ready: 'The board waits for the start.',
    unverified: 'Written, but this chip does not let it be read back.',
    madeBefore: 'This board has passed before.',
    madeBeforeAt: 'This board passed on {when}.',
  },
  waitsFor: {
    'first-article': 'Waits until the first article is made and approved.',
    others: 'Waits: the boards in work may be all that is needed.',
  } satisfies Record<SlotWait, string>,
  labelState: {
    waiting: 'Label waiting',
    sent: 'Label printing',
    'in-doubt': 'Did the label come out?',
    printed: 'Label printed',
    'to-scan': 'Label printed: scan it',
    confirmed: 'Label confirmed',
    failed: 'Label not printed',
    superseded: 'Label replaced',
  } satisfies Record<ShownLabelState, string>,
}

export const protection = {
  none: 'nothing',
  secureBoot: 'secure boot',
  flashEncryption: 'flash encryption',
  secureDownload: 'secure download mode',
  jtagDisabled: 'JTAG switched off',
}

export const slotDialog = {
  title: 'Slot {slot}',
  whatHappened: 'What happened',
  whatToDo: 'What to do with the board',
  serial: 'Serial number',
  mac: 'MAC address',
  chip: 'Chip',
  protection: 'Protected by',
  port: 'Port',
  attempt: 'Attempt',
  duration: 'Duration',
  step: 'Failed while',
  madeAt: 'Passed on',
  label: 'Label',
  detail: 'For the engineer',
  retry: 'Try again',
  begin: 'Start this board',
  retryStarted: 'Slot {slot} is tried again.',
  showLog: 'Run log',
  hideLog: 'Hide the run log',
  logEmpty: 'Nothing was logged for this run.',
  log: 'Run log of slot {slot}',
  logTime: 'Time',
  logStep: 'Step',
  logText: 'What happened',
}

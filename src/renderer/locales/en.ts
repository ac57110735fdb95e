import type { RequestError, ScannerState } from '../../contract/index.ts'
import { board, failure, failureWith } from './en/failure.ts'
import { firstArticle, orders } from './en/orders.ts'
import { people } from './en/people.ts'
import { inputFault } from './en/input-fault.ts'
import { refusal } from './en/refusal.ts'
import { products } from './en/products.ts'
import { disposition, reports, spotCheck } from './en/reports.ts'
import { settings } from './en/settings.ts'
import { files } from './en/files.ts'
import { manifests } from './en/manifests.ts'
import { cartons, labelSettings, scanBack } from './en/cartons.ts'
import { templates } from './en/templates.ts'
import { setUp } from './en/set-up.ts'
import { sockets } from './en/sockets.ts'
import { slots, protection, slotDialog } from './en/slots.ts'
import { printer, labels } from './en/labels.ts'
import { next, control } from './en/next.ts'

/**
 * Everything that an operator or an engineer reads, in English. Whole sentences, never put together from pieces; what is in braces
 * is filled in. The other languages have the same shape (`Messages`), checked by the compiler.
 */
export const en = {
  app: {
    name: 'Imprint',
    connecting: 'Connecting to the station…',
    connectionLost: 'The connection to the station is lost. Trying again…',
    demoBand: 'Demo: simulated boards',
    test: 'TEST',
    close: 'Close',
    cancel: 'Cancel',
    back: 'Back to the line',
    skipToSlots: 'Skip to the slots',
  },
  signedOut: {
    title: 'This address is no longer valid',
    why: 'Each address that Imprint prints opens one browser tab, once. This page has no valid sign-in for the station.',
    howTitle: 'Get a new address',
    howTerminal: 'In the terminal where Imprint runs, press Enter: a new address is printed. Open that one.',
    howRestart: 'Or stop Imprint there and start it again:',
    command: 'npm start',
    safe: 'Nothing is lost: the line goes on working, and its records are kept by the station.',
  },
  menu: {
    open: 'Menu',
    pages: 'Pages',
    line: 'Line',
    labels: 'Labels',
    cartons: 'Cartons',
    templates: 'Label templates',
    order: 'Order',
    orders: 'Orders',
    products: 'Products',
    reports: 'Reports',
    spotCheck: 'Spot check',
    settings: 'Settings',
    setUp: 'Set up the line',
    setUpMine: 'Set up my line',
    toDemo: 'Open the demo',
    language: 'Language',
    languageName: 'English',
    theme: 'Appearance',
    themeLight: 'Light',
    themeDark: 'Dark',
    themeSystem: 'As the system',
    soundOn: 'A tone when the panel can be changed',
    thisScreen: 'This screen',
    teachScanner: 'Teach the barcode scanner…',
    fullScreen: 'Full screen',
    leaveFullScreen: 'Leave full screen',
    kiosk: 'Kiosk: nothing but Imprint',
    endKiosk: 'End the kiosk',
    kioskInBrowser:
      'A browser can be left with its own keys; the next touch fills the screen again. The Imprint window cannot be left.',
    version: 'Imprint {version}',
    dataFolder: 'Records are kept in {folder}',
  },
  header: {
    stationAndLine: '{line} · {station}',
    shift: '{name}, until {end}',
    product: '{product} · {chip} · firmware {firmware}',
    labelsOnly: '{product} · {chip} · labels only',
    openOrder: 'Open the order {number}',
    noOrder: 'No order',
    passed: 'passed',
    passedOf: '{passed} / {quantity}',
    failed: 'failed',
    firstPassYield: 'first-pass yield',
    unitsPerHour: 'units an hour',
    finishAt: 'done about',
    finishedAt: 'finished',
    unknown: '–',
    progress: '{passed} of {quantity} units passed, {failed} failed',
  },
  slots,
  board,
  failure,
  failureWith,
  next,
  control,
  printer,
  labels,
  protection,
  slotDialog,
  order: {
    all: 'All orders',
    title: 'Order {number}',
    none: 'There is no order on this line.',
    progress: 'Progress',
    product: 'Product',
    chip: 'Chip',
    ids: 'Vendor and product ID',
    quantity: 'Quantity',
    passed: 'Passed',
    failed: 'Failed',
    running: 'In work',
    remaining: 'Still to make',
    yield: 'First-pass yield',
    rate: 'Units an hour',
    finishAt: 'Done about',
    startedAt: 'Started',
    endedAt: 'Finished',
    identitiesReady: 'Identities ready',
    modulesLeft: 'Modules not labelled yet',
    firmwareName: 'Firmware',
    attestation: 'Attestation',
    attestationTest: 'For tests only: every label says TEST',
    attestationReal: 'Production',
    failures: 'Failures in the slots now',
    noFailures: 'No slot shows a failure.',
    show: 'Show slot {slot}',
  },
  setUp,
  templates,
  files,
  manifests,
  cartons,
  scanBack,
  labelSettings,
  orders,
  firstArticle,
  products,
  people,
  refusal,
  inputFault,
  reports,
  disposition,
  spotCheck,
  settings,
  sockets,
  scanner: {
    teachTitle: 'Teach the barcode scanner',
    teachText:
      'Scan this code once. Imprint then understands the scanner whatever keyboard it is set to. Scans work on every page, without touching a field.',
    testCode: 'Test code for the scanner',
    waiting: 'Waiting for the scan…',
    learnt: 'The scanner is understood.',
    unchanged: 'The scanner is understood as it is.',
    failed: 'That was not the test code, or keys are missing. Scan it again.',
    forget: 'Forget what was learnt',
    fault: {
      'port-lost': 'The scanner is not connected ({port}). Plug it in.',
      'port-busy': 'Another program uses the port of the scanner ({port}). Call the engineer.',
      'port-denied': 'The computer does not allow the use of the scanner’s port ({port}). Call the engineer.',
      error: 'The scanner does not work ({port}). Call the engineer.',
    } satisfies Record<Exclude<ScannerState, 'ready'>, string>,
  },
  error: {
    connectionLost: 'The connection to the station is lost. Nothing was changed; try again when it is back.',
    invalid: 'The station does not accept this.',
    'not-allowed': 'Your role does not allow this.',
    'not-now': 'This is not possible now.',
    'not-found': 'The station does not know this any more.',
    failed: 'The station could not do this.',
    unexpected: 'The station gave an answer that Imprint does not understand.',
  } satisfies Record<RequestError['code'] | 'connectionLost' | 'unexpected', string>,
}

/** The shape that every language fills. */
export type Messages = typeof en

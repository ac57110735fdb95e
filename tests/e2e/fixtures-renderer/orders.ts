/** Orders, a product and its release, with names and digests as long as they come. */
import {
  LabelChoice,
  OrderDetails,
  OrderSummary,
  plainScheme,
  ProductView,
  ReleaseView,
} from '../../../src/contract/index.ts'
import { macOf, NOON, serialOf } from './views.ts'

const digest = (digit: string): string => digit.repeat(64)

const IMAGES = ['bootloader', 'partition-table', 'ota_data_initial', 'aurora_light'].map((name, index) => ({
  name: `${name}.bin`,
  offset: index * 0x10000,
  size: 1_572_864,
  sha256: digest(String(index)),
}))

const summary = OrderSummary.parse({
  id: 'order-1',
  number: 'WO-48213',
  productName: 'Aurora Lamp E27',
  firmware: '1.4.2',
  manifest: null,
  quantity: 500,
  passed: 306,
  state: 'running',
  due: '2026-11-30',
  lot: 'L-2611-A',
  createdAt: NOON,
  current: true,
})

const details = OrderDetails.parse({
  ...summary,
  productId: 'product-1',
  releaseId: 'release-1',
  manifestId: null,
  customerReference: 'PO 4500012345 / 10',
  notes: 'Boards from the second panel supplier; watch the contact of slot 3.',
  createdBy: 'Annemarie Zimmermann',
  startedAt: NOON,
  endedAt: null,
  closed: null,
  firstArticle: {
    state: 'approved',
    serial: serialOf(1),
    mac: macOf(1),
    approval: { who: 'Annemarie Zimmermann', at: NOON, comment: 'commissioned, all clusters answer' },
  },
  chip: 'ESP32-C3',
  vendorId: 0xfff1,
  productCode: 0x8000,
  testBuild: true,
  locked: {
    release: digest('a'),
    images: IMAGES,
    paiCertificate: digest('b'),
    certificationDeclaration: digest('c'),
    flashKey: null,
    nvsKeys: null,
    label: { name: 'unit-40x20', version: 3, digest: digest('d') },
  },
})

const product = ProductView.parse({
  id: 'product-1',
  definition: {
    name: 'Aurora Lamp E27 remote dimmer',
    vendorName: 'Aurora Lighting (Shenzhen) Ltd',
    vendorId: 0xfff1,
    productId: 0x8000,
    hardwareVersion: 1,
    hardwareVersionString: '1.0',
    chips: ['esp32c3', 'esp32c6'],
    serial: plainScheme('AL-2611-'),
    attestation: { kind: 'test' },
    certificationDeclaration: '/srv/imprint/credentials/aurora/certification-declaration.der',
    labels: LabelChoice.parse({}),
    testBuild: true,
  },
  hasPassword: false,
  paiDigest: digest('b'),
  declarationDigest: digest('c'),
  flashKeyDigest: null,
  nvsKeysDigest: null,
  archived: false,
  openOrders: ['WO-48213'],
  changedAt: NOON,
  changedBy: 'Annemarie Zimmermann',
})

const release = ReleaseView.parse({
  id: 'release-1',
  folder: '/srv/imprint/releases/aurora_light-1.4.2/build',
  factoryPartition: null,
  name: 'aurora_light',
  version: '1.4.2',
  chip: 'esp32c3',
  digest: digest('a'),
  images: IMAGES,
  registeredAt: NOON,
  registeredBy: 'Annemarie Zimmermann',
})

export const ORDER_ANSWERS = {
  'orders.list': {
    orders: [
      summary,
      { ...summary, id: 'order-0', number: 'WO-48200', state: 'paused', current: false, due: null, lot: '' },
    ],
  },
  'orders.get': details,
  'products.list': { products: [product], templates: ['unit-40x20', 'unit-50x30'] },
  'releases.list': { releases: [release] },
}

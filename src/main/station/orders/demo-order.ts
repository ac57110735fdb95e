/** The demo's product and order: what a first start shows, and what the unattended run makes when nothing else is said. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CARTON_TEMPLATE, plainScheme, USUAL_CHECKS, type ProductDefinition } from '../../../contract/index.ts'
import { writeDemoRelease, type DemoReleaseOptions } from '../../firmware/demo-release.ts'
import { resource } from '../../resources.ts'
import { DEFAULT_TEMPLATE, templateByName } from '../../labels/templates.ts'
import type { OrderRequest } from './prepare-order.ts'

/** Bit mask of discovery capabilities: BLE. */
const BLE = 2
/** Units of a carton: small, so that a walk through the demo fills one. */
const DEMO_CARTON = 4

export const demoProduct: OrderRequest['product'] = {
  name: 'Aurora Lamp E27',
  vendorName: 'Aurora',
  vendorId: 0xfff1,
  productId: 0x8000,
  hardwareVersion: 1,
  hardwareVersionString: '1.0',
  discovery: BLE,
}

export const demoSerial = plainScheme('AL-2611-')

export const demoAttestation = (): Pick<OrderRequest, 'paiCertificate' | 'dacs'> => ({
  paiCertificate: resource('demo', 'test-pai-cert.pem'),
  dacs: { kind: 'signed', key: resource('demo', 'test-pai-key.pem') },
})

export const DEMO_BAUD = 921_600
export const DEMO_DPI = 203

const declaration = (): string => resource('demo', 'test-cd.der')

/** The demo's product as an engineer would enter it. */
export const demoDefinition = (): ProductDefinition => ({
  name: demoProduct.name,
  vendorName: demoProduct.vendorName,
  vendorId: demoProduct.vendorId,
  productId: demoProduct.productId,
  hardwareVersion: demoProduct.hardwareVersion,
  hardwareVersionString: demoProduct.hardwareVersionString,
  chips: ['esp32c3'],
  serial: demoSerial,
  boards: USUAL_CHECKS,
  attestation: { kind: 'test' },
  certificationDeclaration: declaration(),
  labels: {
    template: { name: DEFAULT_TEMPLATE, version: null },
    fields: {},
    carton: { size: DEMO_CARTON, template: { name: CARTON_TEMPLATE, version: null } },
  },
  testBuild: false,
})

/** The demo's build folder inside a data folder, made when it is not there. */
export const demoRelease = async (folder: string, options: DemoReleaseOptions = {}): Promise<string> => {
  const release = join(folder, 'demo-release')
  if (!existsSync(join(release, 'flasher_args.json'))) await writeDemoRelease(release, options)
  return release
}

export const demoOrder = (number: string, quantity: number, releaseFolder: string): OrderRequest => ({
  number,
  quantity,
  product: demoProduct,
  serial: demoSerial,
  releaseFolder,
  factoryPartition: null,
  baud: DEMO_BAUD,
  boards: USUAL_CHECKS,
  ...demoAttestation(),
  certificationDeclaration: declaration(),
  simulated: true,
  testBuild: false,
  labels: {
    labelTemplate: templateByName(DEFAULT_TEMPLATE),
    labelFields: {},
    carton: { size: DEMO_CARTON, template: templateByName(CARTON_TEMPLATE) },
  },
  dpi: DEMO_DPI,
})

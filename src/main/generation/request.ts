/** From the options of `imprint generate` to what a run needs, checked completely before anything is written. */
import { resolve } from 'node:path'
import type { ValidityWish } from '../matter/certificate-validity.ts'
import { attestationPlan, loadAuthority, type Authority } from './attestation-input.ts'
import { clusterLists } from './cluster-lists.ts'
import { discoveryOf, flowOf, iterationsOf } from './commissioning.ts'
import { loadDeclaration } from './declaration-input.ts'
import type { GenerateOptions } from './generate-options.ts'
import { refuse, wholeNumber } from './option-value.ts'
import type { GenerationPlan } from './plan.ts'
import { productFields } from './product-fields.ts'
import { readDevices, type RequestedDevices } from './request-devices.ts'
import { secureCertPlan } from './secure-cert-options.ts'
import { validityWish } from './validity-option.ts'

/** Options that say what new certificates shall be like, as they were typed. */
type AskedCertificates = Pick<GenerateOptions, 'cert' | 'lifetime' | 'validFrom' | 'cnPrefix'>

export interface GenerationRequest extends RequestedDevices {
  readonly plan: GenerationPlan
  readonly authority: Authority | undefined
  readonly wish: ValidityWish
  readonly asked: AskedCertificates
}

const PAGE = 4096
const LARGEST_PARTITION = 0x100_0000

const partitionSize = (text: string): number => {
  const size = wholeNumber('--size', text, PAGE, LARGEST_PARTITION)
  return size % PAGE === 0 ? size : refuse('--size', text, 'a multiple of 4096 (0x1000) bytes is')
}

const askedCertificates = ({ cert, lifetime, validFrom, cnPrefix }: GenerateOptions): AskedCertificates => ({
  ...(cert === undefined ? {} : { cert }),
  ...(lifetime === undefined ? {} : { lifetime }),
  ...(validFrom === undefined ? {} : { validFrom }),
  cnPrefix,
})

/** `fff2_8001`: lower-case hexadecimal without zeros in front. */
const productFolder = (vendorId: number, productId: number): string =>
  `${vendorId.toString(16)}_${productId.toString(16)}`

/** Reads everything that the options name. @throws GenerationError */
export const readRequest = (options: GenerateOptions, now: Date): GenerationRequest => {
  const vendorId = wholeNumber('--vendor-id', options.vendorId, 1, 0xffff)
  const productId = wholeNumber('--product-id', options.productId, 1, 0xffff)
  const product = { vendorId, productId }
  const iterations = iterationsOf('--iteration-count', options.iterationCount)
  const wish = validityWish(options, now)
  const dacsGiven = options.dacCert !== undefined || options.dacs !== undefined
  const authority = loadAuthority(options, product, wish, now, dacsGiven)
  const attestation = authority && attestationPlan(authority, options.cert ?? '', wish)
  const devices = readDevices(options, { product, iterations, authority, now })
  return {
    ...devices,
    plan: {
      ...product,
      common: { ...productFields({ ...options, serialNum: undefined, rdIdUid: undefined }), ...clusterLists(options) },
      iterations,
      flow: flowOf('--commissioning-flow', options.commissioningFlow),
      discovery: discoveryOf('--discovery-mode', options.discoveryMode),
      dynamicPasscode: options.enableDynamicPasscode ?? false,
      withRotatingId: options.enableRotatingDeviceId ?? false,
      attestation: attestation?.plan,
      certificationDeclaration: loadDeclaration(options, product, authority),
      secureCert: secureCertPlan(options, authority !== undefined),
      partition: { size: partitionSize(options.size), encrypt: options.encrypt ?? false, image: options.bin },
      keyFiles: options.privateKeys,
      folder: resolve(options.outdir, productFolder(vendorId, productId)),
    },
    authority,
    wish,
    asked: askedCertificates(options),
    notes: [
      ...(authority?.notes ?? []),
      ...(attestation?.notes ?? []),
      ...devices.notes,
      ...(options.port === undefined ? [] : ['--port is not used: nothing is burned into eFuses here']),
    ],
  }
}

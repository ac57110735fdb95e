/** From the options of `imprint generate` to what a run needs, checked completely before anything is written. */
import { resolve } from 'node:path'
import type { FactoryData } from '../espressif/factory-partition.ts'
import type { ValidityWish } from '../matter/certificate-validity.ts'
import { attestationPlan, loadAuthority, type Authority } from './attestation-input.ts'
import { clusterLists, type ListOptions } from './cluster-lists.ts'
import {
  checkVerifier,
  discoveryOf,
  discriminatorOf,
  flowOf,
  iterationsOf,
  passcodeOf,
  saltOf,
  verifierOf,
} from './commissioning.ts'
import { loadDeclaration } from './declaration-input.ts'
import { GenerationError } from './generation-error.ts'
import { readDac, readDacs, type DacCheck } from './given-dac.ts'
import { refuse, wholeNumber } from './option-value.ts'
import type { Dac, GenerationPlan, GivenDevice } from './plan.ts'
import { productFields } from './product-fields.ts'
import { secureCertPlan } from './secure-cert-options.ts'
import { checkDuplicates } from './unit-duplicates.ts'
import { readUnitTable, type UnitTable } from './unit-table.ts'
import { validityWish } from './validity-option.ts'

/** As the command line gives them; texts are not checked yet. */
export interface GenerateOptions extends ListOptions {
  readonly count?: string
  readonly target: string
  readonly size: string
  readonly encrypt?: true
  readonly outdir: string
  readonly bin: boolean
  readonly secureCertBin: boolean
  readonly privateKeys: boolean
  readonly passcode?: string
  readonly discriminator?: string
  readonly commissioningFlow: string
  readonly discoveryMode: string
  readonly enableDynamicPasscode?: true
  readonly salt?: string
  readonly verifier?: string
  readonly iterationCount: string
  readonly commissionableDataInSecureCert?: true
  readonly dacInSecureCert?: true
  readonly lifetime?: string
  readonly validFrom?: string
  readonly cnPrefix: string
  readonly cert?: string
  readonly key?: string
  readonly certDclrn?: string
  readonly cdSigner?: string
  readonly dacCert?: string
  readonly dacKey?: string
  readonly dacs?: string
  readonly dsPeripheral?: true
  readonly efuseKeyId: string
  readonly port?: string
  readonly password?: string
  readonly paa?: true
  readonly pai?: true
  readonly paaCert?: string
  readonly vendorId: string
  readonly productId: string
  readonly enableRotatingDeviceId?: true
  readonly rdIdUidInSecureCert?: true
  readonly serialNum?: string
  readonly rdIdUid?: string
  readonly csv?: string
  readonly mcsv?: string
}

export interface GenerationRequest {
  readonly plan: GenerationPlan
  readonly count: number
  /** Position from 0. */
  readonly given: (position: number) => GivenDevice
  /** Where a device's values were given, for errors that are found later; undefined for options. */
  readonly place: (position: number) => string | undefined
  /** Is something given for the devices one by one? */
  readonly givesValues: boolean
  readonly authority: Authority | undefined
  readonly wish: ValidityWish
  /** Options that say what new certificates shall be like, as they were typed. */
  readonly asked: Pick<GenerateOptions, 'cert' | 'lifetime' | 'validFrom' | 'cnPrefix'>
  readonly notes: readonly string[]
}

const PAGE = 4096
const LARGEST_PARTITION = 0x100_0000
const MOST_DEVICES = 10_000_000

const partitionSize = (text: string): number => {
  const size = wholeNumber('--size', text, PAGE, LARGEST_PARTITION)
  return size % PAGE === 0 ? size : refuse('--size', text, 'a multiple of 4096 (0x1000) bytes is')
}

/** The values of one device that are options. */
const optionDevice = (options: GenerateOptions, iterations: number): GivenDevice => {
  const product = productFields({ serialNum: options.serialNum, rdIdUid: options.rdIdUid })
  const salt = options.salt === undefined ? undefined : saltOf('--salt', options.salt)
  const verifier = options.verifier === undefined ? undefined : verifierOf('--verifier', options.verifier)
  const passcode = options.passcode === undefined ? undefined : passcodeOf('--passcode', options.passcode)
  const names = { passcode: '--passcode', salt: '--salt', verifier: '--verifier' }
  checkVerifier('', names, { passcode, salt, verifier }, iterations)
  const data: Partial<FactoryData> = {
    ...product,
    ...(options.discriminator === undefined
      ? {}
      : { discriminator: discriminatorOf('--discriminator', options.discriminator) }),
    ...(salt ? { salt } : {}),
    ...(verifier ? { verifier } : {}),
  }
  return { passcode, data, own: [] }
}

const SINGLE = ['passcode', 'discriminator', 'salt', 'verifier', 'serialNum', 'rdIdUid', 'dacCert', 'dacKey'] as const

const countOf = (options: GenerateOptions, table: UnitTable | undefined, dacs: readonly Dac[] | undefined): number => {
  const given = options.count === undefined ? undefined : wholeNumber('--count', options.count, 1, MOST_DEVICES)
  const count = table?.units.length ?? given ?? 1
  const single = SINGLE.find((name) => options[name] !== undefined)
  if (single !== undefined && count > 1)
    throw new GenerationError(
      `--${single.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)} is one device's; ` +
        `${table ? '--mcsv has' : '--count is'} ${count}: give such values a row each with --csv and --mcsv`,
    )
  if (dacs && dacs.length < count)
    throw new GenerationError(
      `--dacs ${options.dacs} holds ${dacs.length} DACs for ${count} devices; each needs its own`,
    )
  return count
}

const checkDynamicPasscode = (options: GenerateOptions): void => {
  const other = (['passcode', 'salt', 'verifier'] as const).find((name) => options[name] !== undefined)
  if (options.enableDynamicPasscode && other !== undefined)
    throw new GenerationError(`--${other} and --enable-dynamic-passcode are both given; one of them is allowed`)
}

/** Reads everything that the options name. @throws GenerationError */
export const readRequest = (options: GenerateOptions, now: Date): GenerationRequest => {
  const vendorId = wholeNumber('--vendor-id', options.vendorId, 1, 0xffff)
  const productId = wholeNumber('--product-id', options.productId, 1, 0xffff)
  const product = { vendorId, productId }
  const iterations = iterationsOf('--iteration-count', options.iterationCount)
  checkDynamicPasscode(options)
  if ((options.csv === undefined) !== (options.mcsv === undefined))
    throw new GenerationError(
      `--csv and --mcsv belong together; ${options.csv === undefined ? '--csv' : '--mcsv'} is missing`,
    )
  if ((options.dacCert === undefined) !== (options.dacKey === undefined))
    throw new GenerationError('--dac-cert and --dac-key belong together; one of them is missing')
  if (options.dacCert !== undefined && options.dacs !== undefined)
    throw new GenerationError('--dac-cert and --dacs are both given; one of them is allowed')

  const wish = validityWish(options, now)
  const dacsGiven = options.dacCert !== undefined || options.dacs !== undefined
  const authority = loadAuthority(options, product, wish, now, dacsGiven)
  const dacCheck: DacCheck | undefined = authority && { authority, product, password: options.password, now }
  const attestation = authority && attestationPlan(authority, options.cert ?? '', wish)
  const certificationDeclaration = loadDeclaration(options, product, authority)
  const table =
    options.csv === undefined || options.mcsv === undefined
      ? undefined
      : readUnitTable(options.csv, options.mcsv, {
          product,
          iterations,
          dynamicPasscode: options.enableDynamicPasscode ?? false,
          dacCheck,
        })
  if (table) checkDuplicates(table.units, table.places)
  const dacs = options.dacs === undefined || !dacCheck ? undefined : readDacs(options.dacs, dacCheck)
  const count = countOf(options, table, dacs)
  const one = optionDevice(options, iterations)
  const oneDac =
    options.dacCert === undefined || options.dacKey === undefined || !dacCheck
      ? undefined
      : readDac('--dac-cert', options.dacCert, options.dacKey, dacCheck)
  if (authority && !authority.key && !dacs && !oneDac) {
    const row = table?.units.findIndex(({ dac }) => !dac) ?? 0
    const place = table?.places[row]
    if (row >= 0)
      throw new GenerationError(
        place === undefined
          ? '--pai needs the key beside it: --key FILE, or DACs that it signed'
          : `${place}: the row gives no DAC, and the key that would sign one is missing: --key FILE`,
      )
  }
  if (one.data.rotatingId && !options.enableRotatingDeviceId)
    throw new GenerationError('--rd-id-uid needs --enable-rotating-device-id beside it')

  const given = (position: number): GivenDevice => {
    const row = table?.units[position]
    const dac = row?.dac ?? oneDac ?? dacs?.[position]
    return row
      ? { ...row, data: { ...one.data, ...row.data }, passcode: row.passcode ?? one.passcode, dac }
      : { ...one, dac }
  }
  const folderName = `${vendorId.toString(16)}_${productId.toString(16)}`
  return {
    plan: {
      ...product,
      common: { ...productFields({ ...options, serialNum: undefined, rdIdUid: undefined }), ...clusterLists(options) },
      iterations,
      flow: flowOf('--commissioning-flow', options.commissioningFlow),
      discovery: discoveryOf('--discovery-mode', options.discoveryMode),
      dynamicPasscode: options.enableDynamicPasscode ?? false,
      withRotatingId: options.enableRotatingDeviceId ?? false,
      attestation: attestation?.plan,
      certificationDeclaration,
      secureCert: secureCertPlan(options, authority !== undefined),
      partition: { size: partitionSize(options.size), encrypt: options.encrypt ?? false, image: options.bin },
      keyFiles: options.privateKeys,
      folder: resolve(options.outdir, folderName),
    },
    count,
    given,
    place: (position) => table?.places[position],
    givesValues: table !== undefined || dacs !== undefined || SINGLE.some((name) => options[name] !== undefined),
    authority,
    wish,
    asked: {
      ...(options.cert === undefined ? {} : { cert: options.cert }),
      ...(options.lifetime === undefined ? {} : { lifetime: options.lifetime }),
      ...(options.validFrom === undefined ? {} : { validFrom: options.validFrom }),
      cnPrefix: options.cnPrefix,
    },
    notes: [
      ...(authority?.notes ?? []),
      ...(attestation?.notes ?? []),
      ...(table?.notes ?? []),
      ...(options.port === undefined ? [] : ['--port is not used: nothing is burned into eFuses here']),
    ],
  }
}

/** Which devices a run makes, and what is given for each: by options for a single one, by rows, or by DACs that were bought. */
import type { FactoryData } from '../espressif/factory-partition.ts'
import type { Authority, Product } from './attestation-input.ts'
import { checkVerifier, discriminatorOf, passcodeOf, saltOf, verifierOf } from './commissioning.ts'
import type { GenerateOptions } from './generate-options.ts'
import { GenerationError } from './generation-error.ts'
import { dacCheck, readDac, readDacs } from './given-dac.ts'
import { wholeNumber } from './option-value.ts'
import type { Dac, GivenDevice } from './plan.ts'
import { productFields } from './product-fields.ts'
import { checkDuplicates } from './unit-duplicates.ts'
import { readUnitTable, type UnitTable } from './unit-table.ts'

export interface RequestedDevices {
  readonly count: number
  /** Position from 0. */
  readonly given: (position: number) => GivenDevice
  /** Where a device's values were given, for errors that are found later; undefined for options. */
  readonly place: (position: number) => string | undefined
  /** Is something given for the devices one by one? */
  readonly givesValues: boolean
  /** DACs of which any may be any device's; `given` takes them in their order. */
  readonly boughtDacs: readonly Dac[] | undefined
  readonly notes: readonly string[]
}

export interface DeviceContext {
  readonly product: Product
  readonly iterations: number
  readonly authority: Authority | undefined
  readonly now: Date
}

const MOST_DEVICES = 10_000_000

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

const checkPairs = (options: GenerateOptions): void => {
  const { csv, mcsv, dacCert, dacKey, dacs } = options
  if ((csv === undefined) !== (mcsv === undefined))
    throw new GenerationError(`--csv and --mcsv belong together; ${csv === undefined ? '--csv' : '--mcsv'} is missing`)
  if ((dacCert === undefined) !== (dacKey === undefined))
    throw new GenerationError('--dac-cert and --dac-key belong together; one of them is missing')
  if (dacCert !== undefined && dacs !== undefined)
    throw new GenerationError('--dac-cert and --dacs are both given; one of them is allowed')
  const other = (['passcode', 'salt', 'verifier'] as const).find((name) => options[name] !== undefined)
  if (options.enableDynamicPasscode && other !== undefined)
    throw new GenerationError(`--${other} and --enable-dynamic-passcode are both given; one of them is allowed`)
  if (options.rdIdUid !== undefined && !options.enableRotatingDeviceId)
    throw new GenerationError('--rd-id-uid needs --enable-rotating-device-id beside it')
}

/** Without the PAI's key every device needs a DAC that is given. */
const checkThatAllHaveDacs = (table: UnitTable | undefined): void => {
  if (!table) throw new GenerationError('--pai needs the key beside it: --key FILE, or DACs that it signed')
  const row = table.units.findIndex(({ dac }) => !dac)
  if (row >= 0)
    throw new GenerationError(
      `${table.places[row]}: the row gives no DAC, and the key that would sign one is missing: --key FILE`,
    )
}

/** @throws GenerationError naming the option, or file:row:column */
export const readDevices = (options: GenerateOptions, context: DeviceContext): RequestedDevices => {
  checkPairs(options)
  const { product, iterations, authority, now } = context
  const check = authority && dacCheck(authority, product, options.password, now)
  const { csv, mcsv, dacCert, dacKey } = options
  const dynamicPasscode = options.enableDynamicPasscode ?? false
  const table =
    csv === undefined || mcsv === undefined
      ? undefined
      : readUnitTable(csv, mcsv, { product, iterations, dynamicPasscode, dacCheck: check })
  if (table) checkDuplicates(table.units, table.places)
  const boughtDacs = options.dacs === undefined || !check ? undefined : readDacs(options.dacs, check, '--dacs')
  const count = countOf(options, table, boughtDacs)
  const one = optionDevice(options, iterations)
  const oneDac =
    dacCert === undefined || dacKey === undefined || !check ? undefined : readDac('--dac-cert', dacCert, dacKey, check)
  if (authority && !authority.key && !boughtDacs && !oneDac) checkThatAllHaveDacs(table)
  return {
    count,
    given(position) {
      const row = table?.units[position]
      const dac = row?.dac ?? oneDac ?? boughtDacs?.[position]
      if (!row) return { ...one, dac }
      return { ...row, data: { ...one.data, ...row.data }, passcode: row.passcode ?? one.passcode, dac }
    },
    place: (position) => table?.places[position],
    givesValues: table !== undefined || boughtDacs !== undefined || SINGLE.some((name) => options[name] !== undefined),
    boughtDacs,
    notes: table?.notes ?? [],
  }
}

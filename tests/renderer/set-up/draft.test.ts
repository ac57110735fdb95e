/** The form and what the station takes are the same thing in two forms. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SetUpCheck, SetUpInput } from '../../../src/contract/index.ts'
import { draftOf, emptyDraft, inputOf, type Draft } from '../../../src/renderer/set-up/draft.ts'
import { faultsOf } from '../../../src/renderer/set-up/faults.ts'
import {
  ALL_FIELDS,
  filledIn,
  fieldOfFinding,
  FIELDS,
  stepOfFinding,
  STEPS,
} from '../../../src/renderer/set-up/steps.ts'

const word = (max: number) => fc.stringMatching(new RegExp(`^[A-Za-z][A-Za-z0-9 ]{0,${max - 2}}[a-z]$`))
const inputs = fc.record({
  stationName: word(40),
  lineName: word(40),
  slotPorts: fc.array(fc.stringMatching(/^\/dev\/tty[A-Z]{3}[0-9]$/), { minLength: 1, maxLength: 32 }),
  printer: fc.oneof(fc.constant(null), fc.constant('tcp://10.0.0.7:9100'), fc.constant('folder:/srv/labels')),
  printerDpi: fc.constantFrom(203 as const, 300 as const, 600 as const),
  product: fc.record({
    name: word(32),
    vendorName: word(32),
    vendorId: fc.integer({ min: 1, max: 0xffff }),
    productId: fc.integer({ min: 0, max: 0xffff }),
    hardwareVersion: fc.integer({ min: 0, max: 0xffff }),
    hardwareVersionString: word(64),
    serialPrefix: fc.stringMatching(/^[A-Z0-9-]{0,10}$/),
  }),
  orderNumber: word(40),
  quantity: fc.integer({ min: 1, max: 1_000_000 }),
  releaseFolder: word(60),
  factoryPartition: fc.oneof(fc.constant(null), word(15)),
  baud: fc.integer({ min: 9600, max: 4_000_000 }),
  boards: fc.record({
    security: fc.record({ secureBoot: fc.boolean(), flashEncryption: fc.boolean() }),
    encryption: fc.constantFrom('none' as const, 'by-device' as const),
    flashKey: fc.oneof(fc.constant(null), word(60)),
    nvsKeys: fc.oneof(fc.constant(null), word(60)),
    allowUnverified: fc.boolean(),
    bootText: fc.oneof(fc.constant(null), word(80)),
    reset: fc.oneof(fc.constant(null), word(80)),
  }),
  paiCertificate: word(60),
  paiKey: word(60),
  certificationDeclaration: fc.oneof(fc.constant(null), word(60)),
  paiPassword: fc.oneof(fc.constant(null), word(30)),
  testBuild: fc.boolean(),
  firstArticle: fc.boolean(),
  labels: fc.record({
    template: fc.record({
      name: fc.constantFrom('unit-40x20', 'mine'),
      version: fc.option(fc.integer({ min: 1, max: 9 })),
    }),
    fields: fc.dictionary(fc.constantFrom('batch', 'rating'), fc.string({ maxLength: 20 })),
    carton: fc.constant(null),
  }),
})

const texts = (draft: Draft): (keyof Draft)[] =>
  (Object.keys(draft) as (keyof Draft)[]).filter((key) => typeof draft[key] === 'string' && key !== 'printerKind')

it('gives back every input that the station takes, and finds no fault in it', () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const draft = draftOf(input)
      expect(inputOf(draft)).toEqual(input)
      expect(faultsOf(draft, ALL_FIELDS)).toEqual({})
    }),
  )
})

it('finds a fault wherever the contract would refuse, and none where it would not', () => {
  fc.assert(
    fc.property(inputs, fc.nat(), fc.string({ maxLength: 50 }), (input, which, typed) => {
      const draft = draftOf(input)
      const keys = texts(draft)
      const key = keys[which % keys.length] ?? 'stationName'
      const changed = { ...draft, [key]: typed }
      if (Object.keys(faultsOf(changed, ALL_FIELDS)).length === 0)
        expect(SetUpInput.safeParse(inputOf(changed)).success).toBe(true)
    }),
  )
})

it('can be checked step by step: whatever is missing or wrong, what goes to the station fits the contract', () => {
  fc.assert(
    fc.property(inputs, fc.array(fc.nat(), { maxLength: 22 }), fc.string(), (input, which, typed) => {
      const draft = draftOf(input)
      const keys = texts(draft)
      const broken = Object.fromEntries(which.map((index) => [keys[index % keys.length], typed]))
      expect(SetUpCheck.safeParse(filledIn({ ...draft, ...broken })).success).toBe(true)
      expect(filledIn(draft)).toEqual(input)
    }),
  )
  expect(SetUpCheck.safeParse(filledIn(emptyDraft())).success).toBe(true)
  expect(filledIn(emptyDraft())).not.toHaveProperty('releaseFolder')
})

describe('faults', () => {
  const faultOf = (part: Partial<Draft>, field: keyof typeof part) =>
    faultsOf({ ...emptyDraft(), ...part }, ALL_FIELDS)[field as 'vendorId']?.key

  it.each([
    ['vendorId', '0000', 'setUp.invalid.hex'],
    ['vendorId', 'FFF', 'setUp.invalid.hex'],
    ['productId', '8OOO', 'setUp.invalid.hexFromZero'],
    ['quantity', '0', 'setUp.invalid.number'],
    ['quantity', '1e3', 'setUp.invalid.number'],
    ['serialPrefix', 'al-', 'setUp.invalid.serialPrefix'],
    ['printerAddress', '192.168.1.5', 'setUp.invalid.printer'],
    ['stationName', '   ', 'setUp.invalid.text'],
  ] as const)('%s does not take %j', (field, value, key) => {
    expect(faultOf({ [field]: value }, field)).toBe(key)
  })

  it('asks for the address only of the printer that is chosen', () => {
    const chosen = (printerKind: Draft['printerKind']) =>
      Object.keys(faultsOf({ ...emptyDraft(), printerKind }, FIELDS.printer))
    expect(chosen('network')).toEqual(['printerAddress'])
    expect(chosen('folder')).toEqual(['printerFolder'])
    expect(chosen('none')).toEqual([])
  })

  it('does not leave a slot without a port', () => {
    expect(faultsOf({ ...emptyDraft(), slotPorts: ['/dev/ttyUSB0', ' '] }, ['slotPorts']).slotPorts?.key).toBe(
      'setUp.invalid.slotEmpty',
    )
  })
})

it.each([
  ['slotPorts.2', 'slots', 'slotPorts'],
  ['product.vendorId', 'product', 'vendorId'],
  ['product.name', 'product', 'productName'],
  ['product', 'product', null],
  ['releaseFolder', 'release', 'releaseFolder'],
  ['orderNumber', 'release', 'orderNumber'],
  ['paiCertificate', 'attestation', 'paiCertificate'],
  ['printer', 'printer', null],
  ['boards', 'release', null],
  ['something new', 'station', null],
])('shows a finding about %s in the step %s', (field, step, own) => {
  expect(stepOfFinding({ field })).toBe(step)
  expect(fieldOfFinding({ field })).toBe(own)
})

it('has every field in exactly one step', () => {
  expect(new Set(ALL_FIELDS).size).toBe(STEPS.reduce((sum, step) => sum + FIELDS[step].length, 0))
})

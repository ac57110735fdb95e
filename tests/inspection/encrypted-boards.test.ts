/** Spot checks of boards whose flash is encrypted: this computer sees what the board sees, where it has the key. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CHIPS, type ChipName } from '../../src/main/espressif/chips.ts'
import { nvsKeysFrom } from '../../src/main/espressif/nvs-keys.ts'
import { parsePartitionTable } from '../../src/main/espressif/partition-table.ts'
import { decryptedOnHost, encryptedOnHost } from '../../src/main/flashing/images/host-encryption.ts'
import { nativeBinding } from '../../src/main/flashing/ports/native-ports.ts'
import { withBoard } from '../../src/main/flashing/session/one-board.ts'
import type { DeviceFacts } from '../../src/main/inspection/check-unit.ts'
import { readUnit, type ReadUnitOptions } from '../../src/main/inspection/read-unit.ts'
import { parseFault } from '../../src/main/simulator/faults.ts'
import { serveTcp } from '../../src/main/simulator/serve-tcp.ts'
import { flashFile } from '../../src/main/simulator/simulated-board.ts'
import { openStation, type Station } from '../../src/main/station.ts'
import { demoOrder } from '../../src/main/station/orders/demo-order.ts'
import { prepareOrder } from '../../src/main/station/orders/prepare-order.ts'
import { writeUnitsCsv } from '../../src/main/station/orders/units-csv.ts'
import { spotCheck, type SpotCheck } from '../../src/main/station/requests/spot-check.ts'
import { imprint } from '../interop/processes.ts'
import { encryptedOrder, type EncryptedOrder } from '../station/encrypted-order.ts'

const TABLE = 0x8000
/** Slow enough that the operator at the bench hears that no further unit is wanted before it takes the last one out. */
const PACE = 5
const FAULTS = [1, 2].map((nth) => parseFault(`flash-encrypted@${nth}`))

let folder = ''
let boards = ''
let order: EncryptedOrder
let key: Uint8Array
let units: Record<'serial' | 'mac' | 'qrcode', string>[] = []
/** As the station checked the first of them against both labels. */
let atStation: SpotCheck[] = []

const make = async (station: Station): Promise<void> => {
  const request = { ...demoOrder('KEYS-1', 2, order.release), boards: order.boards }
  const simulation = { slots: 2, pace: PACE, faults: FAULTS, keepsFailed: true, startsClear: false }
  const open = await station.openOrder({
    prepared: await prepareOrder(request),
    bay: { kind: 'simulated', simulation },
  })
  await open.line.start()
  await open.line.ended()
  const { records, vault } = station.data
  const file = join(folder, 'units.csv')
  writeUnitsCsv(file, await records.ask('orderUnits', { orderId: open.id }), open.plan, vault)
  const rows: typeof units = parse(readFileSync(file), { columns: true })
  const left = JSON.parse(readFileSync(join(station.data.folder, 'bench.json'), 'utf8')) as {
    boards: Record<string, { mac: string }>
  }
  const [slot, { mac } = { mac: '' }] =
    Object.entries(left.boards).find(([, board]) => rows.some((row) => row.mac === board.mac)) ?? []
  // The one that is in a slot first.
  units = [...rows.filter((row) => row.mac === mac), ...rows.filter((row) => row.mac !== mac)]
  for (const { qrcode } of units)
    atStation.push(await spotCheck(qrcode, await station.inspect(Number(slot)), station.data, 'QA'))
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'imprint-encrypted-'))
  boards = join(folder, 'data', 'boards')
  order = await encryptedOrder(folder)
  key = Uint8Array.from(readFileSync(order.boards.flashKey))
  atStation = []
  const station = await openStation({
    folder: join(folder, 'data'),
    where: 'test',
    facts: { name: '', line: '', mode: 'demo', simulated: true, host: 'web', needsSetUp: false },
    printer: { kind: 'none' },
  })
  try {
    await make(station)
  } finally {
    await station.close()
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

test('the station reads its own boards with the keys of their order', () => {
  const [own, other] = atStation
  expect(units).toHaveLength(2)
  expect(own).toMatchObject({ right: true, mac: units[0]?.mac, serial: units[0]?.serial })
  expect(own?.findings.map(({ right }) => right)).toEqual(own?.findings.map(() => true))
  expect(other).toMatchObject({ right: false, serial: units[0]?.serial })
})

describe('imprint check', () => {
  const check = async (...options: string[]) => {
    const [unit] = units
    const served = await serveTcp('127.0.0.1', 0, {
      ...{ chip: 'esp32c3', mac: unit?.mac ?? '', pace: Infinity, directory: boards },
      faults: FAULTS.slice(0, 1),
    })
    try {
      return await imprint('check', '--port', served.address, '--label', unit?.qrcode ?? '', ...options)
    } finally {
      await served.close()
    }
  }

  test('reads such a board with its keys', async () => {
    const { flashKey, nvsKeys } = order.boards
    const { code, stdout, stderr } = await check('--flash-key', flashKey, '--nvs-keys', nvsKeys)
    expect(stdout, stderr).toMatch(new RegExp(`^RIGHT: ${units[0]?.serial ?? '?'}, ${units[0]?.mac ?? '?'}$`, 'mu'))
    expect(code).toBe(0)
  })

  test('says that it cannot without them, and what a key file has to be', async () => {
    expect((await check()).stderr).toMatch(
      /flash encryption is on; the partition table, .* only be read by the device/u,
    )
    const file = join(folder, 'none.key')
    writeFileSync(file, new Uint8Array(7))
    const none = await check('--flash-key', file)
    expect(none).toMatchObject({ code: 2, stderr: expect.stringMatching(/none\.key has 7 bytes/u) as string })
  })
})

describe('a unit is read as it sees itself, where no NVS keys are given with those of its own partition', () => {
  const read = async (
    chip: ChipName,
    directory: string,
    options: ReadUnitOptions,
    faults = FAULTS.slice(0, 1),
  ): Promise<DeviceFacts> => {
    const served = await serveTcp('127.0.0.1', 0, {
      ...{ chip, mac: units[0]?.mac ?? '', pace: Infinity, directory, faults },
    })
    try {
      const wanted = { stub: true, baud: 115_200, timing: { factor: 0 } }
      return await withBoard(nativeBinding(), served.address, wanted, (board) => readUnit(board, options))
    } finally {
      await served.close()
    }
  }

  /** The C3's flash, encrypted as another chip with this key encrypts it. */
  const movedTo = (chip: ChipName, otherKey: Uint8Array): string => {
    const directory = mkdtempSync(join(folder, chip))
    const flash = Uint8Array.from(readFileSync(flashFile(boards, units[0]?.mac ?? '')))
    const clear = (offset: number, size: number): Uint8Array =>
      decryptedOnHost(flash.subarray(offset, offset + size), offset, CHIPS.esp32c3, key)
    const partitions = parsePartitionTable(clear(TABLE, 0xc00))
    const home = partitions.find(({ label }) => label === 'nvs_keys')
    if (!home) throw new Error('the table has the keys partition of the order')
    const regions = [
      { name: 'table', offset: TABLE, bytes: clear(TABLE, 0xc00) },
      { name: home.label, offset: home.offset, bytes: clear(home.offset, home.size) },
    ]
    for (const { offset, bytes } of encryptedOnHost(regions, partitions, CHIPS[chip], otherKey))
      flash.set(bytes, offset)
    writeFileSync(flashFile(directory, units[0]?.mac ?? ''), flash)
    return directory
  }

  test.each([
    ['esp32', 24],
    ['esp32', 32],
    ['esp32s3', 64],
    ['esp32c2', 16],
  ] as const)('by %s under a key of %i bytes as by the C3', async (chip, length) => {
    const wanted = await read('esp32c3', boards, { flashKey: key })
    expect(wanted).toMatchObject({ faults: [], factory: { serialNumber: units[0]?.serial } })
    const otherKey = Uint8Array.from({ length }, (_, index) => (index * 59 + 3) & 0xff)
    expect(await read(chip, movedTo(chip, otherKey), { flashKey: otherKey })).toEqual(wanted)
  })

  test.each([
    ['esp32c3', 32],
    ['esp32s3', 64],
  ] as const)('by %s with secure boot, whose ROM alone can be asked', async (chip, length) => {
    const wanted = await read('esp32c3', boards, { flashKey: key })
    const otherKey = Uint8Array.from({ length }, (_, index) => (index * 61 + 5) & 0xff)
    const both = [...FAULTS.slice(0, 1), parseFault('secure-boot')]
    expect(await read(chip, movedTo(chip, otherKey), { flashKey: otherKey }, both)).toEqual(wanted)
  })

  test('with other keys it is not, and that is said', async () => {
    const other = await read('esp32c3', boards, { flashKey: new Uint8Array(32).fill(9) })
    expect(other.faults).toEqual([
      expect.stringMatching(/no manufacturing partition was found under the flash encryption key that was given/u),
    ])
    await expect(read('esp32c3', boards, { flashKey: new Uint8Array(64) })).rejects.toThrow(
      /the flash encryption key has 64 bytes; ESP32-C3 takes 32/u,
    )
    const keys = nvsKeysFrom(new Uint8Array(64).fill(9))
    expect((await read('esp32c3', boards, { flashKey: key, keys })).faults).not.toEqual([])
  })
})

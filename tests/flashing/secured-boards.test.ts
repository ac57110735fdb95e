/** Boards whose eFuses protect them: what an order has to say about them, and what can then be proved of what was written. */
import { afterEach, describe, expect, test } from 'vitest'
import type { RunEnd } from '../../src/main/flashing/workers/flash-workers.ts'
import { CHIP_NAMES, CHIPS, type ChipName } from '../../src/main/espressif/chips.ts'
import { nvsKeysFrom, writeNvsKeys } from '../../src/main/espressif/nvs-keys.ts'
import { DATA_SUBTYPE } from '../../src/main/espressif/partition-table.ts'
import { decryptFromFlash, encryptForFlash } from '../../src/main/flashing/images/flash-encryption.ts'
import { encryptedOnHost } from '../../src/main/flashing/images/host-encryption.ts'
import { identify } from '../../src/main/flashing/loader/identify.ts'
import { nativeBinding } from '../../src/main/flashing/ports/native-ports.ts'
import { withBoard } from '../../src/main/flashing/session/one-board.ts'
import type { Region } from '../../src/main/flashing/images/prepare.ts'
import type { SessionPlan } from '../../src/main/flashing/session/session-plan.ts'
import { parseFault } from '../../src/main/simulator/faults.ts'
import { serveTcp } from '../../src/main/simulator/serve-tcp.ts'
import { flashKeyOf } from '../../src/main/simulator/simulated-chip.ts'
import { app, macOf, openLine, type Line } from './simulated-line.ts'

const MAC = macOf(1)
const own: Region = { name: 'fctry', offset: 0x3e0000, bytes: new Uint8Array(0x1000).fill(7) }
const firmware: Region = { ...app, bytes: app.bytes.subarray(0, 40_000) }

let line: Line
afterEach(() => line.close())

const program = async (
  protection: readonly string[],
  plan: Partial<SessionPlan>,
  regions: readonly [Region, Region] = [firmware, own],
): Promise<{ end: RunEnd; flash: Uint8Array }> => {
  line = await openLine({ slots: 1, chip: 'esp32c3', pace: Infinity }, [regions[0]])
  await line.bench.insert(1, { mac: MAC, faults: protection.map(parseFault) })
  const end = await line.runNow(1, regions[1], plan).ended
  return { end, flash: (await line.bench.flashOf(MAC)) ?? new Uint8Array() }
}
const at = (flash: Uint8Array, region: Region): Uint8Array =>
  flash.subarray(region.offset, region.offset + region.bytes.length)
const verifiedOf = (end: RunEnd): unknown => end.ok && end.result.regions.map(({ verified }) => verified)

describe('Secure Download Mode', () => {
  const expected = { secureDownload: true }

  test('is refused where the order does not expect it, and where it wants everything read back', async () => {
    const { end } = await program(['secure-download'], {})
    expect(end).toMatchObject({ ok: false, failure: { code: 'security-differs', step: 'identify' } })
    await line.close()
    const { end: second } = await program(['secure-download'], { security: expected })
    expect(second).toMatchObject({
      ok: false,
      failure: { code: 'security-differs', params: { expected: 'read-back' } },
    })
  })

  test('is written by the ROM alone, and told as not verified', async () => {
    const { end, flash } = await program(['secure-download'], { security: expected, allowUnverified: true })
    expect(end).toMatchObject({ ok: true, result: { board: { mac: null }, flashSize: undefined } })
    expect(verifiedOf(end)).toEqual([false, false])
    for (const region of [firmware, own]) expect(Buffer.from(at(flash, region)).equals(region.bytes)).toBe(true)
  })

  test('a board without it is refused where the order expects it', async () => {
    const { end } = await program([], { security: expected, allowUnverified: true })
    expect(end).toMatchObject({ ok: false, failure: { code: 'security-differs' } })
  })
})

describe('flash encryption', () => {
  const expected = { flashEncryption: true }

  test('what the chip encrypts stands encrypted in its flash, and is told as not verified', async () => {
    const plan = { security: expected, encryption: 'by-device', allowUnverified: true } as const
    const { end, flash } = await program(['flash-encrypted'], plan)
    expect(verifiedOf(end)).toEqual([false, false])
    const key = flashKeyOf(MAC)
    for (const region of [firmware, own])
      expect(Buffer.from(at(flash, region)).equals(encryptForFlash(region.bytes, region.offset, key))).toBe(true)
  })

  test('what the chip reads as it stands is not encrypted by it, and is read back', async () => {
    const plan = { security: expected, encryption: 'by-device', allowUnverified: true } as const
    const { end, flash } = await program(['flash-encrypted'], plan, [firmware, { ...own, clear: true }])
    expect(verifiedOf(end)).toEqual([false, true])
    expect(Buffer.from(at(flash, own)).equals(own.bytes)).toBe(true)
    expect(Buffer.from(at(flash, firmware)).equals(firmware.bytes)).toBe(false)
  })

  test('what was encrypted on the host is read back by the digest of its ciphertext', async () => {
    const key = flashKeyOf(MAC)
    const encrypted = (region: Region): Region => ({
      ...region,
      bytes: encryptForFlash(region.bytes, region.offset, key),
    })
    const regions = [encrypted(firmware), encrypted(own)] as const
    const { end, flash } = await program(['flash-encrypted'], { security: expected }, regions)
    expect(verifiedOf(end)).toEqual([true, true])
    for (const region of regions) expect(Buffer.from(at(flash, region)).equals(region.bytes)).toBe(true)
  })

  test('a chip that cannot encrypt is refused where it should', async () => {
    const { end } = await program([], { encryption: 'by-device', allowUnverified: true })
    expect(end).toMatchObject({ ok: false, failure: { code: 'security-differs' } })
  })
})

describe('secure boot', () => {
  const expected = { secureBoot: true }
  const programAs = async (chip: ChipName, plan: Partial<SessionPlan>): Promise<readonly [unknown, string]> => {
    line = await openLine({ slots: 1, chip, pace: Infinity }, [firmware])
    await line.bench.insert(1, { mac: MAC, faults: [parseFault('secure-boot')] })
    const end = await line.runNow(1, own, { chip, security: expected, ...plan }).ended
    const flash = (await line.bench.flashOf(MAC)) ?? new Uint8Array()
    expect(Buffer.from(at(flash, own)).equals(own.bytes)).toBe(true)
    return [verifiedOf(end), (await line.bench.stateOf(1))?.mode ?? ''] as const
  }

  test.each(['esp32c6', 'esp32'] as const)('leaves the stub and the read-back of an %s as they are', async (chip) => {
    expect(await programAs(chip, {})).toEqual([[true, true], 'application'])
  })

  test.each(['esp32c3', 'esp32s3'] as const)('of an %s starts no stub: its ROM writes and reads back', async (chip) => {
    expect(await programAs(chip, {})).toEqual([[true, true], 'application'])
  })
})

test('an ESP32 whose loader should encrypt is refused, for it cannot', async () => {
  line = await openLine({ slots: 1, chip: 'esp32', pace: Infinity }, [firmware])
  await line.bench.insert(1, { mac: MAC, faults: [parseFault('flash-encrypted')] })
  const plan = { security: { flashEncryption: true }, encryption: 'by-device', allowUnverified: true } as const
  const end = await line.runNow(1, own, { chip: 'esp32', ...plan }).ended
  expect(end).toMatchObject({ ok: false, failure: { code: 'security-differs', step: 'identify' } })
})

test('a release with the keys of its encrypted NVS is encrypted under the key of the chip, and the NVS itself left as it is', async () => {
  const keys = writeNvsKeys(nvsKeysFrom(new Uint8Array(64).fill(5)))
  const partitions = [
    { label: 'nvs', type: 1, subtype: DATA_SUBTYPE.nvs, offset: own.offset, size: 0x6000, encrypted: false },
    { label: 'nvs_keys', type: 1, subtype: DATA_SUBTYPE.nvsKeys, offset: 0x3f0000, size: 0x1000, encrypted: true },
  ]
  const key = flashKeyOf(MAC)
  const regions = [own, { name: 'nvs_keys', offset: 0x3f0000, bytes: keys }]
  const [nvs, nvsKeys] = encryptedOnHost(regions, partitions, CHIPS.esp32c3, key) as [Region, Region]
  const { end, flash } = await program(['flash-encrypted'], { security: { flashEncryption: true } }, [nvsKeys, nvs])
  expect(verifiedOf(end)).toEqual([true, true])
  expect(Buffer.from(at(flash, own)).equals(own.bytes)).toBe(true)
  // What the chip itself sees of its keys partition.
  expect(decryptFromFlash(at(flash, nvsKeys), nvsKeys.offset, key)).toEqual(Uint8Array.from(keys))
})

describe('a stub that runs already does not tell how the chip is protected; its eFuses do', () => {
  const cases = CHIP_NAMES.flatMap((chip) => [
    [chip, 'flash-encrypted'] as const,
    ...(CHIPS[chip].stubWithSecureBoot ? [[chip, 'secure-boot'] as const] : []),
  ])
  test.each(cases)('%s: %s', async (chip, fault) => {
    const faults = [parseFault(fault)]
    const served = await serveTcp('127.0.0.1', 0, { chip, mac: MAC, pace: Infinity, faults })
    try {
      const wanted = { stub: true, baud: 115_200, timing: { factor: 0 } }
      await withBoard(nativeBinding(), served.address, wanted, async ({ loader, board }) => {
        expect(loader.kind).toBe('stub')
        const { chip: found, security } = await identify(loader, undefined)
        expect(found).toBe(chip)
        const { secureBoot, flashEncryption, secureDownload } = board.security
        expect([secureBoot, flashEncryption]).toContain(true)
        expect(security).toMatchObject({ secureBoot, flashEncryption, secureDownload })
      })
    } finally {
      await served.close()
    }
  })
})

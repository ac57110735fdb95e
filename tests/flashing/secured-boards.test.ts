/** Boards whose eFuses protect them: what an order has to say about them, and what can then be proved of what was written. */
import { afterEach, describe, expect, test } from 'vitest'
import type { RunEnd } from '../../src/main/flashing/flash-workers.ts'
import { encryptForFlash } from '../../src/main/flashing/flash-encryption.ts'
import type { Region } from '../../src/main/flashing/prepare.ts'
import type { SessionPlan } from '../../src/main/flashing/session-plan.ts'
import { parseFault } from '../../src/main/simulator/faults.ts'
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

test('secure boot alone leaves the stub and the read-back as they are', async () => {
  const { end, flash } = await program(['secure-boot'], { security: { secureBoot: true } })
  expect(verifiedOf(end)).toEqual([true, true])
  expect(Buffer.from(at(flash, own)).equals(own.bytes)).toBe(true)
})

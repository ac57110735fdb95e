import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readImage } from '../../src/main/espressif/app-image.ts'
import { CHIPS } from '../../src/main/espressif/chips.ts'
import { writeDemoRelease } from '../../src/main/firmware/demo-release.ts'
import { readRelease } from '../../src/main/firmware/release.ts'
import {
  FLASH_MODES,
  FlashParametersError,
  KEEP_PARAMETERS,
  withFlashParameters,
} from '../../src/main/flashing/images/flash-parameters.ts'

const folder = mkdtempSync(join(tmpdir(), 'imprint-parameters-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let bootloader: Uint8Array
beforeAll(async () => {
  await writeDemoRelease(folder, { appSize: 50_000, version: '1.0.0' })
  const release = await readRelease(folder)
  bootloader = release.images.find(({ offset }) => offset === 0)?.bytes ?? new Uint8Array()
})
const chip = CHIPS.esp32c3

describe('flash parameters', () => {
  test('kept, the bootloader is what was built', () => {
    expect(withFlashParameters(bootloader, chip, KEEP_PARAMETERS)).toBe(bootloader)
  })

  test('changed, they stand in the header, and the image is still a valid one', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...FLASH_MODES),
        fc.constantFrom(...Object.keys(chip.flashFrequencies)),
        fc.integer({ min: 0, max: 7 }),
        (mode, frequency, exponent) => {
          const changed = withFlashParameters(bootloader, chip, { mode, frequency, size: 2 ** (20 + exponent) })
          expect(changed[2]).toBe(FLASH_MODES.indexOf(mode))
          expect(changed[3]).toBe((exponent << 4) | (chip.flashFrequencies[frequency] ?? 0))
          expect(changed).toHaveLength(bootloader.length)
          // The reader checks the SHA-256.
          expect(readImage(changed).chip).toBe(chip)
        },
      ),
    )
  })

  test('the digest at the end is that of the changed image', () => {
    const changed = withFlashParameters(bootloader, chip, { ...KEEP_PARAMETERS, size: 16 * 2 ** 20 })
    const differs = [...changed].flatMap((byte, at) => (byte === bootloader[at] ? [] : [at]))
    const digestAt = differs.find((at) => at > 24) ?? 0
    const length = Math.floor(digestAt / 16) * 16
    const digest = createHash('sha256').update(changed.subarray(0, length)).digest()
    expect(Buffer.from(changed.subarray(length, length + 32)).equals(digest)).toBe(true)
  })

  test.each([
    ['a frequency of another chip', { ...KEEP_PARAMETERS, frequency: '48m' }, /48m.*ESP32-C3.*80m/u],
    ['a size between the powers', { ...KEEP_PARAMETERS, size: 3 * 2 ** 20 }, /powers of two/u],
    ['a size beyond', { ...KEEP_PARAMETERS, size: 2 ** 30 }, /128 MB/u],
  ])('%s is refused with what is allowed', (_, wanted, sentence) => {
    expect(() => withFlashParameters(bootloader, chip, wanted)).toThrow(sentence)
  })

  test('hostile bytes give an error of its kind or an image of the same length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 200 }), (noise) => {
        const bytes = Uint8Array.from([0xe9, ...noise])
        try {
          expect(withFlashParameters(bytes, chip, { ...KEEP_PARAMETERS, mode: 'dio' })).toHaveLength(bytes.length)
        } catch (error) {
          expect(error).toBeInstanceOf(FlashParametersError)
        }
      }),
    )
  })
})

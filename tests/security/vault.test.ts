import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stationKey } from '../../src/main/security/station-key.ts'
import { openVault, VaultError } from '../../src/main/security/vault.ts'

const vault = openVault(new Uint8Array(32).fill(7))

describe('vault', () => {
  test('what is sealed opens again, for its own subject and key only', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (plain, subject) => {
        const sealed = vault.seal(subject, plain)
        expect(Buffer.from(vault.open(subject, sealed)).equals(plain)).toBe(true)
        expect(() => vault.open(`${subject}x`, sealed)).toThrow(VaultError)
        expect(() => openVault(new Uint8Array(32).fill(8)).open(subject, sealed)).toThrow(VaultError)
      }),
    )
  })

  test('a changed or cut sealed value does not open', () => {
    const sealed = vault.seal('a', Buffer.from('the secret'))
    fc.assert(
      fc.property(fc.nat(sealed.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Uint8Array.from(sealed)
        changed[at] = (changed[at] ?? 0) ^ change
        expect(() => vault.open('a', changed)).toThrow(VaultError)
        expect(() => vault.open('a', sealed.subarray(0, at))).toThrow(VaultError)
      }),
    )
  })

  test('marks are equal for equal values of a kind, and for nothing else', () => {
    expect(vault.mark('salt', 'x')).toBe(vault.mark('salt', Buffer.from('x')))
    expect(vault.mark('salt', 'x')).not.toBe(vault.mark('salt', 'y'))
    expect(vault.mark('salt', 'x')).not.toBe(vault.mark('key', 'x'))
    expect(vault.mark('salt', 'x')).not.toBe(openVault(new Uint8Array(32).fill(8)).mark('salt', 'x'))
  })
})

describe('station key', () => {
  const inFolder = (body: (file: string) => void): void => {
    const folder = mkdtempSync(join(tmpdir(), 'imprint-key-'))
    try {
      body(join(folder, 'station.key'))
    } finally {
      rmSync(folder, { recursive: true })
    }
  }

  test('is made once, for its owner only, and found again', () =>
    inFolder((file) => {
      const key = stationKey(file, false)
      expect(statSync(file).mode & 0o777).toBe(0o600)
      expect(Buffer.from(stationKey(file, true)).equals(key)).toBe(true)
    }))

  test('is not replaced beside records that need the old one', () =>
    inFolder((file) => expect(() => stationKey(file, true)).toThrow(/restore it from a backup/u)))

  test('of a wrong length is refused', () =>
    inFolder((file) => {
      writeFileSync(file, 'short')
      expect(() => stationKey(file, false)).toThrow(/has 5 bytes/u)
    }))
})

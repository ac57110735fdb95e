/**
 * Entries that the reference generator derives from Wi-Fi credentials in the CSV, so that a station or an access point starts
 * without computing them (observed with esp-idf-nvs-partition-gen 0.1.9).
 */
import { pbkdf2 } from '@noble/hashes/pbkdf2.js'
import { sha1 } from '@noble/hashes/legacy.js'
import type { NvsEntry } from './nvs-entry.ts'

/** Of WPA2 (IEEE 802.11, annex J.4). */
const PAIRWISE_MASTER_KEY = { c: 4096, dkLen: 32 } as const
const PMK_INFO_HEAD = 100
const STATION_EXTRAS = [
  ['sta.apinfo', Buffer.alloc(140, 0xff)],
  ['sta.pmk', Buffer.alloc(32)],
  ['sta.apsw', Buffer.alloc(2)],
] as const

/** What comes before and after a row's own entry. */
export interface DerivedEntries {
  readonly before: readonly NvsEntry[]
  readonly after: readonly NvsEntry[]
}

const NOTHING: DerivedEntries = { before: [], after: [] }
const blob = (namespace: string, key: string, value: Uint8Array): NvsEntry => ({ namespace, key, type: 'blob', value })

/** A function to be called for the rows of one CSV in their order. */
export const wifiDerivation = (): ((namespace: string, key: string, text: string) => DerivedEntries) => {
  const accessPoint = new Map<string, string>()
  let stationDone = false
  return (namespace, key, text) => {
    if (key === 'sta.ssid' || key === 'sta.pswd') {
      if (stationDone) return NOTHING
      stationDone = true
      return { before: [], after: STATION_EXTRAS.map(([name, value]) => blob(namespace, name, value)) }
    }
    if (key !== 'ap.ssid' && key !== 'ap.passwd' && key !== 'ap.authmode') return NOTHING
    // Authentication mode 0 is an open network, which has no key.
    if (key !== 'ap.authmode' || text !== '0') accessPoint.set(key, text)
    const ssid = accessPoint.get('ap.ssid')
    const password = accessPoint.get('ap.passwd')
    if (!ssid || !password || !accessPoint.get('ap.authmode')) return NOTHING
    const master = pbkdf2(sha1, Buffer.from(password, 'utf8'), Buffer.from(ssid, 'utf8'), PAIRWISE_MASTER_KEY)
    return { before: [blob(namespace, 'ap.pmk_info', Buffer.concat([Buffer.alloc(PMK_INFO_HEAD), master]))], after: [] }
  }
}

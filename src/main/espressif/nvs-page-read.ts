/** One page of an NVS partition, read as a device reads it: its state and the items whose checksum is right. */
import {
  ENTRIES_PER_PAGE,
  ENTRY_SIZE,
  ENTRY_STATES,
  entryCrc,
  FIRST_ENTRY,
  nvsCrc,
  PAGE_SIZE,
  PAGE_STATE,
  VARIABLE_TYPES,
} from './nvs-entry.ts'

export type NvsPageState = keyof typeof PAGE_STATE

export interface NvsPage {
  /** Its place in the partition, from 0. */
  readonly page: number
  readonly state: NvsPageState
  /** undefined for an empty page and a corrupt one. Pages are read in this order. */
  readonly sequence: number | undefined
  readonly version: 1 | 2 | undefined
  /** Entries of 32 bytes by their state. */
  readonly written: number
  readonly erased: number
  readonly free: number
}

/** Something that is not as it should be. Of an 'error' the device loses a value; a 'note' only says what happened. */
export interface NvsFinding {
  readonly severity: 'error' | 'note'
  readonly code:
    | 'page-corrupt'
    | 'page-freeing'
    | 'page-version'
    | 'entry-checksum'
    | 'data-checksum'
    | 'cut-off'
    | 'unknown-type'
    | 'chunk-missing'
    | 'chunk-orphan'
    | 'namespace-unknown'
    | 'duplicate'
    | 'text'
    | 'encrypted'
  readonly message: string
}

/** An item as it is stored: its head, and for variable lengths the data whose checksum is right. */
export interface NvsRawItem {
  readonly page: number
  /** From 0. */
  readonly entry: number
  readonly namespace: number
  readonly type: number
  readonly chunk: number
  readonly key: string
  /** The eight bytes of a number or of a blob's index. */
  readonly head: DataView
  /** undefined for numbers and blob indexes. */
  readonly data: Uint8Array | undefined
}

export interface NvsPageContent {
  readonly page: NvsPage
  readonly items: readonly NvsRawItem[]
  readonly findings: readonly NvsFinding[]
}

const ENTRY_STATE = { erased: 0, written: 2, empty: 3 } as const
const VERSIONS: ReadonlyMap<number, 1 | 2> = new Map([
  [0xff, 1],
  [0xfe, 2],
])
const WITH_DATA: ReadonlySet<number> = new Set([VARIABLE_TYPES.string, VARIABLE_TYPES.blobV1, VARIABLE_TYPES.blobData])

/** Text up to the first NUL. */
const keyOf = (bytes: Uint8Array): string => {
  const end = bytes.indexOf(0)
  return Buffer.from(end === -1 ? bytes : bytes.subarray(0, end)).toString('utf8')
}

const stateOf = (bytes: Uint8Array, view: DataView): NvsPageState => {
  const state = view.getUint32(0, true)
  if (state === PAGE_STATE.empty) return bytes.every((byte) => byte === 0xff) ? 'empty' : 'corrupt'
  if (view.getUint32(28, true) !== nvsCrc(bytes.subarray(4, 28))) return 'corrupt'
  return (Object.keys(PAGE_STATE) as NvsPageState[]).find((name) => PAGE_STATE[name] === state) ?? 'corrupt'
}

/** Reads one page's items: each entry that is written, has the right checksum and whose span is written to its end. */
class ItemReader {
  readonly items: NvsRawItem[] = []
  readonly findings: NvsFinding[] = []
  readonly #bytes: Uint8Array
  readonly #page: number
  /** First entry of a run whose checksums are wrong. */
  #damagedFrom: number | undefined

  constructor(bytes: Uint8Array, page: number) {
    this.#bytes = bytes
    this.#page = page
  }

  state(entry: number): number {
    return ((this.#bytes[ENTRY_STATES + (entry >> 2)] ?? 0xff) >> ((entry & 3) * 2)) & 3
  }

  read(): void {
    for (let entry = 0; entry < ENTRIES_PER_PAGE;) {
      const span = this.#item(entry)
      if (span > 0 || this.state(entry) !== ENTRY_STATE.written) this.#reportDamage(entry)
      entry += Math.max(span, 1)
    }
    this.#reportDamage(ENTRIES_PER_PAGE)
  }

  #found(code: NvsFinding['code'], message: string): void {
    this.findings.push({ severity: 'error', code, message: `page ${this.#page}, ${message}` })
  }

  #reportDamage(end: number): void {
    const from = this.#damagedFrom
    if (from === undefined) return
    this.#damagedFrom = undefined
    const place = end - from === 1 ? `entry ${from}` : `entries ${from} to ${end - 1}`
    this.#found('entry-checksum', `${place}: the checksum does not match; the device will not read this`)
  }

  /** @returns the entries that it takes; 0 when none could be read here */
  #item(entry: number): number {
    if (this.state(entry) !== ENTRY_STATE.written) return 0
    const at = FIRST_ENTRY + entry * ENTRY_SIZE
    const bytes = this.#bytes
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, ENTRY_SIZE)
    const [namespace = 0, type = 0, span = 0, chunk = 0] = bytes.subarray(at, at + 4)
    if (view.getUint32(4, true) !== entryCrc(bytes, at)) {
      this.#damagedFrom ??= entry
      return 0
    }
    const key = keyOf(bytes.subarray(at + 8, at + 23))
    const head = new DataView(bytes.buffer, bytes.byteOffset + at + 24, 8)
    const item = { page: this.#page, entry, namespace, type, chunk, key, head }
    if (!WITH_DATA.has(type)) {
      this.items.push({ ...item, data: undefined })
      return 1
    }
    const size = head.getUint16(0, true)
    const whole =
      span > 0 &&
      entry + span <= ENTRIES_PER_PAGE &&
      size <= (span - 1) * ENTRY_SIZE &&
      Array.from({ length: span }, (_, index) => this.state(entry + index)).every(
        (state) => state === ENTRY_STATE.written,
      )
    if (!whole) {
      this.#found('cut-off', `entry ${entry}: the value of key '${key}' was not written to its end`)
      return 1
    }
    const data = bytes.subarray(at + ENTRY_SIZE, at + ENTRY_SIZE + size)
    if (head.getUint32(4, true) === nvsCrc(data)) this.items.push({ ...item, data })
    else this.#found('data-checksum', `entry ${entry}: the checksum of the value of key '${key}' does not match`)
    return span
  }
}

/** @param bytes the 4096 bytes of a page, entries in clear @param page its place in the partition, from 0 */
export const readNvsPage = (bytes: Uint8Array, page: number): NvsPageContent => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, PAGE_SIZE)
  const state = stateOf(bytes, view)
  if (state === 'empty' || state === 'corrupt') {
    const message = `page ${page} is corrupt: its header is damaged or was never finished; the device will erase it`
    return {
      page: { page, state, sequence: undefined, version: undefined, written: 0, erased: 0, free: ENTRIES_PER_PAGE },
      items: [],
      findings: state === 'corrupt' ? [{ severity: 'error', code: 'page-corrupt', message }] : [],
    }
  }
  const reader = new ItemReader(bytes, page)
  reader.read()
  const states = Array.from({ length: ENTRIES_PER_PAGE }, (_, entry) => reader.state(entry))
  const count = (wanted: number): number => states.filter((found) => found === wanted).length
  const version = VERSIONS.get(bytes[8] ?? 0)
  const findings = [...reader.findings]
  if (version === undefined) {
    const message = `page ${page} has version byte 0x${(bytes[8] ?? 0).toString(16)}; 0xff and 0xfe are known`
    findings.unshift({ severity: 'error', code: 'page-version', message })
  }
  return {
    page: {
      page,
      state,
      sequence: view.getUint32(4, true),
      version,
      written: count(ENTRY_STATE.written),
      erased: count(ENTRY_STATE.erased),
      free: count(ENTRY_STATE.empty),
    },
    items: reader.items,
    findings,
  }
}

/** Pages of an NVS partition that is being written, with the reference generator's rules for when a page is full. */
import {
  ENTRIES_PER_PAGE,
  ENTRY_SIZE,
  ENTRY_STATES,
  entryCrc,
  FIRST_ENTRY,
  LONGEST_KEY,
  NO_CHUNK,
  NVS_TYPES,
  NvsError,
  nvsCrc,
  PAGE_SIZE,
  PAGE_STATE,
  VARIABLE_TYPES,
  type NvsNumberType,
} from './nvs-entry.ts'

/** From this size on a partition can be written by the device, which needs a spare page. */
const WRITABLE_SIZE = 0x3000

const LIMITS: Readonly<Record<NvsNumberType, readonly [bigint, bigint]>> = {
  u8: [0n, 0xffn],
  i8: [-0x80n, 0x7fn],
  u16: [0n, 0xffffn],
  i16: [-0x8000n, 0x7fffn],
  u32: [0n, 0xffffffffn],
  i32: [-0x80000000n, 0x7fffffffn],
  u64: [0n, 0xffffffffffffffffn],
  i64: [-0x8000000000000000n, 0x7fffffffffffffffn],
}

/** The chunk indexes of a blob's other version begin here. */
const MOST_CHUNKS = 127

const entriesFor = (length: number): number => Math.ceil(length / ENTRY_SIZE)

/** A partition that fills up from its first page on; everything is written where it will stay. */
export class NvsPages {
  readonly #bytes: Buffer
  readonly #version: 1 | 2
  readonly #mostPages: number
  #page = -1
  #used = ENTRIES_PER_PAGE

  /** @param size a multiple of 4096 */
  constructor(size: number, version: 1 | 2) {
    this.#bytes = Buffer.alloc(size, 0xff)
    this.#version = version
    this.#mostPages = size / PAGE_SIZE - (size < WRITABLE_SIZE ? 0 : 1)
    this.#openPage()
  }

  /** @throws NvsError when the value does not fit the type */
  putNumber(namespace: number, key: string, type: NvsNumberType, value: number | bigint): void {
    const [least, most] = LIMITS[type]
    if ((typeof value === 'number' && !Number.isInteger(value)) || value < least || value > most)
      throw new NvsError('value', `key '${key}': ${value} is not allowed as ${type}; ${least} to ${most} are`)
    if (this.#used >= ENTRIES_PER_PAGE) this.#openPage()
    const at = this.#begin(namespace, NVS_TYPES[type], 1, NO_CHUNK, key)
    const width = Number(type.slice(1)) / 8
    if (width === 8) this.#bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)), at + 24)
    else
      this.#bytes.writeUIntLE(
        width === 4 ? Number(value) >>> 0 : Number(value) & (2 ** (8 * width) - 1),
        at + 24,
        width,
      )
    this.#finish(at, 1)
  }

  /** A string or a version 1 blob: never split, and one entry of the page is left free after it. */
  putWhole(namespace: number, key: string, type: number, data: Uint8Array, longest: number): void {
    if (data.length > longest)
      throw new NvsError('value', `key '${key}': ${data.length} bytes are too long; ${longest} are allowed`)
    const span = 1 + entriesFor(data.length)
    if (this.#used + span >= ENTRIES_PER_PAGE) this.#openPage()
    this.#putData(namespace, key, type, NO_CHUNK, data)
  }

  /** A version 2 blob: chunks as the pages have room, then their index. */
  putChunked(namespace: number, key: string, data: Uint8Array): void {
    if (this.#used >= ENTRIES_PER_PAGE) this.#openPage()
    let chunks = 0
    let at = 0
    do {
      const room = (ENTRIES_PER_PAGE - this.#used - 1) * ENTRY_SIZE
      const chunk = data.subarray(at, at + room)
      if (chunks === MOST_CHUNKS)
        throw new NvsError('value', `key '${key}': ${data.length} bytes are more than ${MOST_CHUNKS} chunks can hold`)
      this.#putData(namespace, key, VARIABLE_TYPES.blobData, chunks, chunk)
      chunks++
      at += chunk.length
      // The index needs an entry too, so it may stand on the next page.
      if (at < data.length || room - chunk.length < ENTRY_SIZE) this.#openPage()
    } while (at < data.length)
    const index = this.#begin(namespace, VARIABLE_TYPES.blobIndex, 1, NO_CHUNK, key)
    this.#bytes.writeUInt32LE(data.length, index + 24)
    this.#bytes[index + 28] = chunks
    this.#bytes[index + 29] = 0
    this.#finish(index, 1)
  }

  /** The whole partition; of one too small for the device to write, the used pages only. */
  partition(): Uint8Array {
    return this.#bytes.length < WRITABLE_SIZE ? this.#bytes.subarray(0, (this.#page + 1) * PAGE_SIZE) : this.#bytes
  }

  #openPage(): void {
    if (this.#page + 1 >= this.#mostPages)
      throw new NvsError(
        'full',
        `the entries do not fit into ${this.#bytes.length} bytes; a larger partition is needed`,
      )
    if (this.#page >= 0) this.#bytes.writeUInt32LE(PAGE_STATE.full, this.#page * PAGE_SIZE)
    this.#page++
    this.#used = 0
    const at = this.#page * PAGE_SIZE
    this.#bytes.writeUInt32LE(PAGE_STATE.active, at)
    this.#bytes.writeUInt32LE(this.#page, at + 4)
    this.#bytes[at + 8] = this.#version === 2 ? 0xfe : 0xff
    this.#bytes.writeUInt32LE(nvsCrc(this.#bytes.subarray(at + 4, at + 28)), at + 28)
  }

  #putData(namespace: number, key: string, type: number, chunk: number, data: Uint8Array): void {
    const span = 1 + entriesFor(data.length)
    const at = this.#begin(namespace, type, span, chunk, key)
    this.#bytes.writeUInt16LE(data.length, at + 24)
    this.#bytes.writeUInt32LE(nvsCrc(data), at + 28)
    this.#bytes.set(data, at + ENTRY_SIZE)
    this.#finish(at, span)
  }

  /** The head of the next entry; its data area is filled by the caller. */
  #begin(namespace: number, type: number, span: number, chunk: number, key: string): number {
    const length = Buffer.byteLength(key)
    if (length === 0 || length > LONGEST_KEY)
      throw new NvsError(
        'key',
        `${namespace === 0 ? 'namespace' : 'key'} '${key}' has ${length} bytes; 1 to ${LONGEST_KEY} are allowed`,
      )
    const bytes = this.#bytes
    const at = this.#page * PAGE_SIZE + FIRST_ENTRY + this.#used * ENTRY_SIZE
    bytes[at] = namespace
    bytes[at + 1] = type
    bytes[at + 2] = span
    bytes[at + 3] = chunk
    for (let index = at + 8; index < at + 24; index++) bytes[index] = 0
    bytes.write(key, at + 8, 'utf8')
    return at
  }

  #finish(at: number, span: number): void {
    const bytes = this.#bytes
    bytes.writeUInt32LE(entryCrc(bytes, at), at + 4)
    const states = this.#page * PAGE_SIZE + ENTRY_STATES
    const end = this.#used + span
    // Two bits an entry: 10 is written.
    for (let entry = this.#used; entry < end; entry++) {
      const byte = states + (entry >> 2)
      bytes[byte] = (bytes[byte] ?? 0xff) & ~(1 << ((entry & 3) * 2))
    }
    this.#used = end
  }
}

import { parseResponse, requestPacket, words, OPCODES, LIMITS, type CommandName, type Response } from './command.ts'
import { RunFailure } from '../failure.ts'
import type { Link } from '../links/link.ts'
import { encodeSlip, slipDecoder } from './slip.ts'
import { idleTime, limitOf, pause, REAL_CLOCK, type Clock, type Timing } from '../timing.ts'
import type { RunStep } from '../../../contract/index.ts'

/** ROM and stub give their status in different places and words. */
export type LoaderKind = 'rom' | 'stub'

/** The loader answered, and the answer is an error. */
export class LoaderRefusal extends Error {
  readonly command: CommandName
  /** ROM: the second status byte (5 unsupported, 7 checksum …). Stub: the first (0xC0 …). */
  readonly status: number
  readonly unsupported: boolean

  constructor(command: CommandName, status: number, unsupported: boolean) {
    super(`${command} was answered with error 0x${status.toString(16).padStart(2, '0')}`)
    this.name = 'LoaderRefusal'
    this.command = command
    this.status = status
    this.unsupported = unsupported
  }
}

/** No answer within the limit. */
export class LoaderSilence extends Error {
  readonly command: string
  constructor(command: string, limit: number) {
    super(`no answer to ${command} within ${Math.round(limit)} ms`)
    this.name = 'LoaderSilence'
    this.command = command
  }
}

export interface Answer {
  readonly value: number
  /** Without the status bytes. */
  readonly data: Uint8Array
}

export interface Loader {
  readonly timing: Timing
  readonly link: Link
  kind: LoaderKind
  /** The run's step, for failures that the link itself reports. */
  step: RunStep
  /** Sends a command and waits for its answer. `dataLength` is the length of the answer's data, 0 unless said. */
  request(
    name: CommandName,
    body: Uint8Array,
    options?: { limit?: number; dataLength?: number; checksum?: number },
  ): Promise<Answer>
  /** Sends a frame made ahead and waits for the answer to its opcode. */
  exchange(name: CommandName, frame: Uint8Array, limit: number, dataLength?: number): Promise<Answer>
  /** Sends a request and does not wait. */
  send(name: CommandName, body: Uint8Array): Promise<void>
  /** Acknowledges so many bytes of READ_FLASH: a bare word in a frame. */
  acknowledge(bytes: number): Promise<void>
  /** The next frame, whatever it is; undefined when none came in time. */
  nextFrame(limit: number): Promise<Uint8Array | undefined>
  /**
   * The next frame, or undefined once none has come for so long in which this host was prompt. A wait in which it was late proves
   * nothing: the answer may lie in a queue that nobody has looked into. Of a host that is late for longer than `patience`, milliseconds
   * too, whatever has come by then counts.
   */
  frameOrSilence(limit: number, patience?: number): Promise<Uint8Array | undefined>
  /** Resolves when what was sent has left for the system. */
  sent(): Promise<void>
  /** Forgets what has been received. */
  discard(): Promise<void>
  /** Waits until nothing has been received for so many milliseconds of the device's, and forgets it. */
  drain(quiet: number): Promise<void>
  /** All bytes received as text since the last call, boot messages included, without control characters; the last 2 kB. */
  takeText(): string
  pause(milliseconds: number): Promise<void>
  /** Waits between two questions: shrinks with the bench's pace, but leaves the host room for its work. */
  idle(milliseconds: number): Promise<void>
}

/** Waits for the work, but no longer than so many milliseconds: a port that takes no bytes must not hold up its own failure. */
const inTime = async (work: Promise<void>, limit: number, clock: Clock): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const callOff = clock.after(limit, resolve)
  try {
    await Promise.race([work, promise])
  } finally {
    callOff()
  }
}

/** A silence is so many waits in a row, each followed by a turn of whoever owns the port, and none of them late by its own length. */
const PROMPT_WAITS = 4

const UNSUPPORTED = 0x05
const NOT_IMPLEMENTED = 0xff
const TEXT_KEPT = 2048

/**
 * The exchange of commands and answers with the loader behind a link. One command at a time: two unacknowledged data blocks break
 * the real stub.
 *
 * An answer is matched by its opcode. The ROM answers a command that it does not know under the *previous* command's opcode with
 * status 01 05, so that is taken as the answer too.
 */
export const createLoader = (link: Link, timing: Timing, signal?: AbortSignal, clock: Clock = REAL_CLOCK): Loader => {
  const decoder = slipDecoder()
  let frames: Uint8Array[] = []
  let wake: (() => void) | undefined
  let gone: string | undefined
  let lastByteAt = 0
  let text = ''

  link.onData((bytes) => {
    lastByteAt = clock.now()
    text = (text + Buffer.from(bytes).toString('latin1')).slice(-TEXT_KEPT)
    for (const frame of decoder.push(bytes)) frames.push(frame)
    if (frames.length > 0) wake?.()
  })
  link.onLost((reason) => {
    gone = reason
    wake?.()
  })
  const onAbort = (): void => wake?.()
  signal?.addEventListener('abort', onAbort)

  const check = (): void => {
    if (signal?.aborted) throw signal.reason
    if (gone !== undefined)
      throw new RunFailure('port-lost', loader.step, `${link.address}: the port went away (${gone})`, {
        port: link.address,
      })
  }

  const waitFrame = async (until: number): Promise<Uint8Array | undefined> => {
    for (;;) {
      check()
      const frame = frames.shift()
      if (frame) return frame
      const left = until - clock.now()
      if (left <= 0) return undefined
      await untilWoken(left)
    }
  }

  /** Until so many milliseconds are over, a frame comes, the port goes, or the signal aborts. */
  const untilWoken = async (milliseconds: number): Promise<void> => {
    await new Promise<void>((resolve) => {
      const callOff = clock.after(milliseconds, resolve)
      wake = () => {
        callOff()
        resolve()
      }
    })
    wake = undefined
  }

  const settled = (): Promise<void> => inTime(link.settle(), limitOf(timing, LIMITS.usual), clock)

  const readStatus = (loader: LoaderKind, response: Response, dataLength: number): { failed: number; code: number } => {
    // The ROM's third and fourth status bytes mean nothing.
    const at = Math.min(dataLength, response.body.length - 2)
    const failed = response.body[at] ?? 1
    const code = response.body[at + 1] ?? 0
    return loader === 'stub' ? { failed, code: failed } : { failed, code }
  }

  const loader: Loader = {
    timing,
    link,
    kind: 'rom',
    step: 'connect',
    async exchange(name, frame, limit, dataLength = 0) {
      check()
      const wait = limitOf(timing, limit)
      const until = clock.now() + wait
      frames = []
      await inTime(link.write(frame), wait, clock)
      let isLate = false
      for (;;) {
        let answer = await waitFrame(until)
        if (!answer && !isLate) {
          isLate = true
          answer = await loader.frameOrSilence(LIMITS.sync, limit)
        }
        if (!answer) throw new LoaderSilence(name, wait)
        const response = parseResponse(answer)
        if (!response) continue
        if (response.opcode === OPCODES[name]) {
          const status = readStatus(loader.kind, response, dataLength)
          // An error is answered without data: its status then stands first.
          const short = response.body.length < dataLength + 2
          const failed = short
            ? {
                failed: response.body[0] ?? 1,
                code: loader.kind === 'stub' ? (response.body[0] ?? 1) : (response.body[1] ?? 0),
              }
            : status
          if (failed.failed === 0 && !short)
            return { value: response.value, data: response.body.subarray(0, dataLength) }
          throw new LoaderRefusal(
            name,
            failed.code,
            failed.code === (loader.kind === 'stub' ? NOT_IMPLEMENTED : UNSUPPORTED),
          )
        }
        if (loader.kind === 'rom' && response.body[0] === 1 && response.body[1] === UNSUPPORTED) {
          // It repeats this answer as often as the previous command's; let them pass before anything else is asked.
          await loader.drain(30)
          throw new LoaderRefusal(name, UNSUPPORTED, true)
        }
      }
    },
    request(name, body, options = {}) {
      return loader.exchange(
        name,
        encodeSlip(requestPacket(name, body, options.checksum)),
        options.limit ?? LIMITS.usual,
        options.dataLength,
      )
    },
    send: (name, body) => link.write(encodeSlip(requestPacket(name, body))),
    acknowledge: (bytes) => link.write(encodeSlip(words(bytes))),
    nextFrame: (limit) => waitFrame(clock.now() + limitOf(timing, limit)),
    async frameOrSilence(limit, patience) {
      let wait = limitOf(timing, limit) / PROMPT_WAITS
      const last = patience === undefined ? Infinity : clock.now() + limitOf(timing, patience)
      for (let prompt = 0; prompt < PROMPT_WAITS && clock.now() < last;) {
        const from = clock.now()
        const frame = await waitFrame(from + wait)
        if (frame) return frame
        await settled()
        if (clock.now() - from <= 2 * wait) prompt++
        else {
          // A host that stays busy gets more time, so that its silence too has an end.
          prompt = 0
          wait *= 2
        }
      }
      check()
      return frames.shift()
    },
    sent: () => settled(),
    async discard() {
      await link.discardInput()
      frames = []
      decoder.reset()
    },
    async drain(quiet) {
      const silence = Math.max(quiet * timing.factor, 4)
      do await pause({ factor: 1 }, silence, signal)
      while (clock.now() - lastByteAt < silence && gone === undefined)
      frames = []
      decoder.reset()
    },
    takeText() {
      const readable = text.replace(/[^\t\n\r\x20-\x7e]+/gu, '')
      text = ''
      return readable
    },
    pause: (milliseconds) => pause(timing, milliseconds, signal),
    async idle(milliseconds) {
      const until = clock.now() + idleTime(timing, milliseconds)
      for (let left = until - clock.now(); left > 0; left = until - clock.now()) {
        check()
        await untilWoken(left)
      }
      check()
    },
  }
  return loader
}

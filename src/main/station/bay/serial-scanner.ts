/** A barcode scanner on a serial port: followed as it is unplugged and plugged in again, and its state said. */
import type { BindingInterface } from '@serialport/bindings-interface'
import type { ScannerSettings, ScannerState } from '../../../contract/index.ts'
import { RunFailure } from '../../flashing/failure.ts'
import type { Link } from '../../flashing/links/link.ts'
import { openLink } from '../../flashing/links/open-link.ts'
import { createScanReader } from './scan-reader.ts'

export interface SerialScanner {
  /** Null where there is no scanner on a serial port. */
  state(): ScannerState | null
  /** From now on it is this one, or none. */
  use(settings: ScannerSettings | null): Promise<void>
  close(): Promise<void>
}

/** Between two looks for a scanner that is not there, milliseconds. */
const LOOK_PAUSE = 1_000
/** So long after the last byte a scan without an end is over. */
const SILENCE = 100

const stateOf = (error: unknown): ScannerState => {
  const code = error instanceof RunFailure ? error.code : undefined
  return code === 'port-lost' || code === 'port-busy' || code === 'port-denied' ? code : 'error'
}

export const openSerialScanner = (
  binding: () => BindingInterface,
  onScan: (text: string) => void,
  onChange: () => void,
): SerialScanner => {
  let state: ScannerState | null = null
  let end: () => void = () => undefined
  let over: Promise<void> = Promise.resolve()

  const become = (next: ScannerState | null): void => {
    if (state === next) return
    state = next
    onChange()
  }

  /** Reads until the scanner goes, or the signal ends it. */
  const read = async (link: Link, signal: AbortSignal): Promise<void> => {
    const reader = createScanReader(onScan)
    let quiet: NodeJS.Timeout | undefined
    link.onData((bytes) => {
      reader.bytes(bytes)
      clearTimeout(quiet)
      quiet = setTimeout(() => reader.silence(), SILENCE)
    })
    await new Promise<void>((resolve) => {
      link.onLost(() => resolve())
      signal.addEventListener('abort', () => resolve(), { once: true })
      if (signal.aborted) resolve()
    })
    clearTimeout(quiet)
    await link.close()
  }

  const pause = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_PAUSE)
      signal.addEventListener('abort', () => {
        clearTimeout(timer)
        resolve()
      })
    })

  const follow = async ({ port, baud }: ScannerSettings, signal: AbortSignal): Promise<void> => {
    while (!signal.aborted) {
      try {
        const link = await openLink(binding(), port, { baud })
        become('ready')
        await read(link, signal)
        if (!signal.aborted) become('port-lost')
      } catch (error) {
        if (!signal.aborted) become(stateOf(error))
      }
      if (!signal.aborted) await pause(signal)
    }
  }

  const use = async (settings: ScannerSettings | null): Promise<void> => {
    end()
    await over
    const abort = new AbortController()
    end = () => abort.abort()
    become(null)
    if (settings) over = follow(settings, abort.signal)
  }

  return { state: () => state, use, close: () => use(null) }
}

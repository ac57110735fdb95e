import { SerialPortStream } from '@serialport/stream'
import type { BindingInterface } from '@serialport/bindings-interface'
import { ownUsbOf } from '../ports/discover-ports.ts'
import { RunFailure } from '../failure.ts'
import type { Link, LinkOptions } from './link.ts'

/** The one error by which a pseudo-terminal says that it has no control lines; every other is real. */
const NO_CONTROL_LINES = /Inappropriate ioctl for device/u

const openFailure = (address: string, error: Error): RunFailure => {
  const text = error.message
  if (/lock|busy|temporarily unavailable|Access denied/iu.test(text))
    return new RunFailure('port-busy', 'connect', `${address}: another program has the port open (${text})`, {
      port: address,
    })
  if (/permission|EACCES/iu.test(text))
    return new RunFailure('port-denied', 'connect', `${address}: no permission to open the port (${text})`, {
      port: address,
    })
  return new RunFailure('port-lost', 'connect', `${address}: cannot open the port (${text})`, { port: address })
}

const promised = (call: (done: (error: Error | null | undefined) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    call((error) => (error ? reject(error) : resolve()))
  })

/**
 * Opens a serial port exclusively through a serialport binding: the system's, or the simulated bench's.
 *
 * @throws RunFailure `port-busy`, `port-denied` or `port-lost`
 */
export const openSerialLink = async (
  binding: BindingInterface,
  address: string,
  options: LinkOptions,
): Promise<Link> => {
  const stream = new SerialPortStream({
    binding,
    path: address,
    baudRate: options.baud,
    autoOpen: false,
    lock: true,
    // Closing must not drop DTR: on many boards that is a reset in the middle of starting up.
    hupcl: false,
    highWaterMark: 0x8000,
  })
  await promised((done) => stream.open(done)).catch((error: Error) => {
    throw openFailure(address, error)
  })

  const ownUsb = ownUsbOf((await binding.list()).find((port) => port.path === address))
  let lines = true
  let lost: ((reason: string) => void) | undefined
  let closing = false
  const report = (reason: string): void => {
    if (!closing) lost?.(reason)
    lost = undefined
  }
  stream.on('error', (error: Error) => report(error.message))
  stream.on('close', (error: Error | null) => report(error?.message ?? 'the port was closed'))
  const gone = (): RunFailure =>
    new RunFailure('port-lost', 'connect', `${address}: the port is gone`, { port: address })
  let listener: ((bytes: Uint8Array) => void) | undefined
  stream.on('data', (bytes: Buffer) => listener?.(bytes))

  return {
    address,
    hasLines: () => lines,
    hasBaud: true,
    ownUsb,
    write: (bytes) =>
      new Promise((resolve, reject) => {
        if (!stream.isOpen) reject(gone())
        else if (stream.write(bytes)) resolve()
        else stream.once('drain', resolve)
      }),
    settle: () => (stream.isOpen ? promised((done) => stream.drain(done)).catch(() => undefined) : Promise.resolve()),
    onData(next) {
      listener = next
    },
    onLost(next) {
      lost = next
    },
    async setLines(state) {
      if (!lines) return
      try {
        await promised((done) => stream.set({ ...state, brk: false }, done))
      } catch (error) {
        if (error instanceof Error && NO_CONTROL_LINES.test(error.message)) lines = false
        else throw stream.isOpen ? error : gone()
      }
    },
    setBaud: (baud) => promised((done) => stream.update({ baudRate: baud }, done)),
    discardInput: () => promised((done) => stream.flush(done)).catch(() => undefined),
    async close() {
      closing = true
      listener = undefined
      if (stream.isOpen) await promised((done) => stream.close(done)).catch(() => undefined)
    },
  }
}

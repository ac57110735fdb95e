import { constants, openSync } from 'node:fs'
import { ReadStream } from 'node:tty'
import type { Served } from './serve-tcp.ts'
import { createServedChip, type ServedChipOptions } from './served-chip.ts'

interface Terminal {
  readonly master: ReadStream
  readonly slave: ReadStream
  readonly ptsName: string
}

/** The pair of a new pseudo-terminal; its typings leave out what `open` gives. */
const openPair = async (): Promise<Terminal> => {
  const { default: pty } = (await import('@lydell/node-pty')) as unknown as {
    default: { open(options: { encoding: null }): Terminal }
  }
  return pty.open({ encoding: null })
}

/**
 * Serves a chip on a pseudo-terminal, for programs that open a serial port by its path. It is in raw mode from the start, and stays
 * when the other side closes it.
 */
export const servePty = async (options: ServedChipOptions): Promise<Served> => {
  const { master, slave, ptsName } = await openPair()
  // The pair's own stream at the far end would read what is meant for the one who opens the path; a bare descriptor keeps it open.
  const keeper = openSync(ptsName, constants.O_RDWR | constants.O_NOCTTY)
  const modes = new ReadStream(keeper)
  modes.setRawMode(true)
  slave.destroy()
  const chip = createServedChip(options, (bytes) => {
    if (!master.destroyed) master.write(bytes)
  })
  master.on('data', (bytes) => chip.receive(bytes as Uint8Array))
  master.on('error', () => undefined)
  return {
    address: ptsName,
    close() {
      chip.close()
      modes.destroy()
      master.destroy()
      return Promise.resolve()
    },
  }
}

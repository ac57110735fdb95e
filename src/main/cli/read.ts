import { Command } from 'commander'
import { nativeBinding } from '../flashing/ports/native-ports.ts'
import { withBoard } from '../flashing/session/one-board.ts'
import { readFlash } from '../flashing/session/read-flash.ts'
import { wholeNumber } from './arguments.ts'
import { explained } from './explained.ts'
import { InputError } from './input-error.ts'
import { listenForInterrupts } from './interrupts.ts'
import { refuseUnwritable, writeWholeFile } from './output-file.ts'
import { portAddress } from './port-address.ts'

interface Options {
  readonly port: string
  readonly offset: string
  readonly size: string
  readonly baud: string
}

const LARGEST = 128 * 2 ** 20

/** `imprint read`: a range of a board's flash into a file. */
export const readCommand = (): Command =>
  new Command('read')
    .description('read a range of the flash of the board on a port into a file')
    .argument('<file>', 'file to write')
    .requiredOption('--port <port>', 'path, socket://HOST:PORT or rfc2217://HOST:PORT', portAddress)
    .requiredOption('--offset <n>', 'first byte, such as 0x10000')
    .requiredOption('--size <n>', 'how many bytes')
    .option('--baud <n>', 'rate of the transfer', '921600')
    .action(async (file: string, options: Options) => {
      const offset = wholeNumber('--offset', options.offset, 0, LARGEST - 1)
      const size = wholeNumber('--size', options.size, 1, LARGEST - offset)
      const baud = wholeNumber('--baud', options.baud, 9_600, 5_000_000)
      await refuseUnwritable(file)
      const { signal, free } = listenForInterrupts()
      const bytes = await withBoard(
        nativeBinding(),
        options.port,
        { stub: true, baud, signal },
        ({ loader, flash }) => {
          if (!flash) throw new InputError(`${options.port}: in Secure Download Mode the flash cannot be read`)
          if (flash.size !== undefined && offset + size > flash.size)
            throw new InputError(
              `${options.port}: the flash has ${flash.size} bytes; the range ends at ${offset + size}`,
            )
          return readFlash(loader, offset, size)
        },
      )
        .catch((error: unknown) => {
          throw explained(error)
        })
        .finally(free)
      await writeWholeFile(file, bytes)
      process.stdout.write(`${file}: ${size} bytes from 0x${offset.toString(16)}\n`)
    })

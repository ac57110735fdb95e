import { Command } from 'commander'
import { CHIPS } from '../espressif/chips.ts'
import { nativeBinding } from '../flashing/ports/native-ports.ts'
import { withBoard } from '../flashing/session/one-board.ts'
import { ROM_BAUD } from '../flashing/session/session.ts'
import { explained } from './explained.ts'
import { listenForInterrupts } from './interrupts.ts'
import { portAddress } from './port-address.ts'

const yesOrNo = (value: boolean | null): string => (value === null ? 'not told' : value ? 'on' : 'off')

/** `imprint chip`: what the board on a port is. */
export const chipCommand = (): Command =>
  new Command('chip')
    .description('tell what the board on a port is: chip, MAC, flash, security state')
    .requiredOption('--port <port>', 'path, socket://HOST:PORT or rfc2217://HOST:PORT', portAddress)
    .option('--json', 'as one line of JSON')
    .action(async ({ port, json }: { port: string; json?: true }) => {
      const { signal, free } = listenForInterrupts()
      const wanted = { stub: false, baud: ROM_BAUD, signal }
      const told = await withBoard(nativeBinding(), port, wanted, ({ board, flash }) =>
        Promise.resolve({ port, ...board, flash }),
      )
        .catch((error: unknown) => {
          throw explained(error)
        })
        .finally(free)
      if (json) {
        process.stdout.write(`${JSON.stringify(told)}\n`)
        return
      }
      const { chip, mac, revision, security, flash } = told
      const size = flash?.size === undefined ? 'size unknown' : `${flash.size / 2 ** 20} MB`
      const rows: readonly (readonly [string, string])[] = [
        ['chip', CHIPS[chip].label],
        ['revision', revision ?? 'cannot be read in Secure Download Mode'],
        ['MAC', mac ?? 'cannot be read in Secure Download Mode'],
        ['flash', flash ? `${size}, id ${flash.id.toString(16).padStart(6, '0')}` : 'cannot be read'],
        ['secure boot', yesOrNo(security.secureBoot)],
        ['flash encryption', yesOrNo(security.flashEncryption)],
        ['download mode', security.secureDownload ? 'secure' : 'open'],
        ['JTAG disabled', security.jtagDisabled === null ? 'not told' : security.jtagDisabled ? 'yes' : 'no'],
      ]
      for (const [name, value] of rows) process.stdout.write(`${name.padEnd(18)}${value}\n`)
    })

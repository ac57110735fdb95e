import { userInfo } from 'node:os'
import { resolve } from 'node:path'
import { Command } from 'commander'
import { FolderLockedError } from '../folder-lock.ts'
import { RunFailure } from '../flashing/failure.ts'
import { nativeBinding } from '../flashing/ports/native-ports.ts'
import { withBoard } from '../flashing/session/one-board.ts'
import { checkText, LabelTextError, readLabelText } from '../inspection/check-unit.ts'
import { readUnit, type ReadUnitOptions } from '../inspection/read-unit.ts'
import { openDataFolder } from '../station/data-folder.ts'
import { KeyFileError, readFlashKey, readNvsKeyFile } from '../station/orders/order-encryption.ts'
import { spotCheck, type SpotCheck } from '../station/requests/spot-check.ts'
import { wholeNumber } from './arguments.ts'
import { InputError } from './input-error.ts'
import { portAddress } from './port-address.ts'

interface Options {
  readonly port: string
  readonly label: string
  readonly data?: string
  readonly factory?: string
  readonly flashKey?: string
  readonly nvsKeys?: string
  readonly baud: string
  readonly json?: boolean
}

const EXIT_WRONG = 1
const SIGN = { right: 'ok   ', wrong: 'WRONG', unknown: '-    ' } as const

const asText = ({ right, mac, serial, findings }: SpotCheck): string =>
  [
    ...findings.map((item) => {
      const sign = item.right === null ? SIGN.unknown : item.right ? SIGN.right : SIGN.wrong
      return `${sign}  ${item.point.padEnd(20)}${checkText(item)}`
    }),
    `${right ? 'RIGHT' : 'WRONG'}: ${serial ?? 'no serial number'}, ${mac ?? 'MAC not readable'}`,
  ].join('\n')

/** Each finding with its sentence, for those who read it without the codes. */
const asJson = (result: SpotCheck): string =>
  JSON.stringify({ ...result, findings: result.findings.map((item) => ({ ...item, text: checkText(item) })) })

/** @throws InputError */
const keysFrom = async ({ flashKey, nvsKeys }: Options): Promise<Pick<ReadUnitOptions, 'flashKey' | 'keys'>> => {
  try {
    return {
      ...(flashKey === undefined ? {} : { flashKey: await readFlashKey(flashKey) }),
      ...(nvsKeys === undefined ? {} : { keys: (await readNvsKeyFile(nvsKeys)).keys }),
    }
  } catch (error) {
    throw error instanceof KeyFileError ? new InputError(error.message) : error
  }
}

/** `imprint check`: is this the label of this board? */
export const checkCommand = (): Command =>
  new Command('check')
    .description('spot check: compare the label of a board with what is on the board, and with the records')
    .requiredOption('--port <port>', 'where the board is: path, socket://HOST:PORT or rfc2217://HOST:PORT', portAddress)
    .requiredOption('--label <text>', "what the label's QR code says ('MT:…'), or its manual pairing code")
    .option('--data <dir>', 'data folder of the station that made it; the check is kept in its records')
    .option('--factory <label>', 'name of the manufacturing partition (default: the usual names)')
    .option('--flash-key <file>', 'flash encryption key of a board whose flash is encrypted')
    .option('--nvs-keys <file>', "keys of encrypted NVS (default: those in the board's own keys partition)")
    .option('--baud <n>', 'rate of the transfer', '921600')
    .option('--json', 'print the result as JSON')
    .action(async (options: Options) => {
      const baud = wholeNumber('--baud', options.baud, 9_600, 5_000_000)
      try {
        readLabelText(options.label)
      } catch (error) {
        if (error instanceof LabelTextError) throw new InputError(`--label: ${error.message}`)
        throw error
      }
      const keys = await keysFrom(options)
      const data =
        options.data === undefined
          ? undefined
          : await openDataFolder(resolve(options.data), 'imprint check').catch((error: unknown) => {
              throw error instanceof FolderLockedError ? new InputError(error.message) : error
            })
      try {
        const device = await withBoard(nativeBinding(), options.port, { stub: true, baud }, (board) =>
          readUnit(board, { factoryLabel: options.factory, ...keys }),
        ).catch((error: unknown) => {
          throw error instanceof RunFailure ? new Error(`${error.code}: ${error.message}. ${error.help}`) : error
        })
        const result = await spotCheck(options.label, device, data, userInfo().username)
        process.stdout.write(`${options.json ? asJson(result) : asText(result)}\n`)
        if (!result.right) process.exitCode = EXIT_WRONG
      } finally {
        await data?.close()
      }
    })

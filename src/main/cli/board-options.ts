/** Options about the boards themselves, the same for every command that writes to them. */
import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import type { BoardChecks } from '../../contract/index.ts'
import type { Reset } from '../flashing/loader/reset.ts'
import { parseReset } from '../flashing/loader/reset-text.ts'
import type { SecurityExpectation, SessionPlan } from '../flashing/session/session-plan.ts'
import { InputError } from './input-error.ts'

export interface BoardOptions {
  readonly expect: string
  readonly encryptByDevice?: true
  readonly flashKey?: string
  readonly nvsKeys?: string
  readonly allowUnverified?: true
  readonly bootText?: string
  readonly reset?: string
}

const FEATURES: Readonly<Record<string, keyof SecurityExpectation>> = {
  'secure-boot': 'secureBoot',
  'flash-encryption': 'flashEncryption',
  'secure-download': 'secureDownload',
}

/** @throws InputError */
const securityOf = (text: string, allowed: readonly string[]): SecurityExpectation => {
  const names = text === 'none' ? [] : text.split(',').map((name) => name.trim())
  const wrong = names.find((name) => !allowed.includes(name))
  if (wrong !== undefined)
    throw new InputError(
      `--expect ${text} is not allowed; 'none' is, or of ${allowed.join(', ')} some with commas between`,
    )
  return Object.fromEntries(names.map((name) => [FEATURES[name], true]))
}

/** Boards that get an identity have to tell their MAC, which none does in Secure Download Mode. */
const WITH_MAC = ['secure-boot', 'flash-encryption']
const ALL = Object.keys(FEATURES)

/** @param named boards get an identity, bound to their MAC */
export const addBoardOptions = (command: Command, named: boolean): Command =>
  command
    .addOption(
      new Option(
        '--expect <protection>',
        `what protects the boards; any other state is refused: none, or ${(named ? WITH_MAC : ALL).join(', ')}`,
      ).default('none'),
    )
    .option('--flash-key <file>', 'encrypt beforehand, under this flash encryption key, what the chip reads encrypted')
    .option('--encrypt-by-device', 'the chip encrypts what is written; it cannot be read back then')
    .option('--allow-unverified', 'take boards whose content cannot be read back')
    .option('--boot-text <text>', 'what the firmware says on the port once it runs, to be waited for')
    .option('--reset <steps>', "the fixture's own way into the loader, such as D0|R1|W0.1|D1|R0|W0.05|D0")

/** @throws InputError */
const refuse = ({ encryptByDevice, flashKey, allowUnverified, bootText }: BoardOptions): void => {
  if (encryptByDevice === true && flashKey !== undefined)
    throw new InputError('--flash-key and --encrypt-by-device would encrypt twice; give one of both')
  if (encryptByDevice === true && allowUnverified !== true)
    throw new InputError('what the chip encrypts cannot be read back; --encrypt-by-device needs --allow-unverified')
  if (bootText === '') throw new InputError('--boot-text is empty; give what the firmware says, or leave it out')
}

/** @throws InputError */
const resetOf = (text: string): Reset => {
  try {
    return parseReset(text)
  } catch (error) {
    throw error instanceof RangeError ? new InputError(`--reset ${error.message}`) : error
  }
}

/** For boards without an identity. @throws InputError */
export const boardPlan = (
  options: BoardOptions,
): Pick<SessionPlan, 'security' | 'encryption' | 'allowUnverified' | 'bootText' | 'reset'> => {
  refuse(options)
  return {
    security: securityOf(options.expect, ALL),
    allowUnverified: options.allowUnverified === true,
    ...(options.encryptByDevice === true ? { encryption: 'by-device' as const } : {}),
    ...(options.bootText === undefined ? {} : { bootText: options.bootText }),
    ...(options.reset === undefined ? {} : { reset: resetOf(options.reset) }),
  }
}

/** For the boards of an order. @throws InputError */
export const boardChecks = (options: BoardOptions): BoardChecks => {
  refuse(options)
  if (options.reset !== undefined) resetOf(options.reset)
  const { secureBoot = false, flashEncryption = false } = securityOf(options.expect, WITH_MAC)
  return {
    security: { secureBoot, flashEncryption },
    encryption: options.encryptByDevice === true ? 'by-device' : 'none',
    flashKey: options.flashKey === undefined ? null : resolve(options.flashKey),
    nvsKeys: options.nvsKeys === undefined ? null : resolve(options.nvsKeys),
    allowUnverified: options.allowUnverified === true,
    bootText: options.bootText ?? null,
    reset: options.reset ?? null,
  }
}

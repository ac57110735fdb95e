import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import { addBoardOptions, boardChecks, boardPlan, type BoardOptions } from '../../src/main/cli/board-options.ts'
import { InputError } from '../../src/main/cli/input-error.ts'
import { USUAL_CHECKS } from '../../src/contract/index.ts'

const typed = (named: boolean, ...args: string[]): BoardOptions =>
  addBoardOptions(new Command('x').exitOverride(), named).parse(args, { from: 'user' }).opts()

describe('what a person types about the boards', () => {
  test('nothing: unprotected boards, read back in full', () => {
    expect(boardChecks(typed(true))).toEqual(USUAL_CHECKS)
    expect(boardPlan(typed(false))).toEqual({ security: {}, allowUnverified: false })
  })

  test('every option', () => {
    const args = ['--expect', 'secure-boot, flash-encryption', '--encrypt-by-device', '--allow-unverified']
    expect(boardChecks(typed(true, ...args, '--boot-text', 'ready'))).toEqual({
      security: { secureBoot: true, flashEncryption: true },
      encryption: 'by-device',
      flashKey: null,
      nvsKeys: null,
      allowUnverified: true,
      bootText: 'ready',
      reset: null,
    })
    expect(boardPlan(typed(false, '--expect', 'secure-download', '--allow-unverified'))).toEqual({
      security: { secureDownload: true },
      allowUnverified: true,
    })
  })

  test.each([
    [['--expect', 'walls'], /'none' is, or of secure-boot, flash-encryption some/u],
    [['--expect', 'secure-download'], /--expect secure-download is not allowed/u],
    [['--encrypt-by-device'], /--encrypt-by-device needs --allow-unverified/u],
    [['--encrypt-by-device', '--allow-unverified', '--flash-key', 'key.bin'], /would encrypt twice; give one of both/u],
    [['--boot-text', ''], /--boot-text is empty/u],
  ])('%j is refused for an order', (args, sentence) => {
    expect(() => boardChecks(typed(true, ...args))).toThrow(sentence)
    expect(() => boardChecks(typed(true, ...args))).toThrow(InputError)
  })
})

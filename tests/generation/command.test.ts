/** The command line of `imprint generate`: what existing scripts and people at a terminal rely on. */
import { describe, expect, test } from 'vitest'
import { commandWithOptions } from '../../src/main/cli/generate-options.ts'
import { createReport, progressBar } from '../../src/main/cli/generation-report.ts'
import { parse, PRODUCT, refusal, request } from './made.ts'

/** Every option of esp-matter-mfg-tool 1.0.29, by its group. */
const INCUMBENT = {
  'General options:': [
    ...['-n, --count', '--target', '-s, --size', '-e, --encrypt', '--log-level', '--outdir', '--no-bin'],
    '--no-secure-cert-bin',
  ],
  'Commissioning options:': [
    ...['--passcode', '--discriminator', '-cf, --commissioning-flow', '-dm, --discovery-mode'],
    ...['--enable-dynamic-passcode', '--salt', '--verifier', '--iteration-count'],
    '--commissionable-data-in-secure-cert',
  ],
  'Device attestation credential options:': [
    ...['--dac-in-secure-cert', '-lt, --lifetime', '-vf, --valid-from', '-cn, --cn-prefix', '-c, --cert', '-k, --key'],
    ...['-cd, --cert-dclrn', '--dac-cert', '--dac-key', '-ds, --ds-peripheral', '--efuse-key-id', '--port'],
    '--pwd, --password',
  ],
  'Input certificate type:': ['--paa', '--pai'],
  'Device instance information options:': [
    ...['-v, --vendor-id', '--vendor-name', '-p, --product-id', '--product-name', '--hw-ver', '--hw-ver-str'],
    ...['--mfg-date', '--serial-num', '--enable-rotating-device-id', '--rd-id-uid', '--rd-id-uid-in-secure-cert'],
    ...['--product-finish', '--product-color', '--part-number'],
  ],
  'Device instance options:': ['--calendar-types', '--locales', '--fixed-labels', '--supported-modes'],
  'Few more Basic clusters options:': ['--product-label', '--product-url'],
  'Extra information options using csv files:': ['--mqtt-host', '--csv', '--mcsv'],
}

describe('options', () => {
  const help = commandWithOptions().helpInformation()

  test.each(Object.entries(INCUMBENT))('--help has the group %s with all of its options', (group, options) => {
    const [, after = ''] = help.split(`\n${group}\n`)
    const [section = ''] = after.split(/\n\n(?=\S)/u)
    for (const option of options) expect(section).toMatch(new RegExp(`^  ${option}(?: |$)`, 'mu'))
  })

  test('short options of one letter and of two are the incumbent’s', () => {
    const options = parse(
      ...[
        '-v',
        '1',
        '-p',
        '2',
        '-n',
        '3',
        '-s',
        '0x4000',
        '-e',
        '-c',
        'c',
        '-k',
        'k',
        '-cf',
        '2',
        '-dm',
        '6',
        '-lt',
        '5',
      ],
      ...['-vf', '2026-12-01', '-cn', 'ACME', '-cd', 'cd', '-ds', '--pwd', 'p'],
    )
    expect(options).toMatchObject({
      ...{ vendorId: '1', productId: '2', count: '3', size: '0x4000', encrypt: true, cert: 'c', key: 'k' },
      ...{ commissioningFlow: '2', discoveryMode: '6', lifetime: '5', validFrom: '2026-12-01', cnPrefix: 'ACME' },
      ...{ certDclrn: 'cd', dsPeripheral: true, password: 'p' },
    })
  })

  test('numbers may be decimal, hexadecimal, octal or binary', () => {
    const { plan, count } = request('-v', '65521', '-p', '0x8000', '-n', '0b11', '--hw-ver', '0o17', '-s', '24576')
    expect(plan).toMatchObject({ vendorId: 0xfff1, productId: 0x8000, partition: { size: 0x6000 } })
    expect(plan.common.hardwareVersion).toBe(15)
    expect(count).toBe(3)
  })

  test.each([
    [['-s', '5000'], /^--size 5000 is not allowed; a multiple of 4096/u],
    [['-cf', '3'], /^--commissioning-flow 3 is not allowed/u],
    [['-dm', '1'], /^--discovery-mode 1 is not allowed; 2 \(BLE\)/u],
    [['-dm', '0'], /^--discovery-mode 0/u],
    [['--iteration-count', '999'], /^--iteration-count 999 .* from 1000 to 100000/u],
    [['--discriminator', '4096'], /^--discriminator 4096 .* from 0 to 4095/u],
    [['--product-color', 'pink'], /^--product-color pink is not allowed; one of black, navy/u],
    [['--product-finish', 'dull'], /^--product-finish dull/u],
    [['--hw-ver', '65536'], /^--hw-ver: hardware version 65536/u],
    [['--calendar-types', 'Mayan'], /^--calendar-types Mayan is not allowed; Buddhist/u],
    [['--locales', 'not a tag'], /^--locales not a tag is not allowed; a language tag/u],
    [['--salt', 'AAAA'], /^--salt has 3 bytes; 16 to 32/u],
    [['--verifier', 'U1BBS0UyUCBLZXkgU2FsdA=='], /^--verifier has 16 bytes; 97/u],
    [['--enable-dynamic-passcode', '--passcode', '20202021'], /--passcode and --enable-dynamic-passcode/u],
    [['--paa', '--pai', '-c', 'x', '-k', 'y'], /--paa and --pai are both given/u],
    [['--pai', '-c', '/does/not/exist', '-k', 'y'], /^--cert \/does\/not\/exist: there is no such file/u],
    [['--cert-dclrn', '/'], /^--cert-dclrn \/: it is a folder/u],
    [['-ds', '--dac-in-secure-cert', '--target', 'esp32'], /^--target esp32 is not allowed; with --ds-peripheral/u],
    [['--target', 'avr'], /^--target avr is not allowed/u],
    [['--vendor-name', 'a\nb'], /^--vendor-name "a\\nb" is not allowed; text without control characters/u],
  ])('%j is refused in a sentence', (args, sentence) => {
    expect(refusal(...args)).toMatch(sentence)
  })

  test('enumerations are kept as the firmware’s numbers', () => {
    const { common } = request(
      ...[...PRODUCT, '--product-color', 'Gold', '--product-finish', 'FABRIC', '--loc-capability', 'both'],
      ...['--calendar-types', 'Gregorian', 'Hebrew', 'Taiwanese', '--locales', 'en-US', 'zh-Hans'],
    ).plan
    expect(common).toMatchObject({ productColor: 20, productFinish: 5, locationCapability: 2, calendarTypes: 0x830 })
    expect(common.locales).toEqual(['en-US', 'zh-Hans'])
  })
})

describe('what the command says', () => {
  const result = {
    made: 4,
    found: 1,
    count: 4,
    folder: '/out/1_2',
    summary: '/out/1_2/s.csv',
    cnDacs: '/out/1_2/c.csv',
  }
  const reportTo = (json: boolean, isTTY: boolean, level: 'debug' | 'info' | 'error' = 'info') => {
    const said = { out: '', err: '' }
    let time = 0
    const report = createReport({
      ...{ json, level, clock: () => time },
      out: { write: (text) => (said.out += text) },
      err: { isTTY, columns: 80, write: (text) => (said.err += text) },
    })
    return { said, report, pass: (milliseconds: number) => (time += milliseconds) }
  }

  test('--json: a line for progress each second, and one for the result', () => {
    const { said, report, pass } = reportTo(true, true)
    report.note('the validity ends')
    for (let made = 1; made <= 4; made++) {
      pass(600)
      report.progress({ made, count: 4 })
    }
    report.result(result, true)
    const lines = said.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string })
    expect(lines.map(({ type }) => type)).toEqual(['note', 'progress', 'progress', 'result'])
    expect(lines[1]).toEqual({ type: 'progress', made: 2, count: 4, perSecond: 1.7, etaSeconds: 1 })
    expect(lines[3]).toMatchObject({ complete: true, made: 4, found: 1, count: 4, folder: '/out/1_2' })
    expect(said.err).toBe('')
  })

  test('on a terminal: a bar with rate and time left, which goes away', () => {
    const { said, report, pass } = reportTo(false, true)
    pass(2000)
    report.progress({ made: 1, count: 4 })
    expect(said.err).toContain('1/4  0.5/s  00:06 left')
    report.result(result, true)
    expect(said.err.endsWith('\r\u001b[K')).toBe(true)
    expect(said.out).toContain('4 of 4 devices (1 of them before) in /out/1_2')
  })

  test('into a file: no bar; with --log-level error no notes', () => {
    const { said, report, pass } = reportTo(false, false, 'error')
    report.note('x')
    pass(5000)
    report.progress({ made: 1, count: 4 })
    expect(said.err).toBe('')
  })

  test('the bar fills, and says hours only where there are some', () => {
    expect(progressBar({ made: 0, count: 10 }, 0)).toMatch(/^\[> {29}\] 0\/10 {2}0\.0\/s$/u)
    expect(progressBar({ made: 10, count: 10 }, 10)).toMatch(/^\[={30}\] 10\/10 {2}1\.0\/s {2}00:00 left$/u)
    expect(progressBar({ made: 1, count: 10_000 }, 1)).toMatch(/02:46:39 left$/u)
  })
})

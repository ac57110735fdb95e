/** What is typed for a port or a file is refused at once, in one sentence, before any board is touched. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { InputError } from '../../src/main/cli/input-error.ts'
import { listenForInterrupts } from '../../src/main/cli/interrupts.ts'
import { refuseUnwritable } from '../../src/main/cli/output-file.ts'
import { collectPorts, portAddress } from '../../src/main/cli/port-address.ts'
import { networkAddress } from '../../src/main/flashing/links/network-address.ts'

const folder = mkdtempSync(join(tmpdir(), 'imprint-output-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('the port of a board', () => {
  test.each(['/dev/ttyUSB0', 'COM3', 'location:1-4.2', 'socket://10.0.0.7:4001', 'rfc2217://[::1]:4001'])(
    '%s is taken as it is',
    (port) => expect(portAddress(port)).toBe(port),
  )

  test.each([
    ['', /--port is empty/u],
    ['socket://10.0.0.7', /socket:\/\/10\.0\.0\.7 is not allowed; a path, socket:\/\/HOST:PORT/u],
    ['socket://10.0.0.7:0', /is not allowed/u],
    ['socket://10.0.0.7:65536', /is not allowed/u],
    ['rfc2217://:4001', /is not allowed/u],
    ['http://10.0.0.7:4001', /is not allowed/u],
  ])('%j is refused', (port, sentence) => {
    expect(() => portAddress(port)).toThrow(InputError)
    expect(() => portAddress(port)).toThrow(sentence)
  })

  test('is given once', () => {
    expect(collectPorts('b', collectPorts('a'))).toEqual(['a', 'b'])
    expect(() => collectPorts('a', ['a'])).toThrow(/--port a is given twice/u)
  })

  test('in a network is its kind, host and port, and nothing else is one', () => {
    const host = fc.oneof(
      fc.domain(),
      fc.ipV4(),
      fc.ipV6().map((text) => `[${text}]`),
    )
    fc.assert(
      fc.property(
        fc.constantFrom('socket', 'rfc2217'),
        host,
        fc.integer({ min: 1, max: 65_535 }),
        (kind, name, port) => {
          expect(networkAddress(`${kind}://${name}:${port}`)).toEqual({ kind, host: name.replace(/[[\]]/gu, ''), port })
        },
      ),
    )
    fc.assert(fc.property(fc.string(), (text) => networkAddress(text) === undefined))
  })
})

test('a file that cannot be written is refused before the work, with what to do', async () => {
  await refuseUnwritable(join(folder, 'new.bin'))
  await expect(refuseUnwritable('')).rejects.toThrow(/the name of the file is empty/u)
  await expect(refuseUnwritable(folder)).rejects.toThrow(/is a folder; name a file in it/u)
  const missing = join(folder, 'none', 'x.bin')
  await expect(refuseUnwritable(missing)).rejects.toThrow(/there is no folder .*none; make it first/u)
  await expect(refuseUnwritable(missing)).rejects.toThrow(InputError)
})

test('the first signal asks the work to end, and the next is the system’s again', () => {
  const before = process.listenerCount('SIGTERM')
  const { signal, free } = listenForInterrupts()
  expect(process.listenerCount('SIGTERM')).toBe(before + 1)
  process.emit('SIGTERM')
  expect(signal.reason).toMatchObject({ code: 'stopped', message: 'interrupted by SIGTERM' })
  expect(process.exitCode).toBe(143)
  process.exitCode = undefined
  expect(process.listenerCount('SIGTERM')).toBe(before)
  free()
})

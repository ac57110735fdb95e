import { ReadStream } from 'node:tty'
import { constants, openSync } from 'node:fs'
import { MessageChannel } from 'node:worker_threads'
import { afterEach, expect, test } from 'vitest'
import type { BindingPortInterface } from '@serialport/bindings-interface'
import { lendPorts, nativeBinding } from '../../src/main/flashing/ports/native-ports.ts'
import { remoteBinding } from '../../src/main/flashing/ports/remote-binding.ts'

interface Pair {
  readonly master: ReadStream
  readonly slave: ReadStream
  readonly ptsName: string
}
const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

const openPair = async (): Promise<Pair> => {
  const { default: pty } = (await import('@lydell/node-pty')) as unknown as { default: { open(o: object): Pair } }
  const pair = pty.open({ encoding: null })
  // Read by nobody but the port under test.
  const keeper = new ReadStream(openSync(pair.ptsName, constants.O_RDWR | constants.O_NOCTTY))
  keeper.setRawMode(true)
  pair.slave.destroy()
  pair.master.pause()
  ends.push(() => {
    keeper.destroy()
    pair.master.destroy()
  })
  return pair
}

const borrow = async (path: string): Promise<BindingPortInterface> => {
  const { port1, port2 } = new MessageChannel()
  lendPorts(port1, nativeBinding())
  ends.push(() => port2.close())
  return remoteBinding(port2).open({ path, baudRate: 115_200 })
}

const received = (master: ReadStream, length: number): Promise<Buffer> =>
  new Promise((resolve) => {
    let all = Buffer.alloc(0)
    master.on('data', (bytes: Buffer) => {
      all = Buffer.concat([all, bytes])
      if (all.length >= length) resolve(all)
    })
    master.resume()
  })

test('bytes go both ways over a port that another thread owns', async () => {
  const { master, ptsName } = await openPair()
  const port = await borrow(ptsName)
  await port.write(Buffer.from('to the board'))
  expect((await received(master, 12)).toString()).toBe('to the board')
  master.write('to the host')
  const buffer = Buffer.alloc(100)
  let text = ''
  while (text.length < 11) {
    const { bytesRead } = await port.read(buffer, 0, 100)
    text += buffer.toString('latin1', 0, bytesRead)
  }
  expect(text).toBe('to the host')
  await port.close()
})

test('while a long write waits for room, what arrives is heard, and the write then ends', async () => {
  const { master, ptsName } = await openPair()
  const port = await borrow(ptsName)
  const long = Buffer.alloc(400_000, 0x55)
  await port.write(long)
  await new Promise((resolve) => setTimeout(resolve, 100))
  for (const letter of ['a', 'b', 'c']) {
    master.write(letter)
    const buffer = Buffer.alloc(10)
    const { bytesRead } = await port.read(buffer, 0, 10)
    expect(buffer.toString('latin1', 0, bytesRead)).toBe(letter)
  }
  expect((await received(master, long.length)).equals(long)).toBe(true)
  await port.close()
})

test('a port that is not there is an error, and one that is open is busy', async () => {
  await expect(borrow('/dev/there-is-no-such-port')).rejects.toThrow(/No such file/u)
  const { ptsName } = await openPair()
  const port = await borrow(ptsName)
  await expect(borrow(ptsName)).rejects.toThrow(/lock/u)
  await port.close()
  await (await borrow(ptsName)).close()
})

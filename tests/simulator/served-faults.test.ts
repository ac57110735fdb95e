/** Faults of the port itself, on boards that are served to other programs: as `imprint simulate --fault` gives them. */
import { afterEach, describe, expect, test } from 'vitest'
import type { BindingInterface } from '@serialport/bindings-interface'
import { withBoard } from '../../src/main/flashing/session/one-board.ts'
import { openLink } from '../../src/main/flashing/links/open-link.ts'
import { parseFault } from '../../src/main/simulator/faults.ts'
import { serveRfc2217 } from '../../src/main/simulator/serve-rfc2217.ts'
import { serveTcp, type Served } from '../../src/main/simulator/serve-tcp.ts'

const noPorts: BindingInterface = {
  list: () => Promise.resolve([]),
  open: () => Promise.reject(new Error('no serial port is meant')),
}
const timing = { factor: 0 }

let served: Served | undefined
afterEach(async () => {
  await served?.close()
  served = undefined
})

describe.each([
  ['socket', serveTcp],
  ['rfc2217', serveRfc2217],
] as const)('%s', (way, serve) => {
  const reach = async (fault: string): Promise<string | null> => {
    served ??= await serve('127.0.0.1', 0, {
      ...{ chip: 'esp32c3', mac: 'AA:BB:CC:00:00:01', pace: Infinity },
      faults: [parseFault(fault)],
    })
    const wanted = { stub: true, baud: 921_600, timing }
    return withBoard(noPorts, served.address, wanted, ({ board }) => Promise.resolve(board.mac))
  }

  test('a board that does not answer is told with how it was asked', async () => {
    const how = way === 'socket' ? /over a port without reset lines/u : /after 6 resets/u
    await expect(reach('no-answer')).rejects.toMatchObject({
      code: 'no-answer',
      message: expect.stringMatching(how) as string,
    })
  })

  test('a port that another program has is lost at once, and free for the next', async () => {
    await expect(reach('port-busy:times=1')).rejects.toMatchObject({ code: 'port-lost' })
    expect(await reach('port-busy:times=1')).toBe('AA:BB:CC:00:00:01')
  })

  test('a plug that comes out takes the port away, and the board is found again afterwards', async () => {
    served = await serve('127.0.0.1', 0, {
      ...{ chip: 'esp32c3', mac: 'AA:BB:CC:00:00:01', pace: Infinity },
      faults: [parseFault('usb-unplugged:times=1')],
    })
    const link = await openLink(noPorts, served.address, { baud: 115_200 })
    const lost = new Promise<string>((resolve) => link.onLost(resolve))
    await link.write(new Uint8Array(0x6000))
    expect(await lost).toContain('closed')
    await link.close()
    expect(await reach('usb-unplugged:times=1')).toBe('AA:BB:CC:00:00:01')
  })
})

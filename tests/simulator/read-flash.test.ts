import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { dataPacket, requestPacket, words } from '../../src/main/flashing/loader/command.ts'
import { encodeSlip, slipDecoder } from '../../src/main/flashing/loader/slip.ts'
import { createFlashMemory } from '../../src/main/simulator/flash-memory.ts'
import { createSimulatedChip } from '../../src/main/simulator/simulated-chip.ts'

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))
const PACKET = 0x1000
const PACKETS = 8

test('acknowledgements of READ_FLASH that come all in one piece are all taken', async () => {
  const heard: Uint8Array[] = []
  const flash = createFlashMemory(0x400000)
  const content = Uint8Array.from({ length: PACKET * PACKETS }, (_, at) => (at * 7) & 0xff)
  flash.program(0, content)
  const chip = createSimulatedChip({
    ...{ chip: 'esp32c3', mac: 'AA:BB:CC:00:00:01', flash },
    work: () => Promise.resolve(),
    now: () => 0,
    send: (bytes) => heard.push(bytes),
  })
  chip.reset(true)
  for (const packet of [
    requestPacket('memBegin', words(32, 1, 32, 0x40380000)),
    dataPacket('memData', new Uint8Array(32), 0),
    requestPacket('memEnd', words(0, 0x40380000)),
    requestPacket('readFlash', words(0, content.length, PACKET, 64)),
  ]) {
    chip.receive(encodeSlip(packet))
    await settle()
  }
  heard.length = 0
  const acknowledgements = Array.from({ length: PACKETS }, (_, index) => encodeSlip(words((index + 1) * PACKET)))
  chip.receive(Buffer.concat(acknowledgements))
  await settle()
  const [digest] = slipDecoder().push(Buffer.concat(heard))
  expect(Buffer.from(digest ?? []).toString('hex')).toBe(createHash('md5').update(content).digest('hex'))
})

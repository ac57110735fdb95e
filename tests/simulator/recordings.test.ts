/** Whole esptool runs against the real chips, replayed frame by frame against the simulated ones. */
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { encodeSlip, slipDecoder } from '../../src/main/flashing/loader/slip.ts'
import { createFlashMemory } from '../../src/main/simulator/flash-memory.ts'
import { createSimulatedChip } from '../../src/main/simulator/simulated-chip.ts'
import { readRecording, turnsOf } from './recording.ts'

const recordings = readdirSync(new URL('../vectors/loader', import.meta.url)).filter((name) => name.endsWith('.jsonl'))
/** The MACs of the recorded chips. */
const MACS = { esp32: '10:01:00:C4:0A:24', esp32c3: '8C:AA:B5:C3:D4:E6' } as const

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 2))

/** Long frames are compared as the recording keeps them. */
const told = (frame: Uint8Array): string =>
  frame.length < 100
    ? Buffer.from(frame).toString('hex')
    : `${frame.length} bytes, SHA-256 ${createHash('sha256').update(frame).digest('hex')}`

describe.each(recordings)('%s', (name) => {
  test('is answered as it was recorded', async () => {
    const chip = name.startsWith('esp32-') ? 'esp32' : 'esp32c3'
    const flash = createFlashMemory(0x400000)
    let heard: Uint8Array[] = []
    const simulated = createSimulatedChip({
      chip,
      mac: MACS[chip],
      flash,
      work: () => Promise.resolve(),
      now: () => 0,
      send: (bytes) => heard.push(bytes),
    })
    simulated.reset(true)
    heard = []
    for (const [index, { sent, answers }] of turnsOf(readRecording(name)).entries()) {
      simulated.receive(encodeSlip(sent))
      for (let waits = 0; waits < 50; waits++) {
        await settle()
        if (slipDecoder().push(Buffer.concat(heard)).length >= answers.length) break
      }
      const frames = slipDecoder().push(Buffer.concat(heard)).map(told)
      heard = []
      expect(frames, `turn ${index}: ${told(sent)}`).toEqual(answers)
    }
  })
})

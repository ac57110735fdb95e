/**
 * The flasher stub: a small program that runs from the chip's RAM and writes flash faster than the ROM. The binaries are those of
 * esp-flasher-stub (Apache-2.0 or MIT) as shipped in the npm package esptool-js.
 */
import esp32 from 'esptool-js/lib/targets/stub_flasher/esp32.json' with { type: 'json' }
import esp32c2 from 'esptool-js/lib/targets/stub_flasher/esp32c2.json' with { type: 'json' }
import esp32c3 from 'esptool-js/lib/targets/stub_flasher/esp32c3.json' with { type: 'json' }
import esp32c5 from 'esptool-js/lib/targets/stub_flasher/esp32c5.json' with { type: 'json' }
import esp32c6 from 'esptool-js/lib/targets/stub_flasher/esp32c6.json' with { type: 'json' }
import esp32h2 from 'esptool-js/lib/targets/stub_flasher/esp32h2.json' with { type: 'json' }
import esp32p4 from 'esptool-js/lib/targets/stub_flasher/esp32p4.json' with { type: 'json' }
import esp32s2 from 'esptool-js/lib/targets/stub_flasher/esp32s2.json' with { type: 'json' }
import esp32s3 from 'esptool-js/lib/targets/stub_flasher/esp32s3.json' with { type: 'json' }
import type { Chip, ChipName } from '../../espressif/chips.ts'
import { dataPacket, LIMITS, words } from './command.ts'
import { RunFailure } from '../failure.ts'
import { LoaderRefusal, LoaderSilence, type Loader } from './loader.ts'
import { encodeSlip } from './slip.ts'

interface StubFile {
  readonly entry: number
  readonly text: string
  readonly text_start: number
  readonly data?: string
  readonly data_start?: number
}

const STUBS: Readonly<Record<ChipName, StubFile>> = {
  esp32,
  esp32s2,
  esp32s3,
  esp32c2,
  esp32c3,
  esp32c5,
  esp32c6,
  esp32h2,
  esp32p4,
}

interface Segment {
  readonly address: number
  readonly bytes: Uint8Array
}

const segments = (stub: StubFile): Segment[] => {
  const parts: Segment[] = [{ address: stub.text_start, bytes: Buffer.from(stub.text, 'base64') }]
  if (stub.data && stub.data_start !== undefined)
    parts.push({ address: stub.data_start, bytes: Buffer.from(stub.data, 'base64') })
  return parts
}

/** What a stub sends, framed, once it runs. */
const GREETING = 'OHAI'

const load = async (loader: Loader, chip: Chip): Promise<void> => {
  for (const { address, bytes } of segments(STUBS[chip.name])) {
    const blocks = Math.ceil(bytes.length / chip.ramBlock)
    await loader.request('memBegin', words(bytes.length, blocks, chip.ramBlock, address))
    for (let block = 0; block < blocks; block++) {
      const payload = bytes.subarray(block * chip.ramBlock, (block + 1) * chip.ramBlock)
      await loader.exchange('memData', encodeSlip(dataPacket('memData', payload, block)), LIMITS.usual)
    }
  }
}

/**
 * Loads the chip's stub through the ROM and starts it.
 *
 * @throws RunFailure `stub-not-started`
 */
export const startStub = async (loader: Loader, chip: Chip): Promise<void> => {
  try {
    await load(loader, chip)
    // The ROM may jump before its answer is out, so the stub's greeting is the answer that counts.
    await loader.send('memEnd', words(0, STUBS[chip.name].entry))
    for (;;) {
      const frame = await loader.nextFrame(LIMITS.stubStart)
      if (!frame) throw new LoaderSilence('the start of the stub', LIMITS.stubStart)
      if (Buffer.from(frame).toString('latin1') === GREETING) break
    }
  } catch (error) {
    if (error instanceof LoaderSilence || error instanceof LoaderRefusal)
      throw new RunFailure('stub-not-started', loader.step, `${loader.link.address}: ${error.message}`, {
        chip: chip.label,
      })
    throw error
  }
  loader.kind = 'stub'
}

/** Writes one board on a simulated bench that keeps its flash in a folder, until someone kills this process: `DIR`. */
import { startFlashWorkers } from '../../src/main/flashing/workers/flash-workers.ts'
import { quickDeflate } from '../../src/main/flashing/images/prepare.ts'
import { openBench } from '../../src/main/simulator/bench.ts'
import { slotPath } from '../../src/main/simulator/bench-protocol.ts'
import { app, macOf, plan } from './simulated-line.ts'

const directory = process.argv[2]
if (!directory) throw new Error('name the folder')
const bench = openBench({ slots: 1, chip: 'esp32c3', pace: 4, directory })
const workers = startFlashWorkers(
  1,
  () => {
    const port = bench.connect()
    return { source: { kind: 'simulated', bench: port }, transfer: [port] }
  },
  { factor: 1 / 4 },
)
await workers.loadRelease('release', [app], quickDeflate)
await bench.insert(1, { mac: macOf(1), faults: [] })
workers.run(1, slotPath(1), plan, 'release', {
  waiting: () => undefined,
  found: () => undefined,
  step: () => undefined,
  progress: (ratio) => process.stdout.write(`${ratio}\n`),
  log: () => undefined,
  identified: () => Promise.resolve([]),
})

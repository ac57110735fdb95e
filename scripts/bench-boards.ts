/** The boards of the flashing bench, in a process of their own: so many simulated ESP32-C3, at wire pace, until standard input ends. */
import { servePty } from '../src/main/simulator/serve-pty.ts'
import { serveTcp } from '../src/main/simulator/serve-tcp.ts'

const [way, count, used] = process.argv.slice(2)
const served = await Promise.all(
  Array.from({ length: Number(count) }, (_, index) => {
    const mac = `AA:BB:CC:DD:00:${(index + 1).toString(16).padStart(2, '0').toUpperCase()}`
    const options = { chip: 'esp32c3', mac, pace: 1, faults: [], usedFlash: used === 'used' } as const
    return way === 'tcp' ? serveTcp('127.0.0.1', 0, options) : servePty(options)
  }),
)
for (const { address } of served) process.stdout.write(`${address}\n`)
process.stdin.resume()
process.stdin.on('end', () => {
  void Promise.all(served.map((chip) => chip.close())).then(() => process.exit(0))
})

/**
 * Replays a recorded stream to a browser as the loopback host would: `node scripts/dashboard/replay.ts FILE`. Prints the address; a line
 * on the standard input is the new speed, e.g. '20', or 'rest': at the end of this pass the line stands still, which is printed. Ends with
 * its input.
 */
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { View, ViewPatch } from '../../src/contract/index.ts'
import { builtRenderer } from '../../src/main/loopback/renderer-files.ts'
import { startLoopback } from '../../src/main/loopback/server.ts'
import type { Stations } from '../../src/main/station/stations.ts'
import { inPass, Stream } from './stream.ts'

const [file = ''] = process.argv.slice(2)
const stream = Stream.parse(JSON.parse(readFileSync(file, 'utf8')))
const recordedAt = Math.max(...stream.view.slots.map(({ startedAt }) => startedAt ?? 0))

const listeners = new Set<(patch: ViewPatch) => void>()
let view: View = stream.view
let speed = 0
/** Of the recording: milliseconds since the first moment of the first pass. */
let position = 0
let next = 0
let pass = 0
let restsAfter = Infinity
let last = performance.now()

const rest = (): void => {
  position = pass * stream.length
  speed = 0
  restsAfter = Infinity
  process.stdout.write('rests\n')
}

const step = (): void => {
  const now = performance.now()
  position += (now - last) * speed
  last = now
  for (;;) {
    const push = stream.pushes[next]
    if (push && pass * stream.length + push.at > position) break
    if (push) {
      const patch = inPass(push.patch, pass, Date.now() - recordedAt - push.at)
      view = { ...view, ...(patch as Partial<View>) }
      for (const listener of listeners) listener(patch)
      next++
    } else if (position < (pass + 1) * stream.length) break
    else {
      pass++
      next = 0
      if (pass > restsAfter) return rest()
    }
  }
}
const timer = setInterval(step, 5)

const stations: Stations = {
  view: () => view,
  onPatch(listener) {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  call: (name) => Promise.resolve({ ok: true, result: name === 'view.get' ? view : (stream.answers[name] ?? {}) }),
  reachableAt: () => undefined,
  close: () => Promise.resolve(),
}
const loopback = await startLoopback(stations, builtRenderer(), 0)
process.stdout.write(`${loopback.newAddress()}\n`)

const input = createInterface({ input: process.stdin })
input.on('line', (line) => {
  if (line === 'rest') restsAfter = pass
  else speed = Number(line)
})
input.on('close', () => {
  clearInterval(timer)
  void loopback.close().then(() => process.exit(0))
})

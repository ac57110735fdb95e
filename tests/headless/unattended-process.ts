/** An unattended run in a process of its own, to be killed. */
import { runHeadless } from '../../src/main/headless.ts'

const [out = '', units = '1'] = process.argv.slice(2)
await runHeadless({
  units: Number(units),
  out,
  simulation: { slots: 4, pace: 40, faults: [] },
  demoRelease: { appSize: 60_000 },
  say: (line) => process.stdout.write(`${line}\n`),
  signal: new AbortController().signal,
})

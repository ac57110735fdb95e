import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import { app, macOf, openLine } from './simulated-line.ts'

const directory = mkdtempSync(join(tmpdir(), 'imprint-bench-'))
afterEach(() => rmSync(directory, { recursive: true, force: true }))

test('after kill -9 a board holds what had been written, and is then programmed to the end', async () => {
  const script = fileURLToPath(new URL('./write-until-killed.ts', import.meta.url))
  const child = spawn(process.execPath, [script, directory], { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface({ input: child.stdout })) if (Number(line) > 0.3) break
  child.kill('SIGKILL')
  await new Promise((resolve) => child.once('exit', resolve))
  expect(readdirSync(directory)).toEqual([`${macOf(1).replaceAll(':', '-')}.bin`])

  const line = await openLine({ slots: 1, chip: 'esp32c3', pace: Infinity, directory }, [app])
  try {
    await line.bench.insert(1, { mac: macOf(1), faults: [] })
    const half = ((await line.bench.flashOf(macOf(1))) ?? new Uint8Array()).subarray(app.offset)
    const written = half.subarray(0, app.bytes.length).findLastIndex((byte) => byte !== 0xff) + 1
    expect(written).toBeGreaterThan(app.bytes.length * 0.1)
    expect(written).toBeLessThan(app.bytes.length)
    expect(Buffer.from(half.subarray(0, written)).equals(app.bytes.subarray(0, written))).toBe(true)

    expect(await line.run(1, { name: 'fctry', offset: 0x3e0000, bytes: new Uint8Array(16) }).ended).toMatchObject({
      ok: true,
    })
    const whole = ((await line.bench.flashOf(macOf(1))) ?? new Uint8Array()).subarray(app.offset)
    expect(Buffer.from(whole.subarray(0, app.bytes.length)).equals(app.bytes)).toBe(true)
  } finally {
    await line.close()
  }
})

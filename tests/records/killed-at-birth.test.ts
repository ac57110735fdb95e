import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openRecords } from '../../src/main/records/records.ts'

/** kill -9 at moments spread over the making of the tables. */
const MOMENTS = 12

test('records killed while their tables are made open as if nothing had been', async () => {
  for (let moment = 0; moment < MOMENTS; moment++) {
    const folder = mkdtempSync(join(tmpdir(), 'imprint-birth-'))
    const file = join(folder, 'records.db')
    const child = spawn(process.execPath, [new URL('./make-records.ts', import.meta.url).pathname, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const gone = new Promise((resolve) => child.once('exit', resolve))
    await new Promise((resolve) => child.stdout.once('data', resolve))
    setTimeout(() => child.kill('SIGKILL'), moment * 3)
    await gone
    const records = await openRecords(file)
    expect(await records.ask('hasIdentities')).toBe(false)
    await records.close()
    rmSync(folder, { recursive: true })
  }
})

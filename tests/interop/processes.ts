/** Processes that interop tests start, and end. */
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const ENTRY = fileURLToPath(new URL('../../src/main/cli.ts', import.meta.url))

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end. */
export const finish = async (command: string, args: readonly string[]): Promise<Finished> => {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString()))
  child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stdout, stderr }
}

/** Runs the command line from source. */
export const imprint = (...args: string[]): Promise<Finished> => finish(process.execPath, [ENTRY, ...args])

export interface Simulation {
  /** One a chip. */
  readonly addresses: readonly string[]
  end(): Promise<void>
}

/** `imprint simulate …` in a process of its own, until it is ended. */
export const simulate = async (args: readonly string[], chips = 1): Promise<Simulation> => {
  const child: ChildProcessByStdio<null, Readable, null> = spawn(
    process.execPath,
    [ENTRY, 'simulate', '--chips', String(chips), ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const addresses: string[] = []
  for await (const line of createInterface({ input: child.stdout })) if (addresses.push(line) === chips) break
  if (addresses.length < chips) throw new Error(`imprint simulate ${args.join(' ')} served ${addresses.length} chips`)
  return {
    addresses,
    async end() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      const [code] = (await ended) as [number | null]
      if (code !== 0) throw new Error(`imprint simulate ended with ${code}`)
    },
  }
}

/** The application in the browser host, started by the command that a newcomer types. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface Started {
  /** Signs in once. */
  readonly address: string
  /** All that it has printed. */
  said(): string
  end(): Promise<void>
}

const start = fileURLToPath(new URL('../../../scripts/start.mjs', import.meta.url))
const ADDRESS = /http:\/\/127\.0\.0\.1:\d+\/#token=\S+/u
/** A first start builds, milliseconds. */
const PATIENCE = 120_000

/** @param folder where it is started @throws Error when it prints no address */
export const startImprint = async (folder: string, ...options: string[]): Promise<Started> => {
  const child = spawn(process.execPath, [start, '--web', ...options], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, INIT_CWD: folder },
  })
  let said = ''
  const hear = (bytes: Buffer): void => void (said += bytes.toString())
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const end = (): Promise<void> => {
    child.kill('SIGTERM')
    return gone
  }
  for (let waited = 0; waited < PATIENCE && child.exitCode === null && !ADDRESS.test(said); waited += 100)
    await new Promise((resolve) => setTimeout(resolve, 100))
  const address = ADDRESS.exec(said)?.[0]
  if (address === undefined) {
    if (child.exitCode === null) await end()
    throw new Error(`no address was printed: ${said}`)
  }
  return { address, said: () => said, end }
}

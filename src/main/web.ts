/** The loopback host: the same application in a browser, for machines without Electron's binary or without a display. */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { FolderLockedError } from './folder-lock.ts'
import { REHEARSAL_OPTIONS, rehearsalOf } from './rehearsal.ts'
import { builtRenderer } from './loopback/renderer-files.ts'
import { startLoopback } from './loopback/server.ts'
import { parsePace } from './simulator/pace.ts'
import { openStations } from './station/stations.ts'

const EXIT_INPUT = 2
const EXIT_LOCKED = 3

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    port: { type: 'string', default: '0' },
    production: { type: 'boolean', default: false },
    pace: { type: 'string', default: 'wire' },
    'app-size': { type: 'string' },
    ...REHEARSAL_OPTIONS,
    /** Why this host and not the window; printed before the address. */
    why: { type: 'string' },
  },
})

const say = (line: string): void => void process.stdout.write(`${line}\n`)

const main = async (): Promise<void> => {
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new RangeError(`--port ${values.port} is not allowed; 0 to 65535 are`)
  const stations = await openStations({
    host: 'web',
    mode: values.production ? 'production' : 'demo',
    folder: values.data === undefined ? undefined : resolve(values.data),
    where: 'starting',
    pace: parsePace(values.pace),
    rehearsal: rehearsalOf(values),
    ...(values['app-size'] === undefined ? {} : { demoRelease: { appSize: Number(values['app-size']) } }),
  })
  const loopback = await startLoopback(stations, builtRenderer(), port)
  stations.reachableAt(loopback.origin)
  if (values.why) say(values.why)
  say(`Imprint runs at ${loopback.newAddress()}`)
  say('Open that address in a browser on this computer; it signs in once. Enter prints another, Ctrl-C ends Imprint.')

  let ending = false
  const end = (): void => {
    if (ending) return
    ending = true
    void loopback
      .close()
      .then(() => stations.close())
      .then(() => process.exit(0))
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end)
  process.stdin.on('data', () => say(`Imprint runs at ${loopback.newAddress()}`))
  process.stdin.on('error', () => undefined)
}

main().catch((error: unknown) => {
  process.stderr.write(`imprint: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(error instanceof FolderLockedError ? EXIT_LOCKED : error instanceof RangeError ? EXIT_INPUT : 1)
})

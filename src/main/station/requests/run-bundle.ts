/** What an engineer needs of one run, as text that may leave the house: no passcode, key, salt or verifier is in it. */
import { arch, cpus, platform, release, totalmem } from 'node:os'
import type { View } from '../../../contract/index.ts'
import type { Records } from '../../records/records.ts'
import { RequestRefusal } from '../request-refusal.ts'
import { base64File, type ReportFile } from '../report-files.ts'

export const runBundle = async (records: Records, runId: string, view: View): Promise<ReportFile> => {
  const run = await records.ask('runFacts', { runId })
  if (!run) throw new RequestRefusal('not-found', 'run-unknown')
  const { log, ...facts } = run
  const bundle = {
    imprint: view.station.version,
    host: {
      mode: view.station.host,
      node: process.version,
      platform: platform(),
      release: release(),
      arch: arch(),
      cpus: cpus().length,
      memory: totalmem(),
    },
    station: { name: view.station.name, line: view.station.line, simulated: view.station.simulated },
    order: view.order && { number: view.order.number, chip: view.order.chip, firmware: view.order.firmware },
    run: facts,
    transcript: JSON.parse(log) as unknown,
  }
  return base64File(`imprint-run-${runId.slice(0, 8)}.json`, 'application/json', JSON.stringify(bundle, undefined, 2))
}

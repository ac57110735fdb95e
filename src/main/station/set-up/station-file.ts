/** A station's set-up as a file for the next station: written, and read again. */
import { StationFile, type StationPlace } from '../../../contract/index.ts'
import { unworded } from '../../fault-error.ts'
import type { Records } from '../../records/records.ts'
import type { Station } from '../../station.ts'
import { definitionOf } from '../orders/products.ts'
import { base64File, type ReportFile } from '../report-files.ts'
import { RequestRefusal } from '../request-refusal.ts'
import { keptSetUp } from './set-up.ts'

/** What a file said of a station's place before the station was set up: the set-up begins with it. */
const GIVEN = 'given-place'

export const givenPlace = async (records: Records): Promise<StationPlace | null> => {
  const text = await records.ask('readSetting', { name: GIVEN })
  return text === undefined ? null : (JSON.parse(text) as StationPlace)
}
export const givenPlaceValue = (place: StationPlace): { name: string; value: string } => ({
  name: GIVEN,
  value: JSON.stringify(place),
})

const placeOf = async (records: Records): Promise<StationPlace | undefined> => {
  const kept = await keptSetUp(records)
  return kept ? { lineName: kept.lineName, printer: kept.printer, printerDpi: kept.printerDpi } : undefined
}

export const stationFile = async (
  { data: { records }, labels, settings, templates, session, view }: Station,
  withPeople: boolean,
): Promise<ReportFile> => {
  const savedAt = new Date().toISOString()
  const own = (await templates.list()).filter(({ builtIn }) => !builtIn)
  const products = (await records.ask('products')).filter((product) => product.archived_at === null)
  const file: StationFile = {
    imprint: 'line settings',
    version: 2,
    station: view().station.name,
    savedAt,
    settings: { ...settings(), scanner: null },
    labels: labels.settings(),
    place: await placeOf(records),
    templates: own.map(({ latest }) => latest),
    products: products.map(definitionOf),
    people: withPeople ? await session.people() : [],
  }
  return base64File(`imprint-station-${savedAt.slice(0, 10)}.json`, 'application/json', JSON.stringify(file, null, 2))
}

const parsed = (content: string): unknown => {
  try {
    return JSON.parse(content)
  } catch {
    return undefined
  }
}

/** @param content the file's text @throws RequestRefusal naming the field that is wrong */
export const readStationFile = (content: string): StationFile => {
  const said = parsed(content)
  if (!StationFile.pick({ imprint: true }).safeParse(said).success)
    throw new RequestRefusal('invalid', 'no-settings-file')
  const file = StationFile.safeParse(said)
  if (file.success) return file.data
  const [issue] = file.error.issues
  throw new RequestRefusal(
    'invalid',
    'settings-file-wrong',
    { field: issue?.path.join('.') ?? '' },
    issue && unworded(issue.message),
  )
}

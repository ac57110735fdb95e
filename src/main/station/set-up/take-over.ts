/** Another station's file taken over: part by part planned, with what would change and what is wrong, then all chosen parts or none. */
import {
  changesOf,
  FILE_PARTS,
  type FilePart,
  type FilePartView,
  type SettingsChange,
  type StationFile,
  type StationPlace,
} from '../../../contract/index.ts'
import { parsePrinterAddress, PrinterAddressError } from '../../labels/printer-address.ts'
import type { Station } from '../../station.ts'
import { faultsOf, fieldChanges, type Part } from './file-part.ts'
import { productsPart, templatesPart } from './file-products.ts'
import { labelSettingsValue } from '../labels/label-settings.ts'
import { lineSettingsValue } from './line-settings.ts'
import { RequestRefusal } from '../request-refusal.ts'
import { checkPeople } from '../session.ts'
import { keptSetUp, needsWindow, printerOfSetUp, setUpValue } from './set-up.ts'
import { givenPlace, givenPlaceValue } from './station-file.ts'

const linePart = async (station: Station, file: StationFile): Promise<Part> => {
  const now = station.settings()
  const next = { ...file.settings, scanner: now.scanner }
  return {
    part: 'line',
    changes: changesOf(now, next),
    faults: await faultsOf('settings', () => station.checkSettings(next)),
    left: [],
    settings: lineSettingsValue(next),
    hold: () => station.useSettings(next),
  }
}

const labelsPart = (station: Station, { labels }: StationFile): Part | null =>
  labels
    ? {
        part: 'labels',
        changes: fieldChanges('printing', station.labels.settings(), labels),
        faults: [],
        left: [],
        value: labelSettingsValue(labels),
        hold: () => station.labels.useSettings(labels),
      }
    : null

const checkPrinter = ({ systemPrinters }: Station, { printer }: StationPlace): void => {
  const address = printer ?? ''
  try {
    if (needsWindow({ printer }) && !systemPrinters)
      throw new RequestRefusal('not-now', 'printer-window-only', { address })
    if (printer !== null) parsePrinterAddress(printer)
  } catch (error) {
    throw error instanceof PrinterAddressError
      ? new RequestRefusal('invalid', 'printer-address-wrong', { address })
      : error
  }
}

/** The demo has a line and a printer of its own. */
const placePart = async (station: Station, { place }: StationFile): Promise<Part | null> => {
  const { records } = station.data
  if (!place || station.view().station.mode === 'demo') return null
  const kept = await keptSetUp(records)
  const before = kept ?? (await givenPlace(records))
  const next = kept && { ...kept, ...place }
  return {
    part: 'place',
    changes: fieldChanges('place', before, place),
    faults: await faultsOf('place.printer', () => checkPrinter(station, place)),
    left: [],
    value: next ? setUpValue(next) : givenPlaceValue(place),
    async hold() {
      if (!next) return
      station.become({ name: next.stationName, line: next.lineName, needsSetUp: false })
      await station.labels.usePrinter(printerOfSetUp(next))
    },
  }
}

const peoplePart = async ({ session }: Station, { people: given }: StationFile): Promise<Part | null> => {
  if (given.length === 0) return null
  const here = await session.people()
  const people = [...here.filter(({ name }) => !given.some((person) => person.name === name)), ...given]
  const changes = given.flatMap(({ name, role, badge }): SettingsChange[] => {
    const known = here.find((person) => person.name === name)
    if (known?.role !== role) return [{ field: 'person', subject: name, before: known?.role ?? null, after: role }]
    return known.badge === badge ? [] : [{ field: 'person.badge', subject: name, before: false, after: true }]
  })
  return {
    part: 'people',
    changes,
    faults: await faultsOf('people', () => checkPeople(people)),
    left: [],
    people,
    hold: () => session.changed(people),
  }
}

/** @param chosen the parts that are taken over: a product may need a template of the file */
const planOf = async (
  station: Station,
  file: StationFile,
  chosen: readonly FilePart[],
  who: string,
): Promise<Part[]> => {
  const templates = chosen.includes('templates') ? await templatesPart(station, file) : null
  const taken = templates?.faults.length === 0 ? (templates.templates ?? []) : []
  const parts = [
    await linePart(station, file),
    labelsPart(station, file),
    await placePart(station, file),
    templates,
    chosen.includes('products') ? await productsPart(station, file, taken, who) : null,
    await peoplePart(station, file),
  ]
  return parts.filter((part) => part !== null).filter(({ part }) => chosen.includes(part))
}

export const previewTakeOver = async (station: Station, file: StationFile, who: string): Promise<FilePartView[]> =>
  (await planOf(station, file, FILE_PARTS, who)).map(({ part, changes, faults, left }) => ({
    part,
    changes,
    faults,
    left,
  }))

/** All of the chosen parts or nothing, but for the products that are left out. @throws RequestRefusal for the first fault of any */
export const takeOver = async (
  station: Station,
  file: StationFile,
  chosen: readonly FilePart[],
  who: string,
): Promise<void> => {
  const parts = (await planOf(station, file, chosen, who)).filter(
    ({ changes, faults }) => changes.length + faults.length > 0,
  )
  const [fault] = parts.flatMap(({ faults }) => faults)
  if (fault) throw new RequestRefusal('invalid', fault.reason, fault.values, fault.fault)
  // A version of a template that nothing uses does no harm; a product without its template would.
  for (const template of parts.flatMap(({ templates = [] }) => templates)) await station.templates.save(template)
  await station.data.records.ask('takeOver', {
    station: file.station,
    settings: parts.flatMap(({ settings }) => (settings ? [settings] : [])),
    values: parts.flatMap(({ value }) => (value ? [value] : [])),
    products: parts.flatMap(({ products = [] }) => products),
    people: parts.find(({ people }) => people)?.people ?? null,
    who,
    at: Date.now(),
  })
  for (const part of parts) await part.hold?.()
}

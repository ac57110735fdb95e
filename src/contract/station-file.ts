/** What a next station needs of this one, as one file: how its line works and what it makes. No key, no password, no port, no record. */
import { z } from 'zod'
import { InputFault } from './input-faults.ts'
import { LabelSettings } from './label-settings.ts'
import { LabelTemplate } from './label-template.ts'
import { LineSettings } from './line-settings.ts'
import { Person } from './people.ts'
import { ProductDefinition } from './products.ts'
import { REFUSAL_REASONS } from './refusals.ts'
import { Values } from './sentences.ts'
import { SetUpInput } from './set-up.ts'
import { SettingsChange } from './settings-changes.ts'

/** Each is taken over, or left. */
export const FILE_PARTS = ['line', 'labels', 'place', 'templates', 'products', 'people'] as const
export const FilePart = z.enum(FILE_PARTS)
export type FilePart = z.infer<typeof FilePart>

/** What of the set-up is not bound to the computer: a printer on the network is the next station's too. */
export const StationPlace = SetUpInput.pick({ lineName: true, printer: true, printerDpi: true })
export type StationPlace = z.infer<typeof StationPlace>

export const StationFile = z.object({
  imprint: z.literal('line settings'),
  /** 1: of an earlier program, with the line's settings only. */
  version: z.literal([1, 2]),
  station: z.string(),
  savedAt: z.string(),
  /** A scanner's port is this computer's own and is not taken over. */
  settings: LineSettings,
  labels: LabelSettings.optional(),
  place: StationPlace.optional(),
  /** The station's own, the latest version of each. */
  templates: z.array(LabelTemplate).max(200).default([]),
  /** Those that are not archived; where their files lie, not what is in them. */
  products: z.array(ProductDefinition).max(500).default([]),
  /** Where whoever saved the file wanted it. */
  people: z.array(Person).max(500).default([]),
})
export type StationFile = z.infer<typeof StationFile>

/** Why a part, or what is named of it, cannot be taken over. */
export const FileFault = z.object({
  field: z.string(),
  reason: z.enum(REFUSAL_REASONS),
  values: Values,
  fault: InputFault.optional(),
})
export type FileFault = z.infer<typeof FileFault>

/** What taking over a part would change, and why it cannot be; all empty where all of it is here already. */
export const FilePartView = z.object({
  part: FilePart,
  changes: z.array(SettingsChange),
  faults: z.array(FileFault),
  /** Those of the part that are left out, while the others can be taken over. */
  left: z.array(FileFault),
})
export type FilePartView = z.infer<typeof FilePartView>

const content = z.string().max(2_000_000)

export const STATION_FILE_REQUESTS = {
  /** As a file for another station, Base64. A badge is as good as a key, so people are in it only where that is wanted. */
  'stationFile.save': {
    params: z.object({ people: z.boolean() }),
    result: z.object({ name: z.string(), type: z.string(), content: z.string() }),
  },
  /** What such a file would change here; nothing is changed. */
  'stationFile.preview': {
    params: z.object({ content }),
    result: z.object({ station: z.string(), savedAt: z.string(), parts: z.array(FilePartView) }),
  },
  /** All of these parts, or nothing. */
  'stationFile.takeOver': { params: z.object({ content, parts: z.array(FilePart).min(1) }), result: z.object({}) },
} as const

export const STATION_FILE_ALLOWED = {
  'stationFile.save': ['engineer'],
  'stationFile.preview': ['engineer'],
  'stationFile.takeOver': ['engineer'],
} as const

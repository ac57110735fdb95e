/** Files and folders of the station's computer, for an engineer who looks for one. */
import { z } from 'zod'
import type { Role } from './people.ts'

export const FolderEntry = z.object({
  name: z.string(),
  path: z.string(),
  kind: z.enum(['folder', 'file']),
  /** Bytes; null for a folder. */
  size: z.number().nullable(),
  /** Milliseconds since 1970. */
  changedAt: z.number(),
})
export type FolderEntry = z.infer<typeof FolderEntry>

export const FolderListing = z.object({
  /** Its full path. */
  folder: z.string(),
  /** Null at the top. */
  parent: z.string().nullable(),
  /** Folders first, each by name as people sort. */
  entries: z.array(FolderEntry),
  /** How many more there are than are listed. */
  more: z.number().int(),
  /** Where else to begin: the user's own folder, sticks and drives. */
  places: z.array(z.object({ kind: z.enum(['home', 'drive']), path: z.string() })),
})
export type FolderListing = z.infer<typeof FolderListing>

export const FILE_REQUESTS = {
  /**
   * What lies in a folder. Of a file, or of a path that is not there, the nearest folder above; null: the user's own.
   */
  'files.list': { params: z.object({ path: z.string().max(4000).nullable() }), result: FolderListing },
} as const

export const FILES_ALLOWED = { 'files.list': ['engineer'] } as const satisfies Record<
  keyof typeof FILE_REQUESTS,
  readonly Role[]
>

/** Manifests of modules that came provisioned: an order labels them, and writes nothing. */
import { z } from 'zod'
import type { Role } from './people.ts'
import { ManifestView } from './products.ts'

export const MANIFEST_REQUESTS = {
  'manifests.list': { params: z.object({}), result: z.object({ manifests: z.array(ManifestView) }) },
  /**
   * Takes a manifest (CSV), or an output folder of esp-matter-mfg-tool, into the records: all of it, or nothing. The same content again
   * is the same manifest.
   */
  'manifests.import': {
    params: z.object({ path: z.string().trim().min(1).max(1000) }),
    result: z.object({ id: z.string(), modules: z.number().int() }),
  },
} as const

export const MANIFESTS_ALLOWED = {
  'manifests.list': ['operator', 'line-lead', 'engineer', 'qa'],
  'manifests.import': ['engineer'],
} as const satisfies Record<keyof typeof MANIFEST_REQUESTS, readonly Role[]>

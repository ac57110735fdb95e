/** Who works at the station, and what each may do. */
import { z } from 'zod'

export const ROLES = ['operator', 'line-lead', 'engineer', 'qa'] as const
export const Role = z.enum(ROLES)
export type Role = z.infer<typeof Role>

export const PersonView = z.object({ name: z.string(), role: Role })
export type PersonView = z.infer<typeof PersonView>

export const Person = PersonView.extend({
  name: z.string().trim().min(1).max(40),
  /** What the person's badge says when it is scanned; null for one who signs in by name. */
  badge: z.string().trim().min(3).max(60).nullable(),
})
export type Person = z.infer<typeof Person>

/** The languages of screens and of printed documents, as BCP 47 tags. */
import { z } from 'zod'

export const LANGUAGES = ['en', 'zh-Hans'] as const
export const Language = z.enum(LANGUAGES)
export type Language = z.infer<typeof Language>

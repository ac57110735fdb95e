/**
 * Sentences that main says and a screen shows. English is here, for the terminal and the log; a screen words the same code in its own
 * language, from its locales. What is in braces is filled in.
 */
import { z } from 'zod'

export const Values = z.record(z.string(), z.union([z.string(), z.number()]))
export type Values = Readonly<z.infer<typeof Values>>

export const fillIn = (sentence: string, values: Values): string =>
  sentence.replaceAll(/\{(\w+)\}/gu, (place, name: string) => String(values[name] ?? place))

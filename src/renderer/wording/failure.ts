/** A failure in plain words: what happened, and what to do with the board. */
import type { FailureView } from '../../contract/index.ts'
import { en } from '../locales/en.ts'

export type Translate = (key: string, params?: Record<string, unknown>) => string

const withValues: Readonly<Record<string, string>> = en.failureWith

const allKnown = (sentence: string, params: FailureView['params']): boolean =>
  [...sentence.matchAll(/\{(\w+)\}/g)].every(([, name]) => name !== undefined && name in params)

/** The cause, with its values where the station gave them all. */
export const failureCause = (failure: FailureView, t: Translate): string => {
  const detailed = withValues[failure.code]
  return detailed !== undefined && allKnown(detailed, failure.params)
    ? t(`failureWith.${failure.code}`, failure.params)
    : t(`failure.${failure.code}.cause`)
}

export const failureRemedy = (failure: FailureView, t: Translate): string => t(`failure.${failure.code}.remedy`)

export const boardSentence = (failure: FailureView, t: Translate): string => t(`board.${failure.board}`)

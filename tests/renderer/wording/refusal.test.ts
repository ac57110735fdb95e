import { describe, expect, it } from 'vitest'
import { REFUSAL_REASONS, REFUSALS } from '../../../src/contract/index.ts'
import { LANGUAGES } from '../../../src/contract/index.ts'
import { createTranslations } from '../../../src/renderer/locales/index.ts'
import { refusalSentence } from '../../../src/renderer/wording/refusal.ts'
import type { Translate } from '../../../src/renderer/wording/failure.ts'

describe.each(LANGUAGES)('%s', (language) => {
  const { t: translate } = createTranslations(language).global
  const t: Translate = (key, params) => translate(key, params ?? {})

  it('words every reason with its values', () => {
    for (const reason of REFUSAL_REASONS) {
      const values = Object.fromEntries(
        [...REFUSALS[reason].matchAll(/\{(\w+)\}/gu)].map(([, name]) => [name ?? '', name === 'role' ? 'qa' : 'X']),
      )
      const sentence = refusalSentence({ code: 'not-now', message: '', reason, values }, t)
      expect(sentence, reason).toMatch(/[.。X]$/u)
      expect(sentence, reason).not.toMatch(/[{}]/u)
    }
  })

  it('says a failed board as the slots say it', () => {
    const values = { failure: 'no-answer', detail: 'no answer at /dev/ttyUSB3' }
    expect(refusalSentence({ code: 'failed', message: '', reason: 'board-failed', values }, t)).toBe(
      t('failure.no-answer.cause'),
    )
  })

  it('names the role in words', () => {
    const values = { name: 'Ann', role: 'operator' }
    expect(refusalSentence({ code: 'not-allowed', message: '', reason: 'other-role', values }, t)).toContain(
      t('people.role.operator'),
    )
  })
})

import { describe, expect, it } from 'vitest'
import { REFUSAL_REASONS, REFUSALS, TEMPLATE_FINDINGS, TemplateFinding } from '../../../src/contract/index.ts'
import { LANGUAGES } from '../../../src/contract/index.ts'
import { createTranslations } from '../../../src/renderer/locales/index.ts'
import { templateFindingSentence } from '../../../src/renderer/wording/template-finding.ts'
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

  it('words everything that is found in a label template, and names its fields as the page does', () => {
    for (const [code, english] of Object.entries(TEMPLATE_FINDINGS)) {
      const values = Object.fromEntries([...english.matchAll(/\{(\w+)\}/gu)].map(([, name]) => [name ?? '', 'width']))
      const finding = TemplateFinding.parse({ element: 'qr', severity: 'error', code, values })
      const sentence = templateFindingSentence(finding, t)
      expect(sentence, code).toMatch(/[.。]$/u)
      expect(sentence, code).not.toMatch(/[{}]/u)
    }
    const small = { severity: 'error', code: 'too-small', values: { field: 'width', least: 5 } } as const
    expect(templateFindingSentence({ ...small, element: null }, t)).toContain(t('templates.label.width'))
    expect(templateFindingSentence({ ...small, element: 'qr' }, t)).toContain(t('templates.field.width'))
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

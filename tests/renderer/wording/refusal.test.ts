import { describe, expect, it } from 'vitest'
import {
  FAULT_KINDS,
  INPUT_FAULTS,
  InputFault,
  REFUSAL_REASONS,
  REFUSALS,
  TEMPLATE_FINDINGS,
  TemplateFinding,
} from '../../../src/contract/index.ts'
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

  it('words everything that can be wrong with a file or an entry, with its values', () => {
    for (const [code, english] of Object.entries(INPUT_FAULTS)) {
      const names = [...english.matchAll(/\{(\w+)\}/gu)].map(([, name]) => name ?? '')
      const values = Object.fromEntries(names.map((name) => [name, name === 'what' ? 'mac' : `<${name}>`]))
      const sentence = refusalSentence({ reason: 'product-not-right', fault: InputFault.parse({ code, values }) }, t)
      expect(sentence, code).toMatch(/[.。]$/u)
      expect(sentence, code).not.toMatch(/[{}]/u)
      for (const name of names)
        expect(sentence, code).toContain(name === 'what' ? t('inputFault.kind.mac') : `<${name}>`)
    }
    for (const kind of Object.keys(FAULT_KINDS)) expect(t(`inputFault.kind.${kind}`)).not.toContain('inputFault')
  })

  it('says where in a table it is, and what a parser said on a line of its own', () => {
    const place = { file: 'orders.csv', row: 3, column: 'quantity' }
    const wrong = refusalSentence(
      { reason: 'table-not-right', fault: { code: 'no-quantity', values: { text: 'many' }, place } },
      t,
    )
    for (const part of ['orders.csv', '3', 'quantity', 'many', t('refusal.table-not-right')])
      expect(wrong).toContain(part)
    expect(wrong).not.toContain('\n')
    const unread = refusalSentence(
      { reason: 'product-not-right', fault: { code: 'key-unreadable', values: { file: '/k.pem' }, detail: 'bad DER' } },
      t,
    )
    const [sentence, detail] = unread.split('\n')
    expect(sentence).toContain('/k.pem')
    expect(sentence).not.toContain('bad DER')
    expect(detail).toBe(t('inputFault.detail', { detail: 'bad DER' }))
    // Without a sentence for it, what a parser said is all there is.
    expect(
      refusalSentence({ reason: 'malformed', fault: { code: null, values: {}, detail: 'expected number' } }, t),
    ).toBe(`${t('refusal.malformed')}\n${t('inputFault.detail', { detail: 'expected number' })}`)
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
    const values = { failure: 'no-answer' }
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

import { describe, expect, it } from 'vitest'
import { LANGUAGES } from '../../../src/contract/index.ts'
import { createTranslations } from '../../../src/renderer/locales/index.ts'
import { shownLabelState } from '../../../src/renderer/wording/shown-label-state.ts'

const SCAN = { en: /scan/iu, 'zh-Hans': /扫/u }

describe('a printed label', () => {
  it.each(LANGUAGES)('asks for a scan only where the station wants one after printing (%s)', (language) => {
    const { t } = createTranslations(language).global
    const words = (mode: 'off' | 'each' | 'slot', cartonId: string | null = null): string[] => {
      const state = shownLabelState({ state: 'printed', cartonId }, mode)
      return [t(`labels.state.${state}`), t(`slots.labelState.${state}`)]
    }
    for (const word of [...words('each'), ...words('slot')]) expect(word).toMatch(SCAN[language])
    for (const word of [...words('off'), ...words('each', 'carton-1')]) expect(word).not.toMatch(SCAN[language])
  })

  it('is as it is while the station is not known, and in every other state', () => {
    expect(shownLabelState({ state: 'printed' }, undefined)).toBe('printed')
    expect(shownLabelState({ state: 'waiting' }, 'slot')).toBe('waiting')
  })
})

/** The languages, and how each writes dates and numbers. */
import { createI18n } from 'vue-i18n'
import type { Language } from '../../contract/index.ts'
import { en, type Messages } from './en.ts'
import { zhHans } from './zh-Hans.ts'

export const MESSAGES: Record<Language, Messages> = { en, 'zh-Hans': zhHans }

/** The language of the browser's settings, or English. */
export const languageOf = (wanted: readonly string[]): Language =>
  wanted.some((tag) => tag.toLowerCase().startsWith('zh')) ? 'zh-Hans' : 'en'

// Messages are compiled in the browser without eval, so the content security policy needs no exception.
export const createTranslations = (language: Language) =>
  createI18n({
    legacy: false,
    locale: language,
    fallbackLocale: 'en',
    messages: MESSAGES as Record<string, Messages>,
    warnHtmlMessage: false,
  })

export type Translations = ReturnType<typeof createTranslations>

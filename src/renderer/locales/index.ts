/** The languages, and how each writes dates and numbers. */
import { createI18n } from 'vue-i18n'
import type { Language } from '../../contract/index.ts'
import { en, type Messages } from './en.ts'
import { zhHans } from './zh-Hans.ts'

export const MESSAGES: Record<Language, Messages> = { en, 'zh-Hans': zhHans }

/** The language of the browser's settings, or English. */
export const languageOf = (wanted: readonly string[]): Language =>
  wanted.some((tag) => tag.toLowerCase().startsWith('zh')) ? 'zh-Hans' : 'en'

const createMessages = (language: Language) =>
  createI18n({
    legacy: false,
    locale: language,
    fallbackLocale: 'en',
    messages: MESSAGES as Record<string, Messages>,
    warnHtmlMessage: false,
  })

export type Translations = ReturnType<typeof createMessages>

/**
 * Looking a sentence up takes longer than drawing it, and the tiles of 32 slots are drawn ten times a second: what has nothing to fill in
 * is looked up once a language.
 */
const rememberPlainSentences = ({ global }: Translations): void => {
  const { t: lookUp, locale } = global
  const known = new Map<string, Map<string, string>>()
  const remembered = (key: string, ...filledIn: unknown[]): string => {
    if (filledIn.length > 0) return (lookUp as (...all: unknown[]) => string)(key, ...filledIn)
    let sentences = known.get(locale.value)
    if (!sentences) known.set(locale.value, (sentences = new Map<string, string>()))
    let sentence = sentences.get(key)
    if (sentence === undefined) sentences.set(key, (sentence = lookUp(key)))
    return sentence
  }
  global.t = remembered as typeof global.t
}

// Messages are compiled in the browser without eval, so the content security policy needs no exception.
export const createTranslations = (language: Language): Translations => {
  const translations = createMessages(language)
  rememberPlainSentences(translations)
  return translations
}

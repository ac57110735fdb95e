/** Vuetify with our colours, icons as SVG paths, and its theme sheet under the nonce of the content security policy. */
import { createVuetify, type ThemeDefinition } from 'vuetify'
import { aliases, mdi } from 'vuetify/iconsets/mdi-svg'
import { en, zhHans } from 'vuetify/locale'
import type { Language } from '../../contract/index.ts'
import { DARK, LIGHT, type Tokens } from './tokens.ts'

/** Vuetify's name of each language. */
export const VUETIFY_LOCALE: Record<Language, string> = { en: 'en', 'zh-Hans': 'zhHans' }

const definition = (dark: boolean, tokens: Tokens): ThemeDefinition => ({
  dark,
  colors: {
    ...tokens,
    secondary: tokens.soft,
    'on-secondary': tokens.surface,
    success: tokens.pass,
    'on-success': tokens['on-pass'],
    error: tokens['fail-ink'],
    'on-error': tokens.surface,
    warning: tokens['doubt-ink'],
    'on-warning': tokens.surface,
    info: tokens['working-ink'],
    'on-info': tokens.surface,
    'surface-variant': tokens.bar,
    'on-surface-variant': tokens['on-bar'],
  },
  variables: {
    'high-emphasis-opacity': 1,
    'medium-emphasis-opacity': 0.82,
    'border-color': tokens.edge,
    'border-opacity': 1,
  },
})

export const createComponents = (options: { language: Language; dark: boolean; nonce: string }) =>
  createVuetify({
    theme: {
      defaultTheme: options.dark ? 'dark' : 'light',
      cspNonce: options.nonce,
      variations: false,
      themes: { light: definition(false, LIGHT), dark: definition(true, DARK) },
    },
    locale: { locale: VUETIFY_LOCALE[options.language], fallback: 'en', messages: { en, zhHans } },
    icons: { defaultSet: 'mdi', aliases, sets: { mdi } },
    defaults: {
      VBtn: { height: 48, rounded: 'lg', variant: 'outlined', class: 'text-none' },
      VTextField: { variant: 'outlined', density: 'comfortable', hideDetails: 'auto', color: 'primary' },
      VTextarea: { variant: 'outlined', density: 'comfortable', hideDetails: 'auto', color: 'primary' },
      // Over a dialog, whose fields open them.
      VMenu: { zIndex: 2500 },
      VSelect: { variant: 'outlined', density: 'comfortable', hideDetails: 'auto', color: 'primary' },
    },
  })

import { onScopeDispose, ref, watchEffect } from 'vue'
import { useLocale, useTheme } from 'vuetify'
import { useI18n } from 'vue-i18n'
import { usePreferences } from '../stores/preferences.ts'
import { VUETIFY_LOCALE } from '../theme/vuetify.ts'

/** Follows the chosen language and appearance, and the system's appearance where that is chosen. */
export const useAppearance = (): void => {
  const preferences = usePreferences()
  const theme = useTheme()
  const components = useLocale()
  const { locale } = useI18n()

  const system = window.matchMedia('(prefers-color-scheme: dark)')
  const systemIsDark = ref(system.matches)
  const onSystem = (event: MediaQueryListEvent): void => {
    systemIsDark.value = event.matches
  }
  system.addEventListener('change', onSystem)
  onScopeDispose(() => system.removeEventListener('change', onSystem))

  watchEffect(() => {
    const { appearance } = preferences
    void theme.change(appearance === 'system' ? (systemIsDark.value ? 'dark' : 'light') : appearance)
  })
  watchEffect(() => {
    locale.value = preferences.language
    components.current.value = VUETIFY_LOCALE[preferences.language]
    document.documentElement.lang = preferences.language
  })
}

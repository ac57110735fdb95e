/** What a person chose for this screen; kept by the browser, never by the station. */
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { z } from 'zod'
import { Language } from '../../contract/index.ts'
import { languageOf } from '../locales/index.ts'

const STORAGE_KEY = 'imprint.preferences'

const Preferences = z.object({
  language: Language,
  appearance: z.enum(['light', 'dark', 'system']),
  /** A tone when the panel can be changed. */
  sound: z.boolean(),
  /** Of the barcode scanner: the character for each physical key, learnt from the test code; null for a US keyboard. */
  scannerKeys: z.record(z.string(), z.string()).nullable(),
})
type Preferences = z.infer<typeof Preferences>

const Stored = Preferences.partial()

const stored = (): z.infer<typeof Stored> => {
  try {
    return Stored.parse(JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}'))
  } catch {
    return {}
  }
}

export const usePreferences = defineStore('preferences', () => {
  const before = stored()
  const language = ref(before.language ?? languageOf(navigator.languages))
  const appearance = ref(before.appearance ?? 'system')
  const sound = ref(before.sound ?? true)
  const scannerKeys = ref(before.scannerKeys ?? null)

  const all = computed<Preferences>(() => ({
    language: language.value,
    appearance: appearance.value,
    sound: sound.value,
    scannerKeys: scannerKeys.value,
  }))
  watch(all, (value) => localStorage.setItem(STORAGE_KEY, JSON.stringify(value)))

  return { language, appearance, sound, scannerKeys }
})

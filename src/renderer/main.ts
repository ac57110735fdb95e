import './zod-without-eval.ts'
// First of all style sheets: it sets the order of the layers.
import 'vuetify/styles/core'
import './theme/theme.css'
import '@fontsource-variable/inter/index.css'
import '@fontsource/jetbrains-mono/latin-600.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { chooseConnection } from './connection/index.ts'
import { createTranslations } from './locales/index.ts'
import { createPages } from './pages.ts'
import { usePreferences } from './stores/preferences.ts'
import { useStation } from './stores/station.ts'
import { createComponents } from './theme/vuetify.ts'

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.content ?? ''

// Before the router looks at the address: its fragment may hold the sign-in token.
const connection = chooseConnection(window)
// A new address pasted into this very tab changes only the fragment, which loads nothing.
window.addEventListener('hashchange', () => {
  if (window.location.hash.includes('token=')) window.location.reload()
})

const pinia = createPinia()
const app = createApp(App).use(pinia)
const preferences = usePreferences(pinia)
app
  .use(createTranslations(preferences.language))
  .use(createComponents({ language: preferences.language, dark: preferences.appearance === 'dark', nonce }))
  .use(createPages())
const leave = useStation(pinia).follow(connection)
window.addEventListener('pagehide', leave, { once: true })
// Brought back from the browser's cache of pages, whose connection was closed when it was left.
window.addEventListener('pageshow', (event) => {
  if (event.persisted) window.location.reload()
})
app.mount('#app')

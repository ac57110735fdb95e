/**
 * How the renderer is built, alone (`vite build src/renderer`) and as one of the application's bundles. Nothing is inlined as a
 * data: address, because the content security policy allows fonts from the application only.
 */
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'
import vuetify from 'vite-plugin-vuetify'

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [vue(), vuetify()],
  build: {
    target: 'chrome130',
    minify: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
})

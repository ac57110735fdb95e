import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import vuetify from 'vite-plugin-vuetify'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/**
 * Three bundles. `main` has an entry a host: Electron, loopback browser, terminal; each runs under plain Node but the first.
 * Workers are found by the bundler from `new Worker(new URL(…, import.meta.url))`.
 */
export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      rolldownOptions: {
        input: { index: at('src/main/index.ts'), web: at('src/main/web.ts'), cli: at('src/main/cli.ts') },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rolldownOptions: {
        input: { index: at('src/preload/index.ts') },
        // A sandboxed preload script must be CommonJS.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('src/renderer'),
    plugins: [vue(), vuetify({ autoImport: true })],
    build: { outDir: at('out/renderer'), minify: true, rolldownOptions: { input: at('src/renderer/index.html') } },
  },
})

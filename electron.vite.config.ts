import { fileURLToPath } from 'node:url'
import { defineConfig } from 'electron-vite'

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
        input: { cli: at('src/main/cli.ts') },
      },
    },
  },
})

import { globSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'electron-vite'
import renderer from './src/renderer/vite.config.ts'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Every thread has an entry of its own, beside the hosts in one folder, so that `./NAME.js` finds it from any chunk. */
const workers = Object.fromEntries(
  globSync('src/main/**/*-worker.ts', { cwd: at('.') }).map((file) => [basename(file, '.ts'), at(file)]),
)

/** In the sources a thread is started from its TypeScript file, in the bundle from its entry. */
const workerEntries = {
  name: 'imprint:worker-entries',
  transform: (code: string, id: string) =>
    id.includes('/src/main/') && code.includes('-worker.ts')
      ? { code: code.replace(/new URL\((['"])\.\/([\w-]+-worker)\.ts\1/gu, 'new URL($1./$2.js$1'), map: null }
      : null,
}

/**
 * Three bundles. `main` has an entry a host (Electron, loopback browser, terminal; each runs under plain Node but the first) and one
 * a thread.
 */
export default defineConfig({
  main: {
    plugins: [workerEntries],
    build: {
      outDir: 'out/main',
      // Of this one only stub files are used, and a JSON file outside the bundle would lose its import attribute.
      externalizeDeps: { exclude: ['esptool-js'] },
      rolldownOptions: {
        input: { index: at('src/main/index.ts'), web: at('src/main/web.ts'), cli: at('src/main/cli.ts'), ...workers },
        output: { chunkFileNames: '[name]-[hash].js' },
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
    ...renderer,
    // The configuration is bundled into one file, where the renderer's own folder is not its own any more.
    root: at('src/renderer'),
    build: {
      ...renderer.build,
      outDir: at('out/renderer'),
      // One chunk, since nothing comes from afar.
      chunkSizeWarningLimit: 1000,
      rolldownOptions: { input: at('src/renderer/index.html') },
    },
  },
})

/** Builds the renderer and serves it on the loopback address as the hosts do: own nonce and content security policy a response. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('../../../src/renderer', import.meta.url))
/** Each test file has a build of its own: none serves what another is building. */
const built = mkdtempSync(join(tmpdir(), 'imprint-renderer-'))

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
}

export const buildRenderer = (): Promise<unknown> =>
  build({
    root,
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir: built, emptyOutDir: true, chunkSizeWarningLimit: 1_000 },
  })

export interface Served {
  readonly address: string
  close(): Promise<void>
}

export const serveRenderer = async (): Promise<Served> => {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://127.0.0.1').pathname)
    const file = join(built, path === '/' ? 'index.html' : path)
    const nonce = randomBytes(16).toString('base64')
    readFile(file).then(
      (bytes) => {
        response.writeHead(200, {
          'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
          'content-security-policy': [
            "default-src 'self'",
            "script-src 'self'",
            `style-src 'self' 'nonce-${nonce}'`,
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self' ws://127.0.0.1:*",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
          ].join('; '),
        })
        response.end(file.endsWith('.html') ? bytes.toString().replaceAll('__CSP_NONCE__', nonce) : bytes)
      },
      () => response.writeHead(404).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          rmSync(built, { recursive: true, force: true })
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

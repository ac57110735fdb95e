/**
 * The renderer's files as responses, for the loopback host and for Electron's own protocol alike: the same headers, and a fresh nonce
 * for the style sheets in every page.
 */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface FileResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
}
const NONCE_PLACE = '__CSP_NONCE__'

const contentPolicy = (nonce: string, socket: string): string =>
  [
    "default-src 'self'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ${socket}`.trim(),
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')

/** Where the built renderer lies: out/renderer beside out/main. */
export const builtRenderer = (): string => {
  const here = fileURLToPath(import.meta.url)
  const main = `${sep}out${sep}main${sep}`
  const at = here.lastIndexOf(main)
  const root = at >= 0 ? here.slice(0, at) : here.slice(0, here.lastIndexOf(`${sep}src${sep}main${sep}`))
  return join(root, 'out', 'renderer')
}

const notFound: FileResponse = {
  status: 404,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: Buffer.from('not found'),
}

/**
 * @param folder of the built renderer
 * @param socket origin that the page may open a WebSocket to, or '' for none
 */
export const rendererFiles = (folder: string, socket: string): ((path: string) => Promise<FileResponse>) => {
  return async (path) => {
    let relative: string
    try {
      relative = normalize(decodeURIComponent(path)).replace(/^[/\\]+/u, '')
    } catch {
      return notFound
    }
    if (relative.split(/[/\\]/u).includes('..') || relative.includes('\0')) return notFound
    const file = relative === '' || relative === '.' ? 'index.html' : relative
    const type = TYPES[extname(file)]
    if (!type) return notFound
    let body: Uint8Array
    try {
      body = await readFile(join(folder, file))
    } catch {
      return notFound
    }
    const nonce = randomBytes(16).toString('base64')
    const isPage = extname(file) === '.html'
    return {
      status: 200,
      headers: {
        'content-type': type,
        'content-security-policy': contentPolicy(nonce, socket),
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': isPage ? 'no-store' : 'no-cache',
      },
      body: isPage ? Buffer.from(Buffer.from(body).toString('utf8').replaceAll(NONCE_PLACE, nonce), 'utf8') : body,
    }
  }
}

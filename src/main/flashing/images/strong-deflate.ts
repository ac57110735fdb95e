import { createHash } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { inflate } from 'node:zlib'
import { makeFolder } from '../../make-folder.ts'
import { quickDeflate, type Deflate } from './prepare.ts'

const unpack = promisify(inflate)

const compressInWorker = (bytes: Uint8Array): Promise<Uint8Array> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./deflate-worker.ts', import.meta.url), { workerData: bytes })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the compressor ended without a result')))
  })

/** A stream of the cache, if it still unpacks to these bytes. */
const cachedStream = async (file: string, bytes: Uint8Array): Promise<Uint8Array | undefined> => {
  try {
    const stream = await readFile(file)
    return (await unpack(stream)).equals(bytes) ? stream : undefined
  } catch {
    return undefined
  }
}

const keepStream = async (folder: string, file: string, stream: Uint8Array): Promise<void> => {
  makeFolder(folder)
  await writeFile(`${file}.${process.pid}`, stream)
  await rename(`${file}.${process.pid}`, file)
}

/**
 * The strongest compression there is for what is written to many boards: zopfli, some 3 to 5 % smaller than Node's best, at about two
 * seconds a megabyte. It runs in a thread of its own, one image at a time, and its results are kept by the content's digest.
 *
 * @param folder where results are kept; made when it is missing
 */
export const strongDeflate = (folder: string): Deflate => {
  const known = new Map<string, Promise<Uint8Array>>()
  let last: Promise<unknown> = Promise.resolve()

  const compress = async (bytes: Uint8Array, digest: string): Promise<Uint8Array> => {
    const file = join(folder, `${digest}.zlib`)
    const cached = await cachedStream(file, bytes)
    if (cached) return cached
    const turn = last.then(() => compressInWorker(bytes))
    last = turn.catch(() => undefined)
    // Without zopfli the release is written all the same, only a little slower.
    const stream = await turn.catch(() => undefined)
    if (!stream) return quickDeflate(bytes)
    // A cache that cannot be written costs time, nothing else.
    await keepStream(folder, file, stream).catch(() => undefined)
    return stream
  }

  return (bytes) => {
    const digest = createHash('sha256').update(bytes).digest('hex')
    const found = known.get(digest) ?? compress(bytes, digest)
    known.set(digest, found)
    return found
  }
}

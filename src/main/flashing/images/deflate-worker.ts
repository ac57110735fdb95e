/** Compresses what it is given with zopfli, answers, and ends. */
import { parentPort, workerData } from 'node:worker_threads'
import { zlibAsync } from '@gfx/zopfli'

/** More iterations take longer and gain next to nothing. */
const ITERATIONS = 1

const bytes = workerData as Uint8Array
parentPort?.postMessage(await zlibAsync(bytes, { numiterations: ITERATIONS }))

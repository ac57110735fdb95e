/** What `imprint generate` says while it works: lines of JSON, a bar on a terminal, or nothing. */
import type { GenerationProgress, GenerationResult } from '../generation/generate.ts'

export interface GenerationReport {
  note(text: string): void
  progress(progress: GenerationProgress): void
  result(result: GenerationResult, complete: boolean): void
}

export interface ReportOptions {
  readonly json: boolean
  /** `error`: nothing but errors and the result. */
  readonly level: 'debug' | 'info' | 'error'
  readonly out: { write(text: string): unknown }
  readonly err: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown }
  /** Milliseconds. */
  readonly clock: () => number
}

/** Between two bars or two lines, milliseconds. */
const INTERVAL = { bar: 100, json: 1000 } as const
const BAR_WIDTH = 30

const duration = (seconds: number): string => {
  const whole = Math.round(seconds)
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  return (parts[0] === 0 ? parts.slice(1) : parts).map((part) => String(part).padStart(2, '0')).join(':')
}

/** `[=====>    ] 120/1000  61.2/s  00:14 left` */
export const progressBar = ({ made, count }: GenerationProgress, seconds: number): string => {
  const rate = seconds > 0 ? made / seconds : 0
  const filled = Math.floor((made / count) * BAR_WIDTH)
  const bar = `${'='.repeat(filled)}${filled < BAR_WIDTH ? '>' : ''}`.slice(0, BAR_WIDTH).padEnd(BAR_WIDTH)
  const left = rate > 0 ? `${duration((count - made) / rate)} left` : ''
  return `[${bar}] ${made}/${count}  ${rate.toFixed(1)}/s  ${left}`.trimEnd()
}

export const createReport = ({ json, level, out, err, clock }: ReportOptions): GenerationReport => {
  const began = clock()
  const drawsBar = !json && level !== 'error' && err.isTTY === true
  let last = began
  let drawn = false
  const seconds = (): number => (clock() - began) / 1000
  const rate = (made: number): number => (seconds() > 0 ? Number((made / seconds()).toFixed(1)) : 0)
  const line = (value: object): void => void out.write(`${JSON.stringify(value)}\n`)
  const clear = (): void => {
    if (drawn) err.write('\r\u001b[K')
    drawn = false
  }
  return {
    note(text) {
      if (json) line({ type: 'note', text })
      else if (level !== 'error') err.write(`note: ${text}\n`)
    },
    progress(progress) {
      const { made, count } = progress
      if (level === 'debug' && !json) err.write(`device ${made} of ${count} is complete\n`)
      const now = clock()
      if (now - last < (json ? INTERVAL.json : INTERVAL.bar) && made < count) return
      if (json) {
        const perSecond = rate(made)
        const etaSeconds = perSecond > 0 ? Math.round((count - made) / perSecond) : null
        line({ type: 'progress', made, count, perSecond, etaSeconds })
      } else if (drawsBar) {
        err.write(`\r\u001b[K${progressBar(progress, seconds())}`.slice(0, (err.columns ?? 80) + 4))
        drawn = true
      } else return
      last = now
    },
    result(result, complete) {
      clear()
      const { made, found, count, folder, summary, cnDacs } = result
      if (json)
        line({ type: 'result', complete, made, found, count, folder, summary: summary ?? null, cnDacs: cnDacs ?? null })
      else {
        const again = found > 0 ? ` (${found} of them before)` : ''
        out.write(`${made} of ${count} devices${again} in ${folder}, ${rate(made)}/s\n`)
        for (const table of [summary, cnDacs]) if (table !== undefined) out.write(`${table}\n`)
      }
    },
  }
}

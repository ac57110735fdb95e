/** What a label printer makes of the bytes that come in: whole formats, and immediate commands among and within them. */

export type PrinterInput =
  | { readonly type: 'format'; readonly zpl: string; readonly copies: number }
  | { readonly type: 'host-status' }
  | { readonly type: 'get-variable'; readonly name: string }

export interface ZplInput {
  feed(text: string): PrinterInput[]
  /** Forgets a format that has begun and not ended. */
  reset(): void
}

/** One whole thing at a time: an immediate command, a variable's question, the start or the end of a format. */
const TOKEN = /~HS|! U1 getvar "([^"\r\n]*)"\r?\n|\^XA|\^XZ/u
/** So much is kept of what may be the beginning of a token. */
const LONGEST_TOKEN = 100

/** Formats end at ^XZ; anything outside a format that is no command is skipped, as printers do. */
export const createZplInput = (): ZplInput => {
  let pending = ''
  let format: string | undefined
  return {
    feed(text) {
      const found: PrinterInput[] = []
      pending += text
      for (;;) {
        const match = TOKEN.exec(pending)
        if (!match) break
        const before = pending.slice(0, match.index)
        pending = pending.slice(match.index + match[0].length)
        if (format !== undefined) format += before
        if (match[0] === '~HS') found.push({ type: 'host-status' })
        else if (match[0] === '^XA') format = '^XA'
        else if (match[0] === '^XZ') {
          if (format !== undefined) {
            const copies = Number(/\^PQ(\d+)/u.exec(format)?.[1] ?? 1)
            found.push({ type: 'format', zpl: `${format}^XZ`, copies: Math.max(1, copies) })
          }
          format = undefined
        } else found.push({ type: 'get-variable', name: match[1] ?? '' })
      }
      if (format !== undefined) {
        const whole = Math.max(0, pending.length - LONGEST_TOKEN)
        format += pending.slice(0, whole)
        pending = pending.slice(whole)
      } else pending = pending.slice(-LONGEST_TOKEN)
      return found
    },
    reset() {
      pending = ''
      format = undefined
    },
  }
}

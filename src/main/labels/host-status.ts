/**
 * The answer to ~HS: three lines between STX and ETX. Source: Zebra, ZPL II Programming Guide, '~HS Host Status Return'.
 */
import type { PrinterState } from './printer.ts'

export interface HostStatus {
  readonly paperOut: boolean
  readonly paused: boolean
  readonly headOpen: boolean
  readonly ribbonOut: boolean
  readonly bufferFull: boolean
  readonly corruptMemory: boolean
  readonly underTemperature: boolean
  readonly overTemperature: boolean
  /** Formats in the receive buffer. */
  readonly buffered: number
  /** Labels of the current batch that have not come out. */
  readonly remaining: number
}

export class HostStatusError extends Error {
  constructor(found: string) {
    super(`the printer's status is not as ZPL II says: ${JSON.stringify(found.slice(0, 200))}`)
    this.name = 'HostStatusError'
  }
}

/** Fields of the lines (from 0), in the guide's letters: b, c, e, f, j, k, l; o, p, u. */
const FIRST = { length: 12, paperOut: 1, paused: 2, buffered: 4, full: 5, corrupt: 9, cold: 10, hot: 11 } as const
const SECOND = { length: 11, headOpen: 2, ribbonOut: 3, remaining: 8 } as const
const SEPARATORS = /[\x02\x03\r\n]+/u // eslint-disable-line no-control-regex -- the lines' own STX and ETX

/**
 * @param text the three lines, with or without STX, ETX and line ends
 * @throws HostStatusError
 */
export const parseHostStatus = (text: string): HostStatus => {
  const lines = text
    .split(SEPARATORS)
    .filter((line) => line !== '')
    .map((line) => line.split(','))
  const [first = [], second = [], third = []] = lines
  if (lines.length !== 3 || third.length < 2 || first.length < FIRST.length || second.length < SECOND.length)
    throw new HostStatusError(text)
  const flag = (value: string | undefined): boolean => {
    if (value !== '0' && value !== '1') throw new HostStatusError(text)
    return value === '1'
  }
  const number = (value: string | undefined): number => {
    if (value === undefined || !/^\d{1,10}$/u.test(value)) throw new HostStatusError(text)
    return Number(value)
  }
  return {
    paperOut: flag(first[FIRST.paperOut]),
    paused: flag(first[FIRST.paused]),
    buffered: number(first[FIRST.buffered]),
    bufferFull: flag(first[FIRST.full]),
    corruptMemory: flag(first[FIRST.corrupt]),
    underTemperature: flag(first[FIRST.cold]),
    overTemperature: flag(first[FIRST.hot]),
    headOpen: flag(second[SECOND.headOpen]),
    ribbonOut: flag(second[SECOND.ribbonOut]),
    remaining: number(second[SECOND.remaining]),
  }
}

/** The one thing to show: what needs a hand first. A printer out of paper is also paused. */
export const stateOf = (status: HostStatus): PrinterState => {
  if (status.headOpen) return 'head-open'
  if (status.paperOut) return 'paper-out'
  if (status.ribbonOut) return 'ribbon-out'
  if (status.corruptMemory || status.overTemperature) return 'error'
  if (status.paused) return 'paused'
  return status.buffered > 0 || status.remaining > 0 || status.bufferFull ? 'printing' : 'ready'
}

/** Values as they are typed at the terminal, checked. */
import { InputError } from './input-error.ts'

/** A whole number, decimal or 0x…. @throws InputError */
export const wholeNumber = (option: string, text: string, least: number, most: number): number => {
  const value = /^(0x[0-9a-f]+|\d+)$/iu.test(text) ? Number(text) : Number.NaN
  if (!(value >= least && value <= most))
    throw new InputError(`${option} ${text} is not allowed; a whole number from ${least} to ${most} is`)
  return value
}

/** `127.0.0.1:5555`, `[::1]:5555`. @throws InputError */
export const hostAndPort = (option: string, text: string): { host: string; port: number } => {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/u.exec(text)
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  if (host === undefined || !(port >= 0 && port <= 65_535))
    throw new InputError(`${option} ${text} is not allowed; HOST:PORT is, such as 127.0.0.1:5555`)
  return { host, port }
}

/** For an option that may be given more than once. */
export const collect = (text: string, before: readonly string[]): readonly string[] => [...before, text]

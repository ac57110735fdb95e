import { isNetworkAddress, NETWORK_FORMS, networkAddress } from '../flashing/links/network-address.ts'
import { InputError } from './input-error.ts'

/** The port of a board as it is typed. @throws InputError for what can be none */
export const portAddress = (text: string): string => {
  if (text.trim() === '') throw new InputError(`--port is empty; a path, ${NETWORK_FORMS} are allowed`)
  if (isNetworkAddress(text) && !networkAddress(text))
    throw new InputError(`--port ${text} is not allowed; a path, ${NETWORK_FORMS} are`)
  return text
}

/** For an option that may be given more than once. @throws InputError */
export const collectPorts = (text: string, before: readonly string[] = []): readonly string[] => {
  const port = portAddress(text)
  if (before.includes(port)) throw new InputError(`--port ${port} is given twice; each port is given once`)
  return [...before, port]
}

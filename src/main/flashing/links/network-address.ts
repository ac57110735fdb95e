export interface NetworkAddress {
  readonly kind: 'socket' | 'rfc2217'
  readonly host: string
  readonly port: number
}

/** What may be said in place of what is none. */
export const NETWORK_FORMS = 'socket://HOST:PORT and rfc2217://HOST:PORT'

/** Does it look like an address in a network rather than a path? */
export const isNetworkAddress = (address: string): boolean => address.includes('://')

/** `socket://host:port` or `rfc2217://[::1]:port` in its parts; undefined for anything else. */
export const networkAddress = (address: string): NetworkAddress | undefined => {
  const match = /^(socket|rfc2217):\/\/(?:\[([^\]]+)\]|([^:/?#[\]\s]+)):(\d{1,5})\/?$/u.exec(address)
  const host = match?.[2] ?? match?.[3]
  const port = Number(match?.[4])
  if (host === undefined || !(port >= 1 && port <= 65_535)) return undefined
  return { kind: match?.[1] === 'socket' ? 'socket' : 'rfc2217', host, port }
}

import type { BindingInterface } from '@serialport/bindings-interface'
import { LOCATION } from '../ports/discover-ports.ts'
import { RunFailure } from '../failure.ts'
import type { Link, LinkOptions } from './link.ts'
import { isNetworkAddress } from './network-address.ts'
import { openRfc2217Link } from './rfc2217-link.ts'
import { openSerialLink } from './serial-link.ts'
import { openSocketLink } from './socket-link.ts'

/** The path that the port at a place has today. @throws RunFailure `port-lost` when nothing is plugged in there */
const pathAt = async (binding: BindingInterface, address: string): Promise<string> => {
  const location = address.slice(LOCATION.length)
  const found = (await binding.list()).find((port) => port.locationId === location)
  if (!found) throw new RunFailure('port-lost', 'connect', `${address}: nothing is plugged in there`, { port: address })
  return found.path
}

/** Opens what an address names: `socket://host:port`, `rfc2217://host:port`, `location:` and a USB socket's place, or a serial port's path. */
export const openLink = async (binding: BindingInterface, address: string, options: LinkOptions): Promise<Link> => {
  if (address.startsWith('rfc2217://')) return openRfc2217Link(address, options)
  if (isNetworkAddress(address)) return openSocketLink(address)
  const path = address.startsWith(LOCATION) ? await pathAt(binding, address) : address
  return openSerialLink(binding, path, options)
}

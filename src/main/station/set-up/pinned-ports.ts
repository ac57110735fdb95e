/** Slot numbers pinned to sockets: a port is remembered by its physical place, whatever path it gets when it is plugged in again. */
import type { PortView } from '../../../contract/index.ts'
import { LOCATION } from '../../flashing/ports/discover-ports.ts'

/** Paths as `location:…` where their port has a place of its own; other addresses stay. */
export const pinPorts = (addresses: readonly string[], ports: readonly PortView[]): string[] =>
  addresses.map((address) => {
    const place = ports.find((port) => port.path === address)?.location
    const isOwn = ports.filter((port) => port.location === place).length === 1
    return place && isOwn ? `${LOCATION}${place}` : address
  })

/** The other way round, for a person to read: places by the path that is there now, or as they are where none is. */
export const unpinPorts = (addresses: readonly string[], ports: readonly PortView[]): string[] =>
  addresses.map((address) =>
    address.startsWith(LOCATION)
      ? (ports.find((port) => port.location === address.slice(LOCATION.length))?.path ?? address)
      : address,
  )

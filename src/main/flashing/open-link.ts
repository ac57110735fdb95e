import type { BindingInterface } from '@serialport/bindings-interface'
import type { Link, LinkOptions } from './link.ts'
import { openSerialLink } from './serial-link.ts'
import { openSocketLink } from './socket-link.ts'

/** Opens what an address names: `socket://host:port`, or a serial port's path. */
export const openLink = (binding: BindingInterface, address: string, options: LinkOptions): Promise<Link> =>
  address.startsWith('socket://') ? openSocketLink(address) : openSerialLink(binding, address, options)

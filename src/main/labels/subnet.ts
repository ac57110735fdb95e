/** Which addresses a look for printers on the local network tries: the computer's own IPv4 subnets, and not much of them. */

/** As `os.networkInterfaces()` gives it. */
export interface OwnAddress {
  readonly family: string
  readonly address: string
  readonly netmask: string
  readonly internal: boolean
}

/** Of a larger subnet, only the /24 around the computer's own address. */
const WIDEST = 24
/** So many subnets at most: computers with many virtual networks have more than printers. */
const SUBNETS = 4

const toNumber = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
const toAddress = (value: number): string => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join('.')
const prefixOf = (netmask: string): number => 32 - Math.log2(2 ** 32 - toNumber(netmask))

/** The other hosts of the subnet of `address`, without the addresses that name the subnet and its broadcast. */
export const subnetHosts = (address: string, netmask: string): string[] => {
  const size = 2 ** (32 - Math.max(WIDEST, prefixOf(netmask)))
  const own = toNumber(address)
  const first = own - (own % size)
  // RFC 3021: a subnet of two has hosts only.
  const spare = size > 2 ? 1 : 0
  return Array.from({ length: Math.max(0, size - 2 * spare) }, (_, index) => first + spare + index)
    .filter((host) => host !== own)
    .map(toAddress)
}

/** What is tried, each address once. */
export const hostsToTry = (own: readonly OwnAddress[]): string[] => {
  const outer = own.filter(({ family, internal }) => family === 'IPv4' && !internal).slice(0, SUBNETS)
  return [...new Set(outer.flatMap(({ address, netmask }) => subnetHosts(address, netmask)))]
}

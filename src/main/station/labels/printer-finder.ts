/** One look for printers on the network at a time; a new one, or leaving the page, ends the one before. */
import { networkInterfaces } from 'node:os'
import { findPrinters } from '../../labels/find-printers.ts'
import { hostsToTry } from '../../labels/subnet.ts'

export interface PrinterFinder {
  /** @returns addresses, `tcp://HOST:9100`; those found so far when it was stopped */
  find(): Promise<string[]>
  stop(): void
}

const ownHosts = (): string[] => hostsToTry(Object.values(networkInterfaces()).flatMap((each) => each ?? []))

/** @param look tries hosts until it is told to stop */
export const createPrinterFinder = (
  look: (hosts: readonly string[], signal: AbortSignal) => Promise<string[]> = findPrinters,
  hosts = ownHosts,
): PrinterFinder => {
  let current = new AbortController()
  return {
    find() {
      current.abort()
      current = new AbortController()
      return look(hosts(), current.signal)
    },
    stop: () => current.abort(),
  }
}

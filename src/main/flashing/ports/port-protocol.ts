/**
 * What a flash worker and the thread that owns the ports say to each other: the main thread, which has the system's ports, or a
 * simulated bench.
 */
import type { PortInfo } from '@serialport/bindings-interface'

export type PortCall =
  | { readonly type: 'list' }
  | { readonly type: 'open'; readonly path: string; readonly baud: number; readonly hupcl: boolean }
  | { readonly type: 'baud'; readonly path: string; readonly baud: number }
  | { readonly type: 'lines'; readonly path: string; readonly dtr: boolean; readonly rts: boolean }
  /** Answered when what was written before is with the system. */
  | { readonly type: 'drain'; readonly path: string }
  | { readonly type: 'close'; readonly path: string }

export type ToPorts =
  (PortCall & { readonly id: number }) | { readonly type: 'write'; readonly path: string; readonly bytes: Uint8Array }

export type FromPorts =
  | { readonly type: 'reply'; readonly id: number; readonly error?: string; readonly ports?: readonly PortInfo[] }
  | { readonly type: 'data'; readonly path: string; readonly bytes: Uint8Array }
  /** The port went away other than by 'close'. */
  | { readonly type: 'gone'; readonly path: string; readonly reason: string }

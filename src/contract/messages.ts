/**
 * The frames on the loopback socket and the payloads of the Electron channels. A browser first sends `hello` with either the token
 * of the printed address (good once) or the session secret it got for it; nothing else is answered before.
 */
import { z } from 'zod'
import { RequestError } from './requests.ts'
import { ViewPatch } from './view.ts'

export const Hello = z.object({
  type: z.literal('hello'),
  token: z.string().optional(),
  session: z.string().optional(),
})
export const Call = z.object({ type: z.literal('call'), id: z.number().int(), name: z.string(), params: z.unknown() })
export const ToMain = z.discriminatedUnion('type', [Hello, Call])
export type ToMain = z.infer<typeof ToMain>

export const Welcome = z.object({ type: z.literal('welcome'), session: z.string() })
export const Refused = z.object({ type: z.literal('refused'), reason: z.enum(['token', 'session', 'hello']) })
export const Reply = z.discriminatedUnion('ok', [
  z.object({ type: z.literal('reply'), id: z.number().int(), ok: z.literal(true), result: z.unknown() }),
  z.object({ type: z.literal('reply'), id: z.number().int(), ok: z.literal(false), error: RequestError }),
])
export const Push = z.object({ type: z.literal('push'), patch: ViewPatch })
export const ToRenderer = z.union([Welcome, Refused, Reply, Push])
export type ToRenderer = z.infer<typeof ToRenderer>

export { CHANNEL_CALL, CHANNEL_PUSH } from './channels.ts'

/** What the preload script exposes as `window.imprint`. */
export interface ImprintBridge {
  call(name: string, params: unknown): Promise<{ ok: true; result: unknown } | { ok: false; error: RequestError }>
  onPush(listener: (patch: unknown) => void): () => void
}

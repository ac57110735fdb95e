/**
 * Everything that a renderer can ask of the station, by name: what it sends and what it gets. Main validates what arrives against
 * these schemas and knows no other message.
 */
import { z } from 'zod'
import { PortView, SetUpFinding, SetUpInput } from './set-up.ts'
import { View } from './view.ts'

const nothing = z.object({})
const reason = z.string().trim().min(3).max(200)

export const REQUESTS = {
  'view.get': { params: nothing, result: View },

  'order.start': { params: nothing, result: nothing },
  'order.pause': { params: nothing, result: nothing },
  /** Ends every run in progress as stopped and starts none. */
  'order.stop': { params: nothing, result: nothing },

  /** Tries the board in the slot once more. */
  'slot.retry': { params: z.object({ slot: z.number().int().positive() }), result: nothing },
  /** What happened in a run, line by line, without secrets. */
  'run.log': {
    params: z.object({ runId: z.string() }),
    result: z.object({ lines: z.array(z.object({ at: z.number(), step: z.string(), text: z.string() })) }),
  },

  'labels.pause': { params: nothing, result: nothing },
  'labels.resume': { params: nothing, result: nothing },
  'label.reprint': { params: z.object({ labelId: z.string(), reason }), result: z.object({ labelId: z.string() }) },
  /** The person's answer to: did this label come out? */
  'label.resolve': { params: z.object({ labelId: z.string(), cameOut: z.boolean() }), result: nothing },
  'label.confirm': {
    params: z.object({ scanned: z.string().min(1).max(500) }),
    result: z.object({ labelId: z.string().nullable(), serial: z.string().nullable() }),
  },
  /** The very bitmap that is printed, as a data: URL of a PNG. */
  'label.preview': {
    params: z.object({ labelId: z.string() }),
    result: z.object({
      image: z.string(),
      widthMm: z.number(),
      heightMm: z.number(),
      qr: z.string(),
      manualCode: z.string(),
    }),
  },

  'demo.runAgain': { params: nothing, result: nothing },
  /** Closes this station and opens the other one's data folder. */
  'station.open': { params: z.object({ mode: z.enum(['demo', 'production']) }), result: nothing },

  'setUp.ports': { params: nothing, result: z.object({ ports: z.array(PortView) }) },
  'setUp.check': { params: SetUpInput, result: z.object({ findings: z.array(SetUpFinding) }) },
  'setUp.save': { params: SetUpInput, result: nothing },
  /** What was saved last, without keys. */
  'setUp.get': { params: nothing, result: z.object({ input: SetUpInput.nullable() }) },
} as const

export type RequestName = keyof typeof REQUESTS
export type RequestParams<N extends RequestName> = z.input<(typeof REQUESTS)[N]['params']>
export type RequestResult<N extends RequestName> = z.output<(typeof REQUESTS)[N]['result']>

export const isRequestName = (name: string): name is RequestName => Object.hasOwn(REQUESTS, name)

/** Why a request was refused; the sentence is shown as it is. */
export const RequestError = z.object({
  code: z.enum(['invalid', 'not-now', 'not-found', 'failed']),
  message: z.string(),
})
export type RequestError = z.infer<typeof RequestError>

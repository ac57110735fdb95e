/** What the renderer knows of its way to the station, whichever host carries it. */
import {
  REQUESTS,
  type RequestError,
  type RequestName,
  type RequestParams,
  type RequestResult,
  type ViewPatch,
} from '../../contract/index.ts'

export type ConnectionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  /** It was open and is being tried again; `since` in milliseconds since the Unix epoch. */
  | { readonly kind: 'lost'; readonly since: number }
  /** The host does not know this page: a new address is needed. Nothing is tried again. */
  | { readonly kind: 'refused' }

export type Outcome =
  { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly error: RequestError }

export interface Connection {
  /** Rejects with ConnectionLost when there is no answer because there is no connection. */
  call(name: string, params: unknown): Promise<Outcome>
  /** Calls the listener with the present state at once, then with each new one. */
  onState(listener: (state: ConnectionState) => void): () => void
  /** Patches as they come, already validated. */
  onPush(listener: (patch: ViewPatch) => void): () => void
  close(): void
}

/** The request may or may not have reached the station. */
export class ConnectionLost extends Error {
  constructor() {
    super('the connection to the station is lost')
    this.name = 'ConnectionLost'
  }
}

/** The station refused; `message` is its sentence in English. */
export class RequestRefused extends Error {
  readonly error: RequestError

  get code(): RequestError['code'] {
    return this.error.code
  }

  constructor(error: RequestError) {
    super(error.message)
    this.name = 'RequestRefused'
    this.error = error
  }
}

/** Asks the station; resolves to the validated result, or rejects with RequestRefused, ConnectionLost or a schema error. */
export const request = async <N extends RequestName>(
  connection: Connection,
  name: N,
  params: RequestParams<N>,
): Promise<RequestResult<N>> => {
  const outcome = await connection.call(name, params)
  if (!outcome.ok) throw new RequestRefused(outcome.error)
  return REQUESTS[name].result.parse(outcome.result) as RequestResult<N>
}

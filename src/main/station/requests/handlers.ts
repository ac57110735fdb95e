/** How a request of the contract is answered: validated parameters in, its result out. */
import type { z } from 'zod'
import type { RequestName, REQUESTS, RequestResult } from '../../../contract/index.ts'

export type Handlers = {
  readonly [N in RequestName]: (params: z.output<(typeof REQUESTS)[N]['params']>) => Promise<RequestResult<N>>
}

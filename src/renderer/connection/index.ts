/** The one place that chooses how this page reaches the station. */
import { bridgeConnection } from './bridge-connection.ts'
import type { Connection } from './connection.ts'
import { sessionSecret, takeToken } from './sign-in.ts'
import { socketConnection } from './socket-connection.ts'

export * from './connection.ts'

export const chooseConnection = (page: Window): Connection =>
  page.imprint
    ? bridgeConnection(page.imprint)
    : socketConnection({
        url: `ws://${page.location.host}/socket`,
        token: takeToken(page.location, page.history),
        session: sessionSecret(page.sessionStorage),
      })

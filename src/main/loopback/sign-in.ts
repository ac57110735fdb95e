/** Who may speak to the loopback host: whoever has the printed address, once, and from then on the session that it was given. */
import { randomBytes, timingSafeEqual } from 'node:crypto'

export interface SignIn {
  /** A token that is good once. */
  newToken(): string
  /** The session to give, or why not. */
  accept(hello: {
    token?: string | undefined
    session?: string | undefined
  }): { session: string } | { refused: 'token' | 'session' | 'hello' }
}

/** Sessions kept at most; the oldest is forgotten. */
const MOST_SESSIONS = 32

const same = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

export const createSignIn = (): SignIn => {
  let tokens: string[] = []
  let sessions: string[] = []
  return {
    newToken() {
      const token = randomBytes(18).toString('base64url')
      tokens.push(token)
      return token
    },
    accept(hello) {
      if (hello.token !== undefined) {
        const { token } = hello
        if (!tokens.some((known) => same(known, token))) return { refused: 'token' }
        tokens = tokens.filter((known) => !same(known, token))
        const session = randomBytes(32).toString('base64url')
        sessions = [...sessions, session].slice(-MOST_SESSIONS)
        return { session }
      }
      const { session } = hello
      if (session === undefined) return { refused: 'hello' }
      return sessions.some((known) => same(known, session)) ? { session } : { refused: 'session' }
    },
  }
}

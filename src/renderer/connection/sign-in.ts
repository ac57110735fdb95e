/**
 * The browser's credentials. The host prints an address whose fragment carries a token that is good once; the page swaps it for a
 * session secret and keeps that for this tab, so that a reload works. Neither is ever sent in an address: fragments stay in the
 * browser, and this one is removed from the history at once.
 */
const SESSION_KEY = 'imprint.session'

/** Takes `#token=…` out of the address and returns it; null where there is none. */
export const takeToken = (location: Location, history: History): string | null => {
  const token = new URLSearchParams(location.hash.replace(/^#\/?/, '')).get('token')
  if (token === null) return null
  history.replaceState(history.state, '', `${location.pathname}${location.search}`)
  return token
}

export interface SessionSecret {
  get(): string | null
  set(secret: string): void
  forget(): void
}

export const sessionSecret = (storage: Storage): SessionSecret => ({
  get: () => storage.getItem(SESSION_KEY),
  set: (secret) => storage.setItem(SESSION_KEY, secret),
  forget: () => storage.removeItem(SESSION_KEY),
})

/**
 * Colours by meaning, for light and dark. Each pair (a ground and the ink `on-…` it) keeps a contrast of at least 4.5:1
 * (WCAG 2.2, success criterion 1.4.3); a test computes it. A finished slot is a lamp in full colour; a working one is quiet.
 */
export interface Tokens {
  readonly background: string
  readonly 'on-background': string
  readonly surface: string
  readonly 'on-surface': string
  /** Text of second rank, on background and surface. */
  readonly soft: string
  /** Hairlines between areas. */
  readonly line: string
  /** Edges of controls: 3:1 against surface (success criterion 1.4.11). */
  readonly edge: string
  readonly primary: string
  readonly 'on-primary': string
  readonly pass: string
  readonly 'on-pass': string
  readonly unverified: string
  readonly 'on-unverified': string
  readonly fail: string
  readonly 'on-fail': string
  readonly working: string
  readonly 'on-working': string
  readonly ready: string
  readonly 'on-ready': string
  readonly doubt: string
  readonly 'on-doubt': string
  readonly idle: string
  readonly 'on-idle': string
  /** Words in colour on surface. */
  readonly 'pass-ink': string
  readonly 'fail-ink': string
  readonly 'doubt-ink': string
  readonly 'working-ink': string
  /** The line at the bottom. */
  readonly bar: string
  readonly 'on-bar': string
  readonly demo: string
  readonly 'on-demo': string
}

export const LIGHT: Tokens = {
  background: '#eff1f5',
  'on-background': '#12161d',
  surface: '#ffffff',
  'on-surface': '#12161d',
  soft: '#4f5967',
  line: '#d9dee6',
  edge: '#848e9c',
  primary: '#1b50d8',
  'on-primary': '#ffffff',
  pass: '#0a7a40',
  'on-pass': '#ffffff',
  unverified: '#0b6675',
  'on-unverified': '#ffffff',
  fail: '#b5191f',
  'on-fail': '#ffffff',
  working: '#e4ecff',
  'on-working': '#153ea6',
  ready: '#ffffff',
  'on-ready': '#153ea6',
  doubt: '#ffecc2',
  'on-doubt': '#6b3e00',
  idle: '#e3e7ed',
  'on-idle': '#4c5562',
  'pass-ink': '#0a7038',
  'fail-ink': '#b5191f',
  'doubt-ink': '#7d4a00',
  'working-ink': '#1747c4',
  bar: '#12161d',
  'on-bar': '#f7f8fa',
  demo: '#ffd257',
  'on-demo': '#2a1e00',
}

export const DARK: Tokens = {
  background: '#0c0f14',
  'on-background': '#eef1f5',
  surface: '#161b23',
  'on-surface': '#eef1f5',
  soft: '#a9b3c1',
  line: '#2a323e',
  edge: '#6b7686',
  primary: '#8fb0ff',
  'on-primary': '#0a1a45',
  pass: '#0d6e3d',
  'on-pass': '#ffffff',
  unverified: '#0d5f6d',
  'on-unverified': '#ffffff',
  fail: '#a01a1f',
  'on-fail': '#ffffff',
  working: '#15244a',
  'on-working': '#b7ccff',
  ready: '#161b23',
  'on-ready': '#b7ccff',
  doubt: '#3f2e0b',
  'on-doubt': '#ffcf78',
  idle: '#1a2029',
  'on-idle': '#a3aebd',
  'pass-ink': '#5ad694',
  'fail-ink': '#ff938b',
  'doubt-ink': '#ffc766',
  'working-ink': '#a9c3ff',
  bar: '#232c39',
  'on-bar': '#f4f6f9',
  demo: '#4b3900',
  'on-demo': '#ffdf8c',
}

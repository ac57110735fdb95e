/** Contrast of the theme's colours, computed as WCAG 2.2 defines it. */
import { describe, expect, it } from 'vitest'
import { DARK, LIGHT, type Tokens } from '../../src/renderer/theme/tokens.ts'

/** Relative luminance, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
const luminance = (colour: string): number => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
const contrast = (a: string, b: string): number => {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y)
  return (light + 0.05) / (dark + 0.05)
}

it('computes the contrasts that WCAG names', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 1)
})

describe.each([
  ['light', LIGHT],
  ['dark', DARK],
])('%s', (_name, tokens) => {
  const names = Object.keys(tokens) as (keyof Tokens)[]
  const pairs = names
    .filter((name) => `on-${name}` in tokens)
    .map((name) => [name, `on-${name}` as keyof Tokens] as const)

  it.each(pairs)('%s and %s reach 4.5:1', (ground, ink) => {
    expect(contrast(tokens[ground], tokens[ink])).toBeGreaterThanOrEqual(4.5)
  })

  it.each(['soft', 'pass-ink', 'fail-ink', 'doubt-ink', 'working-ink', 'primary'] as const)(
    '%s reaches 4.5:1 on surface',
    (ink) => {
      expect(contrast(tokens.surface, tokens[ink])).toBeGreaterThanOrEqual(4.5)
    },
  )

  it('shows the edge of a control with 3:1', () => {
    expect(contrast(tokens.surface, tokens.edge)).toBeGreaterThanOrEqual(3)
    expect(contrast(tokens.background, tokens.edge)).toBeGreaterThanOrEqual(2.5)
  })
})

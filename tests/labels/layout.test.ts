import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LabelError } from '../../src/main/labels/label-error.ts'
import { fillText } from '../../src/main/labels/label-data.ts'
import { dotsPerMm, layOutLabel, RESOLUTIONS, type MatrixItem } from '../../src/main/labels/layout.ts'
import { parseTemplate, type LabelTemplate } from '../../src/main/labels/template.ts'
import { DEFAULT_TEMPLATE, templateByName, templateNames } from '../../src/main/labels/templates.ts'
import { anyLabel, SAMPLE } from './sample.ts'

const template = (elements: unknown[], size = { width: 40, height: 20 }): LabelTemplate =>
  parseTemplate({ format: 1, name: 'test', version: 3, ...size, elements }, 'test.json')

const text = (values: object) => ({
  type: 'text',
  name: 'words',
  x: 1,
  y: 1,
  width: 20,
  height: 3,
  size: 2,
  text: '{productName}',
  ...values,
})

const error = (call: () => unknown): LabelError => {
  try {
    call()
  } catch (thrown) {
    if (thrown instanceof LabelError) return thrown
    throw thrown
  }
  throw new Error('nothing was thrown')
}

const UNMARKED = { ...SAMPLE, mark: null }

describe('a layout', () => {
  test('is in whole dots within the label, at every resolution', () => {
    fc.assert(
      fc.property(fc.constantFrom(...templateNames()), fc.constantFrom(...RESOLUTIONS), anyLabel, (name, dpi, data) => {
        const layout = layOutLabel(templateByName(name), data, dpi)
        for (const item of layout.items) {
          const [right, bottom] =
            item.kind === 'text'
              ? [item.x + item.width, item.baseline]
              : item.kind === 'box'
                ? [item.x + item.width, item.y + item.height]
                : item.kind === 'code-128'
                  ? [item.x + item.widths.reduce((sum, width) => sum + width, 0) * item.module, item.y + item.height]
                  : [item.x + item.matrix.size * item.module, item.y + item.matrix.size * item.module]
          for (const value of [item.x, right, bottom]) expect(Number.isInteger(value)).toBe(true)
          expect(item.x).toBeGreaterThanOrEqual(0)
          expect(right).toBeLessThanOrEqual(layout.width)
          expect(bottom).toBeLessThanOrEqual(layout.height)
        }
      }),
    )
  })

  test('a 203 dpi head has eight dots a millimetre', () => {
    expect(RESOLUTIONS.map((dpi) => dotsPerMm(dpi).toFixed(2))).toEqual(['8.00', '11.81', '23.62'])
  })

  test('a QR code is at level M or better, with a quiet zone of four modules inside its box', () => {
    fc.assert(
      fc.property(fc.double({ min: 5, max: 18, noNaN: true }), fc.constantFrom(...RESOLUTIONS), (size, dpi) => {
        const layout = layOutLabel(
          template([{ type: 'qr', name: 'qr', x: 1, y: 1, size, text: '{qr}' }]),
          UNMARKED,
          dpi,
        )
        const qr = layout.items[0] as MatrixItem
        const edge = Math.round(layout.dotsPerMm)
        const box = Math.floor(size * layout.dotsPerMm)
        expect(['M', 'Q', 'H']).toContain(qr.level)
        expect(qr.x - edge).toBeGreaterThanOrEqual(4 * qr.module)
        expect(edge + box - (qr.x + 25 * qr.module)).toBeGreaterThanOrEqual(4 * qr.module)
        expect(layout.warnings.length).toBe(qr.module / layout.dotsPerMm < 0.25 ? 1 : 0)
      }),
    )
  })

  test('a module below a quarter of a millimetre is warned of', () => {
    const small = template([{ type: 'qr', name: 'qr', x: 1, y: 1, size: 8, text: '{qr}' }])
    expect(layOutLabel(small, UNMARKED, 203).warnings).toEqual([
      { code: 'small-module', element: 'qr', moduleMm: 0.125 },
    ])
    expect(layOutLabel(templateByName(DEFAULT_TEMPLATE), SAMPLE, 203).warnings).toEqual([])
  })

  test('text shrinks as far as the template allows', () => {
    const sizes = ['Aurora', 'Aurora Light with a long name'].map((productName) => {
      const layout = layOutLabel(template([text({ smallest: 1 })]), { ...UNMARKED, productName }, 300)
      return layout.items[0]?.kind === 'text' ? layout.items[0].size : 0
    })
    expect(sizes[0]).toBe(24)
    expect(sizes[1]).toBeLessThan(24)
    expect(sizes[1]).toBeGreaterThanOrEqual(12)
  })

  test('text is broken into lines between words, and beside Chinese characters', () => {
    const broken = (productName: string): string[] =>
      layOutLabel(
        template([text({ width: 12, height: 8, lines: 3 })]),
        { ...UNMARKED, productName },
        300,
      ).items.flatMap((item) => (item.kind === 'text' ? [item.text] : []))
    expect(broken('Aurora Light Deluxe')).toEqual(['Aurora Light', 'Deluxe'])
    expect(broken('极光灯智能照明，系列产品').join('')).toBe('极光灯智能照明，系列产品')
    for (const line of broken('极光灯智能照明，系列产品')) expect(line.startsWith('，')).toBe(false)
  })

  test('an empty field leaves its element out', () => {
    const layout = layOutLabel(templateByName(DEFAULT_TEMPLATE), { ...SAMPLE, slot: null, mark: null }, 203)
    expect(layout.items.map((item) => item.element)).not.toContain('slot')
    expect(layout.items.map((item) => item.element)).not.toContain('mark')
  })

  test('the manual pairing code is in its printed form', () => {
    const lines = (manualCode: string) =>
      layOutLabel(templateByName(DEFAULT_TEMPLATE), { ...SAMPLE, manualCode }, 203)
        .items.filter((item) => item.element === 'manual-code')
        .map((item) => (item.kind === 'text' ? item.text : ''))
    expect(lines('34970112332')).toEqual(['3497-011-2332'])
    expect(lines('749701123365521327694')).toEqual(['7497-011-2336', '5521-327-69-4'])
  })
})

describe('what does not fit is said before anything is printed', () => {
  test('overflow names element, text, box and template', () => {
    const long = { ...UNMARKED, productName: 'Aurora Light with a name that no label could hold' }
    const thrown = error(() => layOutLabel(template([text({})]), long, 203))
    expect(thrown.code).toBe('overflow')
    expect(thrown.details).toMatchObject({ element: 'words', text: long.productName, box: '20 × 3 mm' })
    expect(thrown.message).toContain("'test' version 3")
  })

  test('a code in too small a box, and a text that a code cannot carry', () => {
    const qr = template([{ type: 'qr', name: 'qr', x: 1, y: 1, size: 3, text: '{qr}' }])
    expect(error(() => layOutLabel(qr, UNMARKED, 203))).toMatchObject({ code: 'overflow', details: { element: 'qr' } })
    const bars = template([{ type: 'code-128', name: 'bars', x: 1, y: 1, width: 38, height: 5, text: '{productName}' }])
    expect(error(() => layOutLabel(bars, { ...UNMARKED, productName: '极光' }, 203)).code).toBe('not-encodable')
    expect(error(() => layOutLabel(bars, { ...UNMARKED, productName: 'x'.repeat(60) }, 203)).code).toBe('overflow')
  })

  test('a character that the face does not have', () => {
    const thrown = error(() => layOutLabel(template([text({})]), { ...UNMARKED, productName: 'Aurora 🚀' }, 203))
    expect(thrown).toMatchObject({ code: 'no-glyph', details: { element: 'words', character: '🚀' } })
    expect(thrown.message).toContain('U+1F680')
  })

  test('a field that does not exist, with those that do', () => {
    const thrown = error(() => layOutLabel(template([text({ text: '{lot}' })]), UNMARKED, 203))
    expect(thrown).toMatchObject({ code: 'unknown-field', details: { field: 'lot' } })
    expect(thrown.message).toContain('serial')
    expect(fillText('{lot}', { ...UNMARKED, fields: { lot: 'L7' } }, 'words')).toBe('L7')
  })

  test('a label that must say DEMO or TEST on a template without a place for it', () => {
    expect(error(() => layOutLabel(template([text({})]), SAMPLE, 203))).toMatchObject({ code: 'template' })
  })
})

describe('a template', () => {
  test('that reaches beyond the label, names an element twice or lacks a value is refused, naming the place', () => {
    expect(error(() => template([text({ width: 39.5 })])).message).toMatch(
      /^test\.json: elements\.0.*beyond the label/u,
    )
    expect(error(() => template([text({}), text({})])).message).toMatch(/two elements are named 'words'/u)
    expect(error(() => template([text({ size: 'big' })])).message).toMatch(/^test\.json: elements\.0\.size: /u)
    expect(error(() => parseTemplate(null, 'x.json')).code).toBe('template')
    expect(error(() => templateByName('nope'))).toMatchObject({ code: 'unknown-template' })
  })

  test('any value is a template or a typed error', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(error(() => parseTemplate(value, 'any')).code).toBe('template')
      }),
    )
  })
})

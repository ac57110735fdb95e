import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawLabel } from '../../src/main/labels/draw.ts'
import type { LabelData } from '../../src/main/labels/label-data.ts'
import { layOutLabel, RESOLUTIONS, type Layout } from '../../src/main/labels/layout.ts'
import { renderPdf } from '../../src/main/labels/pdf.ts'
import { renderPng } from '../../src/main/labels/png.ts'
import { templateByName, templateNames } from '../../src/main/labels/templates.ts'
import { extentOf } from '../../src/main/labels/template.ts'
import { fieldData, graphicField } from '../../src/main/labels/zpl-field.ts'
import { renderZpl, type ZplOptions } from '../../src/main/labels/zpl.ts'
import { createBitmap } from '../../src/main/labels/bitmap.ts'
import { isBlack, pictureOfBitmap, pictureOfPng, readCodes, type Picture } from './decode.ts'
import { fontsOfPdf, renderPdfPictures, renderZplPicture, skipPdf, textOfPdf } from './render.ts'
import { anyLabel, SAMPLE } from './sample.ts'

/** What an independent reader must find on a label, by its template. */
const codesOf = (template: string, data: LabelData): { format: string; text: string }[] => [
  { format: 'QRCode', text: data.qr },
  ...(template === 'unit-50x30' ? [{ format: 'Code128', text: data.serial }] : []),
  ...(template === 'unit-25x25' ? [{ format: 'DataMatrix', text: data.serial }] : []),
]

const expectCodes = async (picture: Picture, template: string, data: LabelData): Promise<void> => {
  const found = await readCodes(picture)
  const expected = codesOf(template, data)
  expect(found).toHaveLength(expected.length)
  expect(found).toEqual(expect.arrayContaining(expected))
}

const blackDots = (picture: Picture): Set<number> => {
  const dots = new Set<number>()
  for (let y = 0; y < picture.height; y++)
    for (let x = 0; x < picture.width; x++) if (isBlack(picture, x, y)) dots.add(y * picture.width + x)
  return dots
}

/** Dots that are black in one picture only. */
const differing = (one: Picture, other: Picture): number => {
  expect([one.width, one.height]).toEqual([other.width, other.height])
  const [first, second] = [blackDots(one), blackDots(other)]
  const missing = (from: Set<number>, wanted: Set<number>): number => [...wanted].filter((dot) => !from.has(dot)).length
  return missing(first, second) + missing(second, first)
}

const anyTemplate = fc.constantFrom(...templateNames())
const anyDpi = fc.constantFrom(...RESOLUTIONS)

describe('PNG', () => {
  test('shows the bitmap that is printed, dot by dot, and its resolution', () => {
    for (const dpi of RESOLUTIONS) {
      const layout = layOutLabel(templateByName('unit-40x20'), SAMPLE, dpi)
      const png = renderPng(layout)
      expect(differing(pictureOfPng(png), pictureOfBitmap(drawLabel(layout)))).toBe(0)
      const at = Buffer.from(png).indexOf('pHYs')
      expect(Buffer.from(png).readUInt32BE(at + 4)).toBe(Math.round(layout.dotsPerMm * 1000))
    }
  })

  test('codes of random units are read back from it, at every resolution', async () => {
    await fc.assert(
      fc.asyncProperty(anyTemplate, anyDpi, anyLabel, async (template, dpi, data) => {
        const layout = layOutLabel(templateByName(template), data, dpi)
        await expectCodes(pictureOfPng(renderPng(layout)), template, data)
      }),
      { numRuns: 24 },
    )
  })
})

describe('ZPL', () => {
  test('sent as dots, an independent renderer draws the very bitmap of the preview', async () => {
    for (const template of templateNames())
      for (const dpi of RESOLUTIONS) {
        const layout = layOutLabel(templateByName(template), { ...SAMPLE, productName: 'Aurora 极光灯 ^~_' }, dpi)
        const rendered = await renderZplPicture(renderZpl(layout, { text: 'graphic', codes: 'graphic' }), layout)
        expect(differing(rendered, pictureOfBitmap(drawLabel(layout)))).toBe(0)
      }
  })

  test.each<ZplOptions>([{}, { codes: 'printer' }, { text: 'graphic' }])(
    'codes of random units are read back, with %o',
    async (options) => {
      await fc.assert(
        fc.asyncProperty(anyTemplate, anyDpi, anyLabel, async (template, dpi, data) => {
          const layout = layOutLabel(templateByName(template), data, dpi)
          await expectCodes(await renderZplPicture(renderZpl(layout, options), layout), template, data)
        }),
        { numRuns: 12 },
      )
    },
  )

  test("codes drawn by the printer cover the layout's own modules", async () => {
    for (const template of templateNames()) {
      const layout = layOutLabel(templateByName(template), SAMPLE, 203)
      const codes: Layout = { ...layout, items: layout.items.filter((item) => item.kind !== 'text') }
      const zpl = renderZpl(codes, { codes: 'printer' })
      expect(zpl).toContain('^BQN')
      const extent = (picture: Picture) => {
        const dots = [...blackDots(picture)]
        const xs = dots.map((dot) => dot % picture.width)
        const ys = dots.map((dot) => Math.floor(dot / picture.width))
        return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
      }
      expect(extent(await renderZplPicture(zpl, codes))).toEqual(extent(pictureOfBitmap(drawLabel(codes))))
    }
  })

  test("text in the printer's own font stays in its element's box", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyTemplate,
        anyDpi,
        fc.stringMatching(/^[A-Z0-9-]{4,12}$/u),
        fc.stringMatching(/^[A-Za-z0-9 WM@%&-]{1,10}$/u),
        async (name, dpi, serial, productName) => {
          const template = templateByName(name)
          const whole = layOutLabel(template, { ...SAMPLE, serial, productName }, dpi)
          for (const element of template.elements) {
            const items = whole.items.filter((item) => item.element === element.name && item.kind === 'text')
            if (items.length === 0) continue
            const layout = { ...whole, items }
            const picture = await renderZplPicture(renderZpl(layout), layout)
            const { width, height } = extentOf(element)
            const outside = [...blackDots(picture)].filter((dot) => {
              const x = (dot % picture.width) / whole.dotsPerMm
              const y = Math.floor(dot / picture.width) / whole.dotsPerMm
              // A face's letters may reach a tenth of a millimetre over their own width.
              const slack = 0.13
              return (
                x < element.x - slack ||
                x > element.x + width + slack ||
                y < element.y - slack ||
                y > element.y + height + slack
              )
            })
            expect({ element: element.name, outside: outside.length }).toEqual({ element: element.name, outside: 0 })
          }
        },
      ),
      { numRuns: 6 },
    )
  })

  test('any text is printed as itself: no byte of it is a command', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[\^~_\\A-F0-9,>]*$/u)), (text) => {
        const field = fieldData(text)
        const data = /^\^FH_\^FD([ -~]*)\^FS$/u.exec(field)?.[1]
        expect(data).toBeDefined()
        expect(data).not.toMatch(/[\^~\\]/u)
        const bytes = Buffer.from(
          (data ?? '').replace(/_([0-9A-F]{2})/gu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
          'latin1',
        )
        expect(bytes).toEqual(Buffer.from(text, 'utf8'))
      }),
    )
  })

  test('^, ~ and _ are seen on the label as an independent renderer prints them', async () => {
    const template = templateByName('unit-40x20')
    const inkOf = async (productName: string) => {
      const layout = layOutLabel(template, { ...SAMPLE, productName }, 203)
      const items = layout.items.filter((item) => item.element === 'product')
      return blackDots(await renderZplPicture(renderZpl({ ...layout, items }), layout)).size
    }
    const plain = await inkOf('AB')
    for (const text of ['A^B', 'A~B', 'A_B', 'A^FSB'])
      expect({ text, more: (await inkOf(text)) > plain }).toEqual({ text, more: true })
  })

  test('any bitmap survives the compression of graphics', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 700 }),
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.constantFrom(0, 0xff, 0xf0, 0x0f, 0x12), { minLength: 1, maxLength: 40 }),
        async (width, height, pattern) => {
          const bitmap = createBitmap(width, height)
          bitmap.bytes.forEach((_, index) => {
            bitmap.bytes[index] = pattern[index % pattern.length] ?? 0
          })
          const layout = { width: bitmap.bytesPerRow * 8, height } as Layout
          const zpl = `^XA^PW${layout.width}^LL${height}^FO0,0${graphicField(bitmap)}^XZ`
          const expected = pictureOfBitmap({ ...bitmap, width: layout.width })
          expect(differing(await renderZplPicture(zpl, layout), expected)).toBe(0)
        },
      ),
      { numRuns: 25 },
    )
  })
})

describe.skipIf(skipPdf)('PDF', () => {
  test('a page a label in true size, codes read back from poppler’s rendering', async () => {
    for (const name of templateNames()) {
      const units = fc.sample(anyLabel, 4)
      const layouts = units.map((data) => layOutLabel(templateByName(name), data, 600))
      const pictures = renderPdfPictures(await renderPdf(layouts), 300)
      expect(pictures).toHaveLength(units.length)
      for (const [index, picture] of pictures.entries()) {
        const template = templateByName(name)
        expect(Math.abs(picture.width - (template.width * 300) / 25.4)).toBeLessThanOrEqual(1)
        expect(Math.abs(picture.height - (template.height * 300) / 25.4)).toBeLessThanOrEqual(1)
        await expectCodes(picture, name, units[index] ?? SAMPLE)
      }
    }
  })

  test('text is text, in an embedded subset of the bundled face, Chinese included', async () => {
    const data = { ...SAMPLE, productName: 'Aurora 极光灯 Łódź' }
    const pdf = await renderPdf(layOutLabel(templateByName('unit-50x30'), data, 300))
    const text = textOfPdf(pdf)
    for (const part of ['Aurora', '极光灯', 'Łódź', 'SN DEMO-000123', '3497-011-2332', 'DEMO'])
      expect(text).toContain(part)
    const fonts = fontsOfPdf(pdf)
    expect(fonts.length).toBeGreaterThan(0)
    for (const font of fonts) expect(font).toMatch(/NotoSans.* yes +yes +yes /u)
    expect(pdf.length).toBeLessThan(40_000)
  })

  test('the letters of the bitmap are where and what poppler draws from the same face', async () => {
    const whole = layOutLabel(templateByName('unit-50x30'), { ...SAMPLE, productName: 'Aurora 极光灯 Ag8%' }, 600)
    for (const element of ['product', 'manual-code', 'serial', 'vendor']) {
      const layout = { ...whole, items: whole.items.filter((item) => item.element === element) }
      const [page] = renderPdfPictures(await renderPdf(layout), 600)
      const theirs = page ? blackDots(page) : new Set<number>()
      const ours = blackDots(pictureOfBitmap(drawLabel(layout)))
      const both = [...ours].filter((dot) => theirs.has(dot)).length
      // Poppler places letters between dots, Imprint on them.
      expect({ element, alike: both / Math.max(ours.size, theirs.size) > 0.7 }).toEqual({ element, alike: true })
    }
  })

  test('equal labels make equal files', async () => {
    const layout = layOutLabel(templateByName('unit-40x20'), SAMPLE, 203)
    expect(Buffer.from(await renderPdf(layout)).equals(Buffer.from(await renderPdf(layout)))).toBe(true)
  })
})

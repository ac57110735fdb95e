import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openTemplateLibrary, type TemplateLibrary } from '../../src/main/labels/template-library.ts'
import { bundledTemplates, templateByName } from '../../src/main/labels/templates.ts'
import {
  findTemplate,
  listTemplates,
  previewTemplate,
  saveTemplate,
} from '../../src/main/station/labels/template-desk.ts'
import { pictureOfPng, readCodes } from '../labels/decode.ts'

let folder = ''
let library: TemplateLibrary
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'imprint-templates-'))
  library = openTemplateLibrary(folder)
})
afterEach(() => rmSync(folder, { recursive: true }))

const standard = templateByName('unit-40x20')
const withElements = (...elements: object[]) => ({ ...standard, elements: [...standard.elements, ...elements] })
const pictureOf = (image: string | null) =>
  pictureOfPng(Buffer.from((image ?? '').replace('data:image/png;base64,', ''), 'base64'))

describe('the preview of a template', () => {
  test.each([203, 300, 600] as const)(
    'is a dot of the printer a dot, and its QR code reads, at %i dpi',
    async (dpi) => {
      const { image, widthDots, heightDots, findings } = previewTemplate(standard, dpi, 'usual')
      const picture = pictureOf(image)
      expect([picture.width, picture.height]).toEqual([widthDots, heightDots])
      expect(await readCodes(picture)).toEqual([{ format: 'QRCode', text: expect.stringMatching(/^MT:/u) as string }])
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
    },
  )

  test('every template that comes with Imprint fits its longest values without a finding at 300 and 600 dpi', () => {
    for (const template of bundledTemplates())
      for (const dpi of [300, 600] as const)
        expect({ name: template.name, dpi, findings: previewTemplate(template, dpi, 'longest').findings }).toEqual({
          name: template.name,
          dpi,
          findings: [],
        })
  })

  test('says at the element what overflows with the longest values, and draws the rest', () => {
    const { image, findings } = previewTemplate(
      {
        ...withElements({ type: 'text', name: 'batch', x: 1, y: 1, width: 5, height: 2, text: '{batch}', size: 2 }),
        freeFields: [{ name: 'batch', longest: 'A very long batch name' }],
      },
      203,
      'usual',
    )
    expect(image).not.toBeNull()
    expect(findings).toContainEqual(
      expect.objectContaining({ element: 'batch', severity: 'error', code: 'overflow' }) as object,
    )
  })

  test('warns of modules below 0.25 mm, and of what stands in a quiet zone', () => {
    const small = { ...standard, elements: standard.elements.map((e) => (e.type === 'qr' ? { ...e, size: 8 } : e)) }
    expect(previewTemplate(small, 203, 'usual').findings).toContainEqual(
      expect.objectContaining({ element: 'qr', severity: 'warning', code: 'small-module' }) as object,
    )
    const crossed = withElements({
      type: 'line',
      name: 'line',
      x: 0,
      y: 9,
      length: 20,
      direction: 'horizontal',
      stroke: 0.3,
    })
    expect(previewTemplate(crossed, 203, 'usual').findings).toContainEqual(
      expect.objectContaining({ element: 'qr', code: 'quiet-zone', values: { other: 'line' } }) as object,
    )
  })

  test('a frame around a code is not in its quiet zone', () => {
    const framed = withElements({ type: 'rectangle', name: 'frame', x: 0, y: 0, width: 40, height: 20, stroke: 0.3 })
    expect(previewTemplate(framed, 203, 'usual').findings.filter(({ code }) => code === 'quiet-zone')).toEqual([])
  })

  test('says at the element why a template is not valid, and has no picture then', () => {
    const { image, findings } = previewTemplate(
      withElements({ type: 'text', name: 'far', x: 39, y: 1, width: 5, height: 2, text: 'x', size: 2 }),
      203,
      'usual',
    )
    expect(image).toBeNull()
    expect(findings).toMatchObject([{ element: 'far', severity: 'error', code: 'beyond-label', values: { width: 40 } }])
    for (const nonsense of [null, 7, 'x', { elements: [null] }, { ...standard, elements: {} }])
      expect(previewTemplate(nonsense, 203, 'usual').findings.length).toBeGreaterThan(0)
  })

  test('gives each thing that is wrong a code and its values, so that a screen words it in its own language', () => {
    const text = { type: 'text', name: 'note', x: 18, y: 17, width: 8, height: 2.6, text: 'x', size: 2 }
    const of = (template: object) =>
      previewTemplate(template, 203, 'usual').findings.map(({ element, code, values }) => [element, code, values])
    expect(of(withElements({ ...text, width: 0 }))).toEqual([['note', 'too-small', { field: 'width', least: '0' }]])
    expect(of(withElements({ ...text, size: 51 }))).toEqual([['note', 'too-large', { field: 'size', most: '50' }]])
    expect(of(withElements({ ...text, text: '' }))).toEqual([['note', 'empty', { field: 'text' }]])
    expect(of(withElements({ ...text, x: null }))).toEqual([['note', 'number-needed', { field: 'x' }]])
    expect(of(withElements({ ...text, name: 'No' }))).toEqual([['No', 'name-not-allowed', { field: 'name' }]])
    expect(of(withElements(text, text))).toEqual([['note', 'element-twice', { element: 'note' }]])
    expect(of({ ...standard, name: 'No' })).toEqual([[null, 'name-not-allowed', { field: 'name' }]])
    expect(of({ ...standard, elements: [] })).toEqual([[null, 'no-elements', {}]])
    const fields = [{ name: 'serial', longest: 'x' }]
    expect(of({ ...standard, freeFields: fields })).toEqual([[null, 'field-twice', { field: 'serial' }]])
    expect(of({ ...standard, elements: [text] })).toContainEqual([
      null,
      'no-mark',
      expect.objectContaining({ mark: 'DEMO' }) as object,
    ])
    expect(of(withElements({ ...text, text: 'a☃' }))).toContainEqual([
      'note',
      'no-glyph',
      expect.objectContaining({ character: '☃', text: 'a☃' }) as object,
    ])
  })

  test('a field that is not there is an error, one of the order is not', () => {
    const named = withElements({
      type: 'text',
      name: 'batch',
      x: 18,
      y: 17,
      width: 8,
      height: 2.6,
      text: '{batch}',
      size: 2,
    })
    expect(previewTemplate(named, 203, 'usual').findings).toMatchObject([{ element: 'batch', code: 'unknown-field' }])
    const given = { ...named, freeFields: [{ name: 'batch', longest: 'B-7' }] }
    expect(previewTemplate(given, 203, 'usual').findings).toEqual([])
  })
})

test('saving keeps a version more; one of Imprint’s own is refused in a sentence', async () => {
  await saveTemplate(library, { ...standard, name: 'mine' })
  await saveTemplate(library, { ...standard, name: 'mine', width: 44 })
  expect((await listTemplates(library)).find(({ name }) => name === 'mine')).toMatchObject({
    builtIn: false,
    versions: [1, 2],
    width: 44,
  })
  expect(await findTemplate(library, 'mine', 1)).toMatchObject({ width: 40 })
  await expect(saveTemplate(library, standard)).rejects.toMatchObject({ code: 'invalid' })
  await expect(findTemplate(library, 'other', null)).rejects.toMatchObject({ code: 'not-found' })
})

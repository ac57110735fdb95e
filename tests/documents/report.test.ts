/** Printed reports, as poppler reads them. */
import { describe, expect, test } from 'vitest'
import { FAILURE_CAUSES, FAILURE_CODES, LANGUAGES, type Report } from '../../src/contract/index.ts'
import { reportPdf } from '../../src/main/documents/report.ts'
import { fontsOfPdf, renderPdfPictures, skipPdf, textOfPdf } from '../labels/render.ts'

const AT = Date.UTC(2026, 10, 24, 12)
const report: Report = {
  tried: 250,
  passedFirst: 240,
  passed: 247,
  failed: 3,
  rework: 2,
  scrap: 1,
  labels: { printed: 249, reprinted: 2 },
  failures: FAILURE_CODES.map((code, index) => ({ code, count: index + 1 })),
  cycle: { median: 14_210, p95: 17_000, slowest: 20_960 },
  hours: Array.from({ length: 60 }, (_, index) => ({ at: AT + index * 3_600_000, passed: index, failed: 0 })),
  slots: [{ slot: 3, tried: 9, passed: 6, failed: 3, insertions: 12, contact: 1, latestFailures: [] }],
  orders: [{ id: 'a', number: 'WO-7/工单', passed: 247, failed: 3 }],
}

describe.skipIf(skipPdf)('a report', () => {
  test.each(LANGUAGES)('says its figures and causes in %s, over as many pages as it needs', async (language) => {
    const pdf = await reportPdf(report, undefined, language, AT)
    const text = textOfPdf(pdf)
    expect(text).toContain(language === 'en' ? 'Order WO-7/工单' : '工单 WO-7/工单')
    expect(text).toMatch(language === 'en' ? /First-pass yield\s+96.0%/u : /直通率\s+96.0%/u)
    expect(text).toMatch(language === 'en' ? /Final yield\s+98.8%/u : /最终良率\s+98.8%/u)
    for (const code of FAILURE_CODES) expect(text).toContain(FAILURE_CAUSES[language][code].slice(0, 12))
    expect(renderPdfPictures(pdf, 20)).toHaveLength(3)
  })

  test('draws a name in any language with bundled faces, embedded, and a character that no face has as a question mark', async () => {
    const pdf = await reportPdf({ ...report, failures: [], hours: [] }, '夜班 ☃ Łódź', 'en', AT)
    expect(textOfPdf(pdf)).toContain('夜班 ? Łódź')
    for (const font of fontsOfPdf(pdf)) expect(font).toMatch(/NotoSans.* yes yes/u)
  })

  test('of nothing at all is a page without bars', async () => {
    const nothing = { tried: 0, passedFirst: 0, passed: 0, failed: 0, rework: 0, scrap: 0 }
    const empty = { ...nothing, labels: { printed: 0, reprinted: 0 }, failures: [], cycle: null }
    const pdf = await reportPdf({ ...empty, hours: [], slots: [], orders: [] }, undefined, 'en', AT)
    expect(textOfPdf(pdf)).toMatch(/First-pass yield\s+–/u)
    expect(renderPdfPictures(pdf, 20)).toHaveLength(1)
  })
})

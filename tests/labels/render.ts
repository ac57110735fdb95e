/** Independent renderers of what Imprint prints: zpl-renderer-js for ZPL, pdftoppm (poppler) for PDF. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ready } from 'zpl-renderer-js'
import type { Layout } from '../../src/main/labels/layout.ts'
import { pictureOfPng, type Picture } from './decode.ts'

/** The renderer takes whole dots a millimetre only: a label is drawn at a size in mm that gives its dots. */
export const renderZplPicture = async (zpl: string, layout: Layout): Promise<Picture> => {
  const { api } = await ready
  const perMm = 8
  const png = await api.zplToBase64Async(zpl, layout.width / perMm, layout.height / perMm, perMm)
  return pictureOfPng(Buffer.from(png, 'base64'))
}

export const hasPdftoppm = spawnSync('pdftoppm', ['-v']).error === undefined
if (!hasPdftoppm) process.stderr.write('\n*** pdftoppm (poppler-utils) is missing: the PDF is not checked ***\n')
/** With CI set a missing tool is a failure, not a skip. */
export const skipPdf = !hasPdftoppm && !process.env.CI

export const renderPdfPictures = (pdf: Uint8Array, dpi: number): Picture[] => {
  const folder = mkdtempSync(join(tmpdir(), 'imprint-pdf-'))
  try {
    const file = join(folder, 'labels.pdf')
    writeFileSync(file, pdf)
    execFileSync('pdftoppm', ['-r', String(dpi), '-png', file, join(folder, 'page')])
    const pages = execFileSync('ls', [folder], { encoding: 'utf8' })
      .split('\n')
      .filter((name) => name.endsWith('.png'))
    return pages.toSorted().map((name) => pictureOfPng(readFileSync(join(folder, name))))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Poppler's own reading of the text. */
export const textOfPdf = (pdf: Uint8Array): string =>
  execFileSync('pdftotext', ['-raw', '-', '-'], { input: pdf, encoding: 'utf8' })
export const fontsOfPdf = (pdf: Uint8Array): string[] => {
  const folder = mkdtempSync(join(tmpdir(), 'imprint-pdf-'))
  try {
    const file = join(folder, 'labels.pdf')
    writeFileSync(file, pdf)
    return execFileSync('pdffonts', [file], { encoding: 'utf8' }).trim().split('\n').slice(2)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Labels as files: one PDF and one ZPL file each, named by serial, for a run without a printer at hand. */
import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Layout } from '../../labels/layout.ts'
import { makeFolder } from '../../make-folder.ts'
import { renderPdf } from '../../labels/pdf.ts'
import { renderZpl } from '../../labels/zpl.ts'

const write = (file: string, content: string | Uint8Array): void => {
  writeFileSync(`${file}.new`, content, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** Serial numbers hold no character that a file name may not; anything else is made a dash all the same. */
const safeName = (serial: string): string => serial.replace(/[^A-Za-z0-9._-]/gu, '-')

export const hasLabelFiles = (folder: string, serial: string): boolean =>
  existsSync(join(folder, `${safeName(serial)}.pdf`)) && existsSync(join(folder, `${safeName(serial)}.zpl`))

export const writeLabelFiles = async (folder: string, serial: string, layout: Layout): Promise<void> => {
  makeFolder(folder)
  write(join(folder, `${safeName(serial)}.zpl`), renderZpl(layout))
  write(join(folder, `${safeName(serial)}.pdf`), await renderPdf(layout, { title: serial }))
}

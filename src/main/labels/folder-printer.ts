/** A folder as a printer: a file a label and form, named by serial. A file is whole or it is not there. */
import { access, constants, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../make-folder.ts'
import type { Layout } from './layout.ts'
import { renderPdf } from './pdf.ts'
import { renderPng } from './png.ts'
import { PrinterError, type Printer } from './printer.ts'
import { renderZpl, type ZplOptions } from './zpl.ts'

export const LABEL_FORMS = ['zpl', 'pdf', 'png'] as const
export type LabelForm = (typeof LABEL_FORMS)[number]

/** A label's bytes in one form. */
export const renderForm = async (
  layout: Layout,
  form: LabelForm,
  title: string,
  zpl: ZplOptions = {},
): Promise<Uint8Array> => {
  switch (form) {
    case 'zpl':
      return Buffer.from(renderZpl(layout, zpl), 'utf8')
    case 'pdf':
      return renderPdf(layout, { title })
    case 'png':
      return renderPng(layout)
  }
}

/** A serial may hold what a file's name may not; those characters become `%` and their code, so that two serials stay two files. */
export const labelFileName = (serial: string, form: LabelForm): string =>
  `${serial.replace(/[^A-Za-z0-9_.-]|^\./gu, (character) =>
    [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  )}.${form}`

/** Writes beside, flushes to the disk, and puts it in place in one step. */
export const writeWhole = async (path: string, bytes: Uint8Array): Promise<void> => {
  const beside = `${path}.part`
  const file = await open(beside, 'w')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } catch (error) {
    await file.close()
    await rm(beside, { force: true })
    throw error
  }
  await file.close()
  await rename(beside, path)
}

/** Whether labels can be written there: making the folder is the one way to know whether it can be made. */
const takesFiles = async (folder: string): Promise<boolean> => {
  try {
    makeFolder(folder)
    await access(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

export const createFolderPrinter = (
  folder: string,
  forms: readonly LabelForm[] = ['pdf', 'zpl'],
  zpl: ZplOptions = {},
): Printer => ({
  name: `folder:${folder}`,
  confirms: false,
  repeatable: true,
  look: async () => ({
    state: (await takesFiles(folder)) ? 'ready' : 'error',
    pending: null,
    count: null,
    session: 1,
  }),
  async send({ name, layout }) {
    try {
      makeFolder(folder)
      for (const form of forms)
        await writeWhole(join(folder, labelFileName(name, form)), await renderForm(layout, form, name, zpl))
    } catch (error) {
      throw new PrinterError(
        'nothing',
        `the label cannot be written to ${folder}: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
  },
  close: () => Promise.resolve(),
})

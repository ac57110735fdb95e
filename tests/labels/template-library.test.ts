import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openTemplateLibrary, type TemplateLibrary } from '../../src/main/labels/template-library.ts'
import { bundledTemplates, templateByName } from '../../src/main/labels/templates.ts'

let folder: string
let library: TemplateLibrary
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'imprint-templates-')), 'templates')
  library = openTemplateLibrary(folder)
})
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }))

const mine = (width = 40) => ({ ...templateByName('unit-40x20'), name: 'mine', width })

describe('templates of a station', () => {
  test('begin with those that come with Imprint', async () => {
    expect((await library.list()).map(({ latest }) => latest.name)).toEqual(bundledTemplates().map(({ name }) => name))
    expect(await library.get('unit-25x25')).toEqual(templateByName('unit-25x25'))
  })

  test('every save is a new version; an older one stays as it was', async () => {
    expect(await library.save(mine())).toMatchObject({ name: 'mine', version: 1 })
    expect(await library.save({ ...mine(42), version: 77 })).toMatchObject({ version: 2, width: 42 })
    expect(await library.get('mine')).toMatchObject({ version: 2, width: 42 })
    expect(await library.get('mine', 1)).toMatchObject({ version: 1, width: 40 })
    const listed = (await library.list()).find(({ latest }) => latest.name === 'mine')
    expect(listed).toMatchObject({ versions: [1, 2], builtIn: false, latest: { width: 42 } })
    await expect(library.get('mine', 3)).rejects.toMatchObject({ code: 'unknown-template' })
    await expect(library.get('other')).rejects.toThrow(/unit-40x20.*mine exist/u)
  })

  test('two who save at once get two versions', async () => {
    const saved = await Promise.all([1, 2, 3, 4].map((more) => library.save(mine(40 + more))))
    expect(saved.map(({ version }) => version).toSorted()).toEqual([1, 2, 3, 4])
    for (const template of saved) expect(await library.get('mine', template.version)).toEqual(template)
    expect(readdirSync(folder)).toHaveLength(4)
  })

  test('what is no template, or has a name of Imprint’s own, is not kept', async () => {
    await expect(library.save({ ...mine(), width: 3 })).rejects.toMatchObject({ code: 'template' })
    await expect(library.save({ ...mine(), name: '../x' })).rejects.toMatchObject({ code: 'template' })
    await expect(library.save(null)).rejects.toMatchObject({ code: 'template' })
    await expect(library.save(templateByName('unit-40x20'))).rejects.toThrow(/another name/u)
    expect(await library.list()).toHaveLength(bundledTemplates().length)
  })

  test('a damaged file is named', async () => {
    await library.save(mine())
    writeFileSync(join(folder, 'mine.v1.json'), '{')
    await expect(library.get('mine')).rejects.toThrow(/mine\.v1\.json is not JSON/u)
    writeFileSync(join(folder, 'mine.v1.json'), JSON.stringify({ ...mine(), version: 9 }))
    await expect(library.get('mine')).rejects.toThrow(/holds version 9 of 'mine'/u)
  })
})

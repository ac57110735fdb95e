/**
 * A whole shift in a real browser: 200 units on 16 slots, boards with planted faults, a printer that runs out of labels, and an
 * operator who does with the screen all that one has to: starts each panel, tries boards again, scraps what stays broken, reads the
 * page anew and in another language. What the screen counts at the end is what the records hold.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FaultName } from '../../src/main/simulator/faults.ts'
import { en, type Messages } from '../../src/renderer/locales/en.ts'
import { zhHans } from '../../src/renderer/locales/zh-Hans.ts'
import { hasChromium } from './fixtures-renderer/browser.ts'
import { openPage, type Opened } from './fixtures-renderer/opened.ts'
import { startImprint, type Started } from './fixtures-renderer/started.ts'

const FOREVER = 60_000
const SOON = 3_000
const UNITS = 200
const SLOTS = 16
/** Passed units at which the page is read anew, and at which it is in another language; the label at which the printer has none left. */
const RELOADED_AT = 60
const TRANSLATED_AT = 120
const OUT_OF_LABELS_AT = 100
/** Tries that a board has by itself. */
const TRIES = 2

/** Faults that a board keeps, and those that are over when a person tries it once more. */
const KEPT: readonly FaultName[] = ['wrong-chip', 'wrong-chip', 'digest-mismatch', 'usb-unplugged', 'flash-write-error']
const PASSING: readonly FaultName[] = ['digest-mismatch', 'digest-mismatch', 'usb-unplugged', 'flash-write-error']
/** What the loader's own protocol mends, so that nobody sees it. */
const UNSEEN: readonly FaultName[] = ['dropped-byte', 'flipped-bit', 'late-answer']

/** Which boards have them is another lot every time: of the first panel none, which is made while nobody looks, nor of the last units. */
const plantedFaults = (): string[] => {
  const boards = Array.from({ length: UNITS - 4 * SLOTS }, (_, index) => 2 * SLOTS + index + 1).toSorted(
    () => Math.random() - 0.5,
  )
  const at = (): number => boards.pop() ?? 1
  return [
    ...KEPT.map((name) => `${name}@${at()}`),
    ...PASSING.map((name) => `${name}@${at()}:times=${TRIES}`),
    ...UNSEEN.map((name) => `${name}@${at()}:times=1`),
  ]
}

const filled = (text: string, values: Record<string, string | number>): string =>
  text.replaceAll(/\{(\w+)\}/gu, (_, name: string) => String(values[name]))

describe.runIf(hasChromium())('a shift of 200 units', () => {
  const faults = plantedFaults()
  let folder = ''
  let imprint: Started
  let opened: Opened
  let page: Page
  let words: Messages = en
  let sawPrinterStand: Promise<void>

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'imprint-shift-'))
    const options = ['--data', folder, '--pace', 'off', '--app-size', '60000', '--slots', String(SLOTS)]
    const planted = [
      ...faults.flatMap((fault) => ['--fault', fault]),
      '--printer-fault',
      `paper-out@${OUT_OF_LABELS_AT}`,
    ]
    imprint = await startImprint(folder, ...options, '--units', String(UNITS), ...planted)
    opened = await openPage(imprint.address, { width: 1920, height: 1080 }, FOREVER)
    page = opened.page
  })
  afterAll(async () => {
    await opened?.browser.close()
    await imprint.end()
    rmSync(folder, { recursive: true })
  })

  const query = <T>(sql: string): T[] => {
    const database = new DatabaseSync(join(folder, 'records.db'), { readOnly: true })
    try {
      return database.prepare(sql).all() as T[]
    } finally {
      database.close()
    }
  }
  const count = (sql: string): number => Number(query<{ count: number }>(sql)[0]?.count)

  const dialog = (): Locator => page.getByRole('dialog')
  const button = (name: string): Locator => page.getByRole('button', { name, exact: true })
  const isFinished = (): Promise<boolean> => page.getByText(filled(words.next.finished, { passed: UNITS })).isVisible()
  const passed = async (): Promise<number> =>
    Number.parseInt((await page.locator('.figures dd').first().textContent()) ?? '0', 10)

  const decide = async (opens: string, reason: string, confirms: string): Promise<void> => {
    await dialog().getByRole('button', { name: opens }).click()
    await button(reason).click()
    await button(confirms).click()
    await dialog().first().waitFor({ state: 'hidden' })
  }

  /** The board of a failed slot: tried once more where it was only tried by itself, else scrapped, or sent to rework at the end. */
  const attend = async (slot: number): Promise<void> => {
    const failed = page
      .locator('.grid li')
      .nth(slot - 1)
      .locator('.tile.fail')
    await failed.click()
    await dialog().locator('.facts').first().waitFor()
    const facts = await dialog().locator('.facts > div').allInnerTexts()
    const attempt = facts.find((text) => text.startsWith(words.slotDialog.attempt))?.match(/\d+$/u)?.[0]
    const again = dialog().getByRole('button', { name: words.slotDialog.retry })
    const { disposition } = words
    if (attempt !== undefined && Number(attempt) <= TRIES && !(await again.isVisible()))
      return decide(disposition.rework, disposition.reasons.solder, disposition.reworkConfirm)
    if (attempt === undefined || Number(attempt) > TRIES)
      await decide(disposition.scrap, disposition.reasons.mechanical, disposition.scrapConfirm)
    else {
      await again.click()
      await dialog().waitFor({ state: 'hidden' })
    }
    // It is taken out, or in work again; one that fails once more at once may not be seen to be.
    await failed.waitFor({ state: 'detached', timeout: SOON }).catch(() => undefined)
  }
  const failedSlots = (): Promise<number[]> =>
    page
      .locator('.tile.fail .number')
      .evaluateAll((all) => all.map(({ textContent }) => Number.parseInt(textContent, 10)))

  /** What a person at the line does next, if there is anything: boards are started by the space bar, and in the other language by touch. */
  const lookAtTheLine = async (): Promise<void> => {
    const [failed] = await failedSlots()
    const begin = page.getByRole('button', { name: words.control.begin })
    if (failed !== undefined) await attend(failed)
    else if (!(await begin.isVisible())) await page.waitForTimeout(50)
    else if (words === en) await page.keyboard.press('Space')
    // A board that has failed meanwhile takes the button's place: the line is looked at once more.
    else await begin.click({ timeout: SOON }).catch(() => undefined)
  }
  const work = async (until: () => Promise<boolean>): Promise<void> => {
    while (!(await until())) await lookAtTheLine()
  }

  it('begins with panels that the engineer has start together, at the space bar', async () => {
    await opened.goTo('/settings')
    await page.locator('.v-select', { hasText: words.settings.trigger }).locator('.v-field').click()
    await page.getByRole('option', { name: words.settings.triggers.key }).click()
    await page.getByLabel(words.settings.together).check()
    await button(words.settings.save).click()
    await page.getByText(words.settings.saved).waitFor()
    sawPrinterStand = page.getByText(words.printer.remedy['paper-out']).first().waitFor()
    await opened.goTo('/')
    await page
      .locator('.tile')
      .nth(SLOTS - 1)
      .waitFor()
  })

  it('goes on when the page is read anew', async () => {
    await work(async () => (await passed()) >= RELOADED_AT)
    await page.reload()
    await page
      .locator('.tile')
      .nth(SLOTS - 1)
      .waitFor()
    expect(await passed()).toBeGreaterThanOrEqual(RELOADED_AT)
  })

  it('goes on when the printer has run out of labels, and in another language', async () => {
    await work(async () => (await passed()) >= TRANSLATED_AT)
    await sawPrinterStand
    await page.locator('.station [aria-haspopup="menu"]').click()
    await page.getByRole('menuitemradio', { name: zhHans.menu.languageName }).click()
    words = zhHans
    await page.getByText(words.app.demoBand).waitFor()
  })

  it('ends with 200 units, each with an identity and a label of its own, and a decision for each failed board', async () => {
    await work(isFinished)
    for (const slot of await failedSlots()) await attend(slot)
    const printed = `SELECT count(*) AS count FROM labels WHERE state = 'printed'`
    for (let waited = 0; waited < FOREVER && count(printed) < UNITS; waited += 100) await page.waitForTimeout(100)
    expect(count(printed)).toBe(UNITS)

    const made = query<Record<'mac' | 'serial' | 'passcode_mark' | 'salt_mark' | 'key_mark', string>>(`
      SELECT units.mac, serial, passcode_mark, salt_mark, key_mark FROM labels
      JOIN units ON units.mac = labels.mac JOIN identities ON identities.id = units.identity_id
      WHERE labels.state <> 'superseded'
        AND units.mac IN (SELECT mac FROM runs WHERE outcome = 'pass')`)
    for (const own of ['mac', 'serial', 'passcode_mark', 'salt_mark', 'key_mark'] as const)
      expect(new Set(made.map((unit) => unit[own])).size, own).toBe(UNITS)
    expect(count('SELECT count(*) AS count FROM runs WHERE outcome IS NULL')).toBe(0)

    const undecided = query(`
      SELECT runs.slot, runs.mac, runs.failure_code FROM runs LEFT JOIN dispositions ON dispositions.run_id = runs.id
      WHERE runs.outcome = 'fail' AND runs.final = 1 AND dispositions.id IS NULL AND NOT EXISTS (
        SELECT 1 FROM runs AS later WHERE later.mac = runs.mac AND later.started_at > runs.started_at)`)
    expect(undecided, faults.join(' ')).toEqual([])
    expect(count(`SELECT count(*) AS count FROM dispositions`), faults.join(' ')).toBeGreaterThanOrEqual(KEPT.length)
  })

  it('the report counts what the records hold', async () => {
    await opened.goTo('/reports')
    const { reports } = words
    await page.getByText(reports.tried).first().waitFor()
    const said = new Map<string, string>()
    for (const fact of await page.locator('.facts > div').all())
      said.set(await fact.locator('dt').innerText(), await fact.locator('dd').innerText())
    const disposed = (what: string): number =>
      count(`SELECT count(*) AS count FROM dispositions WHERE disposition = '${what}'`)
    const aside =
      count(`SELECT count(*) AS count FROM runs WHERE mac IS NULL AND outcome = 'fail' AND final = 1`) +
      count(`SELECT count(DISTINCT mac) AS count FROM runs WHERE outcome = 'fail' AND final = 1
             AND mac NOT IN (SELECT mac FROM runs WHERE outcome = 'pass')`)
    expect(Object.fromEntries(said)).toMatchObject({
      [reports.passed]: String(UNITS),
      [reports.failed]: String(aside),
      [reports.scrap]: String(disposed('scrap')),
      [reports.rework]: String(disposed('rework')),
      [reports.labels]: String(UNITS),
      [reports.reprinted]: '0',
    })
    expect(disposed('scrap') + disposed('rework')).toBe(aside)
    const inserted = count('SELECT sum(insertions) AS count FROM sockets')
    const listed = await page
      .locator('.wide tbody tr')
      .evaluateAll((rows) => rows.map((row) => Number.parseInt(row.querySelectorAll('td')[4]?.textContent ?? '', 10)))
    expect(listed.reduce((sum, each) => sum + each, 0)).toBe(inserted)
    expect(inserted).toBeGreaterThanOrEqual(UNITS + aside)
  })

  it('no page reported an error', () => expect(opened.errors).toEqual([]))
})

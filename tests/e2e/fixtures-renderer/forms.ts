/** Forms as a person fills them in: by what stands on them. */
import type { Locator, Page } from 'playwright-core'

export const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click()

/** @param form the page or dialog; fields with their texts by label */
export const fillIn = async (form: Page | Locator, fields: Readonly<Record<string, string>>): Promise<void> => {
  for (const [label, text] of Object.entries(fields)) await form.getByLabel(label, { exact: true }).fill(text)
}

/** Opens a list by its label and takes an option of it. */
export const choose = async (form: Locator, field: string, option: string | RegExp): Promise<void> => {
  await form.locator('.v-select', { hasText: field }).locator('.v-field').click()
  await form.page().getByRole('option', { name: option }).click()
}

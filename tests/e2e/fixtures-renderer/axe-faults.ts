/** What stands in the way of people who see, hear or move less. */
import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright-core'

/** Broken rules, each with the elements that break it. */
export const axeFaults = async (page: Page): Promise<string[]> => {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

/** Mounts the application, or a part of it, on a fake connection; what happy-dom lacks and Vuetify needs is added here. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { defineComponent, h, type Component } from 'vue'
import { createMemoryHistory } from 'vue-router'
import { VApp } from 'vuetify/components/VApp'
import { VBtn } from 'vuetify/components/VBtn'
import { VCheckbox } from 'vuetify/components/VCheckbox'
import { VIcon } from 'vuetify/components/VIcon'
import { VMenu } from 'vuetify/components/VMenu'
import { VProgressCircular } from 'vuetify/components/VProgressCircular'
import { VProgressLinear } from 'vuetify/components/VProgressLinear'
import { VSelect } from 'vuetify/components/VSelect'
import { VTextField } from 'vuetify/components/VTextField'
import type { Language } from '../../src/contract/index.ts'
import { createTranslations } from '../../src/renderer/locales/index.ts'
import { createPages } from '../../src/renderer/pages.ts'
import { useStation } from '../../src/renderer/stores/station.ts'
import { createComponents } from '../../src/renderer/theme/vuetify.ts'
import type { FakeConnection } from './fake-connection.ts'

class NoObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
globalThis.ResizeObserver ??= NoObserver as unknown as typeof ResizeObserver
globalThis.IntersectionObserver ??= NoObserver as unknown as typeof IntersectionObserver
window.visualViewport ??= Object.assign(new EventTarget(), {
  width: 1920,
  height: 1080,
  offsetLeft: 0,
  offsetTop: 0,
  scale: 1,
}) as unknown as VisualViewport

const COMPONENTS = {
  VApp,
  VBtn,
  VCheckbox,
  VIcon,
  VMenu,
  VProgressCircular,
  VProgressLinear,
  VSelect,
  VTextField,
}

interface Mounted {
  readonly wrapper: VueWrapper
  readonly station: ReturnType<typeof useStation>
  /** Everything on the page, dialogs included. */
  text(): string
  /** The visible element with this text. */
  byText(selector: string, text: string): HTMLElement
  leave(): void
}

export const mountOn = async (
  connection: FakeConnection,
  component: Component,
  props: Record<string, unknown> = {},
  language: Language = 'en',
): Promise<Mounted> => {
  document.body.innerHTML = ''
  localStorage.clear()
  localStorage.setItem('imprint.preferences', JSON.stringify({ language, appearance: 'light' }))
  const pinia = createPinia()
  setActivePinia(pinia)
  const pages = createPages(createMemoryHistory())
  await pages.push('/')
  const station = useStation(pinia)
  const leave = station.follow(connection)
  const inApp = defineComponent({ render: () => h(VApp, () => h(component, props)) })
  const wrapper = mount(inApp, {
    attachTo: document.body,
    global: {
      plugins: [
        pinia,
        createTranslations(language),
        createComponents({ language, dark: false, nonce: '' }),
        pages,
        { install: (app) => Object.entries(COMPONENTS).forEach(([name, part]) => app.component(name, part)) },
      ],
    },
  })
  await flushPromises()
  return {
    wrapper,
    station,
    text: () => document.body.textContent ?? '',
    byText(selector, text) {
      const found = [...document.querySelectorAll<HTMLElement>(selector)].find((element) =>
        element.textContent?.includes(text),
      )
      if (!found) throw new Error(`no ${selector} with '${text}' in: ${document.body.textContent}`)
      return found
    },
    leave() {
      wrapper.unmount()
      leave()
    },
  }
}

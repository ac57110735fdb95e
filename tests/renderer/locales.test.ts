/** Every text is in the locales, complete in each language, and nowhere else. */
import { parse as parseSfc } from '@vue/compiler-sfc'
import { NodeTypes, type AttributeNode, type RootNode, type TemplateChildNode } from '@vue/compiler-core'
import { describe, expect, it } from 'vitest'
import { FAILURE_CODES, isRequestName } from '../../src/contract/index.ts'
import { LANGUAGES } from '../../src/contract/index.ts'
import { createTranslations, languageOf, MESSAGES } from '../../src/renderer/locales/index.ts'

const SOURCES = import.meta.glob<string>('../../src/renderer/**/*.{vue,ts}', {
  query: '?raw',
  import: 'default',
  eager: true,
})
const COMPONENTS = Object.entries(SOURCES).filter(([path]) => path.endsWith('.vue'))

/** 'a.b' → sentence, for every leaf. */
const leaves = (messages: object, prefix = ''): [string, string][] =>
  Object.entries(messages).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[prefix + key, value] as [string, string]]
      : leaves(value as object, `${prefix}${key}.`),
  )
const ALL = Object.fromEntries(LANGUAGES.map((language) => [language, new Map(leaves(MESSAGES[language]))]))
const ENGLISH = ALL['en'] ?? new Map<string, string>()

const valuesIn = (sentence: string): string[] =>
  [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').toSorted()

describe.each(LANGUAGES)('%s', (language) => {
  const messages = ALL[language] ?? new Map<string, string>()

  it('has every key of English, with the same values to fill in, and no others', () => {
    expect([...messages.keys()].toSorted()).toEqual([...ENGLISH.keys()].toSorted())
    for (const [key, sentence] of messages) expect(valuesIn(sentence), key).toEqual(valuesIn(ENGLISH.get(key) ?? ''))
  })

  it('has no empty sentence, and each comes out as it is written', () => {
    const { t } = createTranslations(language).global
    const fill = Object.fromEntries(
      leaves(MESSAGES.en).flatMap(([, sentence]) => valuesIn(sentence).map((name) => [name, 'X'])),
    )
    for (const [key, sentence] of messages) {
      expect(sentence.trim(), key).not.toBe('')
      expect(t(key, fill), key).toBe(sentence.replaceAll(/\{\w+\}/g, 'X'))
    }
  })

  it('has cause and remedy of every failure', () => {
    for (const code of FAILURE_CODES) {
      expect(messages.get(`failure.${code}.cause`), code).toMatch(/[.。]$/)
      expect(messages.get(`failure.${code}.remedy`), code).toMatch(/[.。]$/)
    }
  })
})

it('uses Chinese characters in every Chinese sentence but names and patterns', () => {
  const same = [...(ALL['zh-Hans'] ?? [])]
    .filter(([key, sentence]) => sentence === ENGLISH.get(key))
    .map(([key]) => key)
  expect(same).toEqual([
    'app.name',
    'app.test',
    'signedOut.command',
    'menu.version',
    'header.stationAndLine',
    'header.passedOf',
    'header.unknown',
    'slots.macTail',
    'labels.noSlot',
    'setUp.ports.describe',
    'settings.shiftIs',
    'settings.fromTo',
  ])
})

it('takes Chinese for every Chinese browser and English for all others', () => {
  expect(languageOf(['zh-CN', 'en'])).toBe('zh-Hans')
  expect(languageOf(['de', 'ZH-hans'])).toBe('zh-Hans')
  expect(languageOf(['de', 'fr'])).toBe('en')
})

/** Keys used as literals, and the fixed beginnings of keys that are put together, in all sources. */
const used = (): { keys: Set<string>; prefixes: Set<string> } => {
  const keys = new Set<string>()
  const prefixes = new Set<string>()
  for (const [path, source] of Object.entries(SOURCES)) {
    if (path.includes('/locales/')) continue
    for (const [, key] of source.matchAll(/['`]([a-z]\w*(?:\.[\w-]+)+)['`]/gi)) if (key) keys.add(key)
    for (const [, prefix] of source.matchAll(/`([a-z]\w*(?:\.[\w-]+)*\.)\$\{/gi)) if (prefix) prefixes.add(prefix)
  }
  return { keys, prefixes }
}

it('knows every key that the sources ask for', () => {
  const sections = Object.keys(MESSAGES.en)
  const { keys, prefixes } = used()
  const asked = [...keys].filter(
    (key) => sections.includes(key.split('.')[0] ?? '') && !/\.(ts|vue|get|css)$/.test(key),
  )
  expect(asked.filter((key) => !ENGLISH.has(key) && !isRequestName(key))).toEqual([])
  const begun = [...prefixes].filter((prefix) => sections.includes(prefix.split('.')[0] ?? ''))
  expect(begun.filter((prefix) => ![...ENGLISH.keys()].some((key) => key.startsWith(prefix)))).toEqual([])
})

it('has no sentence that nothing shows', () => {
  const { keys, prefixes } = used()
  const dead = [...ENGLISH.keys()].filter(
    (key) => !keys.has(key) && ![...prefixes].some((prefix) => key.startsWith(prefix)),
  )
  // Read through the messages themselves: the languages' own names, and the causes with values.
  expect(dead).toEqual(['menu.languageName'])
})

/** Words written into a template: as text, or in an attribute that a person reads or hears. */
const literalsOf = (source: string): string[] => {
  const { descriptor } = parseSfc(source)
  const found: string[] = []
  const isWord = (text: string): boolean => /\p{L}{2,}/u.test(text)
  const READ = ['title', 'label', 'placeholder', 'alt', 'aria-label', 'aria-description', 'hint', 'text']
  const visit = (node: RootNode | TemplateChildNode): void => {
    if (node.type === NodeTypes.TEXT && isWord(node.content)) found.push(node.content.trim())
    if (node.type === NodeTypes.ELEMENT) {
      const fixed = node.props.filter((prop): prop is AttributeNode => prop.type === NodeTypes.ATTRIBUTE)
      for (const { name, value } of fixed)
        if (READ.includes(name) && isWord(value?.content ?? '')) found.push(`${name}=${value?.content}`)
    }
    if (node.type === NodeTypes.INTERPOLATION && /(['"`])[^'"`]*\p{L}{2,} \p{L}{2,}/u.test(node.loc.source))
      found.push(node.loc.source)
    if ('children' in node)
      for (const child of node.children)
        if (typeof child === 'object' && 'type' in child) visit(child as TemplateChildNode)
  }
  if (descriptor.template?.ast) visit(descriptor.template.ast)
  return found
}

describe('components', () => {
  it('hold no text', () => {
    expect(COMPONENTS.length).toBeGreaterThan(20)
    expect(COMPONENTS.flatMap(([path, source]) => literalsOf(source).map((text) => `${path}: ${text}`))).toEqual([])
  })

  it('would be caught if they did', () => {
    const caught = (template: string): string[] => literalsOf(`<template>${template}</template>`)
    expect(caught('<p>Hello there</p>')).toEqual(['Hello there'])
    expect(caught('<p v-if="a"><b title="Stop it">{{ t(`a.b`) }}</b></p>')).toEqual(['title=Stop it'])
    expect(caught('<p>{{ ok ? "All is well" : t("x.y") }}</p>')).toHaveLength(1)
    expect(caught('<p class="not text">{{ t("x.y") }} · –</p>')).toEqual([])
  })
})

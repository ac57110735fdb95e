/**
 * Finds text that a person could not read: cut off by a box, outside the window, over other text or over a sign, or covered.
 * `textFaults` runs inside the page and uses nothing from outside itself.
 */
export const textFaults = (): string[] => {
  interface Piece {
    readonly text: string
    readonly element: Element
    readonly box: DOMRect
  }
  /** Glyph boxes are higher than letters: what counts is the part that holds ink. */
  const inkOf = (box: DOMRect): DOMRect => new DOMRect(box.x, box.y + box.height * 0.22, box.width, box.height * 0.56)
  const meet = (a: DOMRect, b: DOMRect): boolean =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1

  const isShown = (element: Element): boolean =>
    element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) &&
    element.closest('.unseen, .skip, .v-overlay__scrim, [aria-hidden="true"]:not(svg)') === null

  /** The box of the nearest scroller: what lies outside is scrolled to, not lost. */
  const scrollerOf = (element: Element): DOMRect | null => {
    for (let parent = element.parentElement; parent; parent = parent.parentElement)
      if (parent !== document.documentElement && /auto|scroll/.test(getComputedStyle(parent).overflowY))
        return parent.getBoundingClientRect()
    return null
  }

  const pieces: Piece[] = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement
    const text = node.textContent?.trim() ?? ''
    if (!element || text === '' || !isShown(element)) continue
    const scroller = scrollerOf(element)
    const range = document.createRange()
    range.selectNodeContents(node)
    for (const box of range.getClientRects()) {
      const isScrolledAway =
        scroller !== null && (box.bottom > scroller.bottom || box.top < scroller.top || box.right < scroller.left)
      if (box.width > 0 && !isScrolledAway) pieces.push({ text, element, box })
    }
  }

  const faults: string[] = []
  for (const { text, element, box } of pieces) {
    const ink = inkOf(box)
    if (box.left < -1 || box.right > innerWidth + 1 || ink.top < 0 || ink.bottom > innerHeight)
      faults.push(`outside the window: ${text}`)
    for (let parent: Element | null = element; parent; parent = parent.parentElement) {
      const style = getComputedStyle(parent)
      if (style.overflowX === 'visible' && style.overflowY === 'visible') continue
      const bounds = parent.getBoundingClientRect()
      if (box.left < bounds.left - 1 || box.right > bounds.right + 1) faults.push(`cut off sideways: ${text}`)
      if (/hidden|clip/.test(style.overflowY) && (ink.top < bounds.top || ink.bottom > bounds.bottom))
        faults.push(`cut off in height: ${text}`)
    }
    const top = document.elementFromPoint(ink.x + ink.width / 2, ink.y + ink.height / 2)
    if (top && !element.contains(top) && !top.contains(element) && getComputedStyle(top).pointerEvents !== 'none') {
      const control = element.closest('.v-field, button, a')
      if (!control?.contains(top)) faults.push(`covered by ${top.className || top.tagName}: ${text}`)
    }
  }
  const fromTop = pieces.map(({ text, box }) => ({ text, ink: inkOf(box) })).toSorted((a, b) => a.ink.top - b.ink.top)
  for (const [index, a] of fromTop.entries())
    for (let next = index + 1; next < fromTop.length; next++) {
      const b = fromTop[next]
      if (!b || b.ink.top > a.ink.bottom) break
      if (meet(a.ink, b.ink)) faults.push(`over other text: ${a.text} / ${b.text}`)
    }
  for (const sign of document.querySelectorAll('svg')) {
    if (!isShown(sign) || sign.closest('.qr')) continue
    const box = sign.getBoundingClientRect()
    const inner = new DOMRect(box.x + box.width * 0.15, box.y + box.height * 0.15, box.width * 0.7, box.height * 0.7)
    for (const piece of pieces) if (meet(inner, inkOf(piece.box))) faults.push(`over a sign: ${piece.text}`)
  }
  return faults
}

/** Controls smaller than 48 px in a direction; runs inside the page. */
export const smallTargets = (): string[] =>
  [...document.querySelectorAll('button, a[href], [role="button"]')]
    .filter((element) => element.checkVisibility({ checkVisibilityCSS: true }) && !element.matches('.skip'))
    .filter((element) => {
      const { width, height } = element.getBoundingClientRect()
      return width < 47.5 || height < 47.5
    })
    .map((element) => `${element.className}: ${element.textContent}`)

export interface TileSizes {
  readonly number: number
  readonly word: number
  readonly sign: number
}

/** The smallest sizes of any tile, in px: type of number and word, box of the sign; runs inside the page. */
export const smallestInTiles = (): TileSizes => {
  const least = (selector: string, measure: (element: Element) => number): number =>
    Math.min(...[...document.querySelectorAll(selector)].map(measure))
  const type = (element: Element): number =>
    Math.min(Number.parseFloat(getComputedStyle(element).fontSize), element.getBoundingClientRect().height)
  return {
    number: least('.tile .number', type),
    word: least('.tile .word', type),
    sign: least('.tile .sign', (element) => {
      const { width, height } = element.getBoundingClientRect()
      return Math.min(width, height)
    }),
  }
}

/** A report as a document for people: figures and bars, in a language, with times of the station's own time zone. */
import { FAILURE_CAUSES, fillIn, type Language, type Report } from '../../contract/index.ts'
import { drawFacts, type Fact, fitted, openPage, type OpenPage, PAGE, TEXT } from './page.ts'
import { REPORT_WORDS } from './report-words.ts'

interface Bar {
  readonly name: string
  readonly value: number
}

const BAR = { name: 200, x: PAGE.margin + 210, width: 240, height: 9, pitch: 15, colour: '#1d4ed8' }

const formatsOf = (language: Language) => {
  const integers = new Intl.NumberFormat(language)
  const percents = new Intl.NumberFormat(language, { style: 'percent', minimumFractionDigits: 1 })
  const seconds = new Intl.NumberFormat(language, { style: 'unit', unit: 'second', minimumFractionDigits: 1 })
  const hours = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' })
  const days = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'long', hourCycle: 'h23' })
  return {
    integer: (value: number): string => integers.format(value),
    share: (part: number, whole: number): string =>
      whole === 0 ? REPORT_WORDS[language].nothing : percents.format(part / whole),
    duration: (milliseconds: number): string => seconds.format(Math.round(milliseconds / 100) / 10),
    hour: (at: number): string => hours.format(at),
    moment: (at: number): string => days.format(at),
  }
}
type Formats = ReturnType<typeof formatsOf>

const factsOf = (report: Report, language: Language, formats: Formats): Fact[] => {
  const words = REPORT_WORDS[language]
  const { integer, share, duration } = formats
  const { tried, passed, passedFirst, failed, rework, scrap, labels, cycle } = report
  return [
    [words.tried, integer(tried)],
    [words.passed, integer(passed)],
    [words.failed, integer(failed)],
    [words.rework, integer(rework)],
    [words.scrap, integer(scrap)],
    [words.firstPassYield, share(passedFirst, tried)],
    [words.finalYield, share(passed, tried)],
    [words.labels, integer(labels.printed)],
    [words.reprinted, integer(labels.reprinted)],
    [
      words.cycle,
      cycle
        ? fillIn(words.cycleText, {
            median: duration(cycle.median),
            p95: duration(cycle.p95),
            slowest: duration(cycle.slowest),
          })
        : words.nothing,
    ],
  ]
}

/** Bars with a name before and a number behind, drawn to the largest, over as many pages as they need; returns where they end. */
const drawBars = ({ document, pen }: OpenPage, title: string, bars: readonly Bar[], top: number): number => {
  if (bars.length === 0) return top
  const bottom = PAGE.height - PAGE.margin
  let y = top + 26
  const turn = (): void => {
    document.addPage()
    y = PAGE.margin + 12
  }
  // A title never stands alone at the foot of a page.
  if (y + 3 * BAR.pitch > bottom) turn()
  pen(title, PAGE.margin, y, 12, 'bold')
  y += 18
  const largest = Math.max(...bars.map(({ value }) => value), 1)
  for (const { name, value } of bars) {
    if (y > bottom) turn()
    const width = Math.max(1, (BAR.width * value) / largest)
    pen(fitted(name, BAR.name), PAGE.margin, y, TEXT)
    document.rect(BAR.x, y - BAR.height + 1, width, BAR.height).fill(BAR.colour)
    document.fillColor('black')
    pen(String(value), BAR.x + width + 6, y, TEXT)
    y += BAR.pitch
  }
  return y
}

/**
 * @param title what it is about, such as a shift's name; an order's report is named by its number
 */
export const reportPdf = async (
  report: Report,
  title: string | undefined,
  language: Language,
  now: number,
): Promise<Uint8Array> => {
  const words = REPORT_WORDS[language]
  const formats = formatsOf(language)
  const [order] = report.orders
  const heading = title ?? (order ? fillIn(words.order, { number: order.number }) : words.title)
  const page = openPage(heading)
  const { pen } = page
  pen(words.title, PAGE.margin, PAGE.margin + 12, 12)
  pen(fitted(heading, 2 * BAR.width), PAGE.margin, PAGE.margin + 40, 20, 'bold')
  pen(fillIn(words.made, { time: formats.moment(now) }), PAGE.margin, PAGE.margin + 60, TEXT)
  let y = drawFacts(pen, factsOf(report, language, formats), PAGE.margin + 92)
  const charts: readonly [string, readonly Bar[]][] = [
    [
      words.failures,
      report.failures.map(({ code, count }) => ({ name: FAILURE_CAUSES[language][code], value: count })),
    ],
    [words.hours, report.hours.map(({ at, passed }) => ({ name: formats.hour(at), value: passed }))],
    [
      words.slots,
      report.slots
        .filter(({ failed }) => failed > 0)
        .map(({ slot, failed }) => ({ name: fillIn(words.slot, { slot }), value: failed })),
    ],
    [
      words.orders,
      title === undefined ? [] : report.orders.map(({ number, passed }) => ({ name: number, value: passed })),
    ],
  ]
  for (const [name, bars] of charts) y = drawBars(page, name, bars, y)
  return page.close()
}

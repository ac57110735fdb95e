/** What a printed report says, in the language of whoever prints it. */
import type { Language } from '../../contract/index.ts'

const en = {
  title: 'Report',
  order: 'Order {number}',
  made: 'Made by Imprint on {time}',
  tried: 'Boards tried',
  passed: 'Passed',
  failed: 'Set aside',
  rework: 'Rework',
  scrap: 'Scrap',
  firstPassYield: 'First-pass yield',
  finalYield: 'Final yield',
  labels: 'Labels printed',
  reprinted: 'of these again',
  cycle: 'Cycle time',
  cycleText: 'median {median}, 95 % within {p95}, slowest {slowest}',
  failures: 'Causes of failures',
  hours: 'Units passed in each hour',
  slots: 'Failures by slot',
  slot: 'Slot {slot}',
  orders: 'Units passed in each order',
  nothing: '–',
}

const zhHans: typeof en = {
  title: '报表',
  order: '工单 {number}',
  made: '由 Imprint 生成于 {time}',
  tried: '已测电路板',
  passed: '通过',
  failed: '已剔除',
  rework: '返工',
  scrap: '报废',
  firstPassYield: '直通率',
  finalYield: '最终良率',
  labels: '已打印标签',
  reprinted: '其中补打',
  cycle: '节拍时间',
  cycleText: '中位数 {median}，95% 在 {p95} 内，最慢 {slowest}',
  failures: '失败原因',
  hours: '每小时通过数量',
  slots: '各工位失败数量',
  slot: '工位 {slot}',
  orders: '各工单通过数量',
  nothing: '–',
}

export const REPORT_WORDS: Record<Language, typeof en> = { en, 'zh-Hans': zhHans }

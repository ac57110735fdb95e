/** 装箱、标签扫描核对，以及标签的打印设置。 Cartons, scans, settings of labels. */
import type { Messages } from '../en.ts'

export const cartons: Messages['cartons'] = {
  title: '装箱',
  notCollected: '此工单的产品不装箱，是否装箱由工单决定。',
  scan: '请扫描每件放入箱中的产品标签。',
  countOf: '/ 共 {size} 件',
  begins: '下一次扫描将开始新的一箱。',
  packed: '{serial} 已装入箱 {number}：共 {count} 件。',
  full: '放入 {serial} 后箱 {number} 已满，正在打印箱标签。',
  fill: '{count} / {size} 件',
  state: { open: '未封箱', closed: '已封箱' },
  units: '箱内产品',
  close: '就此封箱',
  reopen: '重新开箱…',
  reopenTitle: '重新打开箱 {name}',
  reopenText: '其标签将失效，再次封箱时打印新标签。',
  unpack: '取出…',
  unpackFor: '从箱中取出 {serial}',
  unpackTitle: '从箱中取出 {name}',
  unpackText: '之后可以再次装箱。',
  reasons: { defective: '产品有缺陷', mistaken: '误装' },
}

export const scanBack: Messages['scanBack'] = {
  releaseTitle: '放行产线',
  release: '放行产线',
  reasons: { exchanged: '标签贴反，已纠正', wrongSlot: '在错误的工位扫描' },
}

export const labelSettings: Messages['labelSettings'] = {
  title: '标签',
  scanBackOf: '打印后扫描',
  scanBack: {
    off: '无需扫描',
    each: '每张标签，顺序不限',
    slot: '每张标签在其工位扫描，扫错则停线',
  },
  orderOf: '打印顺序',
  order: { slot: '产品通过即打印', panel: '整板完成后按工位顺序打印' },
  across: '卷上并排的标签数',
  pitch: '相邻并排标签的间距',
  inFlight: '同时交给打印机的标签数',
  inFlightHint: '打印机出故障后，最多有这么多标签无法确定。',
  save: '保存标签设置',
  saved: '标签设置已保存。',
}

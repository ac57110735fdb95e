/** 预置模块。 Modules that came provisioned. */
import type { Messages } from '../en.ts'

export const modules: Messages['modules'] = {
  title: '预置模块',
  importTitle: '随模块提供的清单',
  path: '清单路径',
  pathHint: '含 mac、serial、qrcode 列的 CSV 文件，或 esp-matter-mfg-tool 的输出文件夹（本机路径）',
  import: '导入',
  imported: '已导入 {count} 个模块。',
  labelTitle: '读取并打印标签',
  text: '不向模块写入任何内容：只读取 MAC，并打印清单中对应的标签。',
  running: '产线正在这些工位生产，请先暂停。',
  all: '所有工位打印标签',
  slot: '{slot} 号工位',
  printed: '其标签已排队。',
  before: '此模块已打印过标签。',
}

/** 来料时已配置的模块的清单。 Manifests of modules that came provisioned. */
import type { Messages } from '../en.ts'

export const manifests: Messages['manifests'] = {
  title: '来料时已配置的模块',
  none: '还没有清单。',
  import: '导入清单',
  importTitle: '导入清单',
  text: '随已配置模块提供的清单。其工单只读取每个模块的 MAC，不写入任何内容，并打印对应的标签。',
  path: '清单路径',
  pathHint: '含 mac、serial、qrcode 列的 CSV 文件，或 esp-matter-mfg-tool 的输出文件夹（本机路径）',
  confirm: '读取并导入',
  imported: '已导入 {count} 个模块。',
  modules: '{count} 个模块，{free} 个未列入工单',
  importedAt: '导入于 {when}',
}

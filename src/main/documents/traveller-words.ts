/** What the traveller says, in the language of whoever prints it. */
import type { Language } from '../../contract/index.ts'

const en = {
  title: 'Traveller',
  product: 'Product',
  chip: 'Chip',
  quantity: 'Quantity',
  due: 'Due',
  lot: 'Lot',
  customerReference: 'Customer reference',
  notes: 'Notes',
  firmware: 'Firmware',
  manifest: 'Labels only, for the modules of',
  release: 'Firmware, SHA-256',
  pai: 'PAI certificate, SHA-256',
  declaration: 'Declaration (CD), SHA-256',
  flashKey: 'Encrypted with key, SHA-256',
  nvsKeys: 'NVS keys, SHA-256',
  label: 'Label template',
  version: 'version',
  labelDigest: 'Label template, SHA-256',
  firstArticle: 'First article approved',
  rejectedArticle: 'First article rejected',
  signOff: 'Sign-off: name, date, signature',
  signatures: ['Materials issued', 'First article', 'Production complete', 'Quality'],
}

const zhHans: typeof en = {
  title: '随工单',
  product: '产品',
  chip: '芯片',
  quantity: '数量',
  due: '交期',
  lot: '批次',
  customerReference: '客户参考号',
  notes: '备注',
  firmware: '固件',
  manifest: '仅打印标签，模块清单',
  release: '固件 SHA-256',
  pai: 'PAI 证书 SHA-256',
  declaration: '认证声明 SHA-256',
  flashKey: '加密密钥 SHA-256',
  nvsKeys: 'NVS 密钥 SHA-256',
  label: '标签模板',
  version: '版本',
  labelDigest: '标签模板 SHA-256',
  firstArticle: '首件已批准',
  rejectedArticle: '首件已否决',
  signOff: '签核：姓名、日期、签名',
  signatures: ['发料', '首件', '生产完成', '质量'],
}

export const TRAVELLER_WORDS: Record<Language, typeof en> = { en, 'zh-Hans': zhHans }

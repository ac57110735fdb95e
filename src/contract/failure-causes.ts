/** What happened to a board, one sentence a code and language: on screens, and in printed reports. */
import type { FailureCode } from './failures.ts'
import type { Language } from './languages.ts'

const en: Record<FailureCode, string> = {
  'no-answer': 'The board does not answer.',
  'port-busy': 'Another program uses the port of this slot.',
  'port-lost': 'The slot lost its connection.',
  'port-denied': 'The computer does not allow the use of this port.',
  'baud-unsupported': 'The adapter of this slot cannot work at the speed that is set.',
  'wrong-chip': 'This board has another chip than the order needs.',
  'wrong-flash-size': 'The memory of this board is too small for the firmware.',
  'security-differs': 'The security settings of this chip are not those that the order expects.',
  'unreadable-mac': 'The address of this chip cannot be read.',
  'boot-unheard': 'In this slot it cannot be heard whether the firmware starts.',
  'made-before': 'This board has passed before.',
  scrapped: 'This board was scrapped before.',
  'bound-elsewhere': 'This board belongs to another order.',
  'no-identity': 'There is no identity for this board.',
  'records-unavailable': 'The records cannot be written.',
  'stub-not-started': 'The board did not start the loading program.',
  'link-unreliable': 'The data arrives damaged.',
  'no-progress': 'The board stopped answering while it was written.',
  'write-refused': 'The memory of this board refuses to be written.',
  'digest-mismatch': 'What was read back differs from what was written.',
  'not-booting': 'The board was written, but its firmware does not start.',
  stopped: 'The run was stopped by a person.',
  interrupted: 'The program ended during this run.',
  internal: 'Imprint made an error.',
}

const zhHans: Record<FailureCode, string> = {
  'no-answer': '电路板没有响应。',
  'port-busy': '此工位的端口被其他程序占用。',
  'port-lost': '此工位的连接中断。',
  'port-denied': '计算机不允许使用此端口。',
  'baud-unsupported': '此工位的适配器不支持所设的速率。',
  'wrong-chip': '此板的芯片与工单要求不符。',
  'wrong-flash-size': '此板的存储器容量不足，放不下固件。',
  'security-differs': '此芯片的安全设置与工单要求不符。',
  'unreadable-mac': '无法读取此芯片的地址。',
  'boot-unheard': '在此工位无法监听固件的启动输出。',
  'made-before': '此板以前已经通过。',
  scrapped: '此板以前已报废。',
  'bound-elsewhere': '此板属于另一个工单。',
  'no-identity': '没有可用于此板的身份数据。',
  'records-unavailable': '无法写入记录。',
  'stub-not-started': '电路板未能启动下载程序。',
  'link-unreliable': '数据传输出错。',
  'no-progress': '电路板在写入过程中停止响应。',
  'write-refused': '此板的存储器无法写入。',
  'digest-mismatch': '读回的数据与写入的数据不一致。',
  'not-booting': '电路板已写入，但固件无法启动。',
  stopped: '操作被人工停止。',
  interrupted: '程序在操作过程中退出。',
  internal: 'Imprint 发生内部错误。',
}

export const FAILURE_CAUSES: Record<Language, Record<FailureCode, string>> = { en, 'zh-Hans': zhHans }

/** 电路板的失败：发生了什么，如何处理。 What goes wrong with a board, and what to do. */
import { FAILURE_CAUSES } from '../../../contract/index.ts'
import type { Messages } from '../en.ts'

export const board: Messages['board'] = {
  reinsert: '请重新放入电路板。',
  'red-bin': '请将电路板放入红色料盒（隔离）。',
  rework: '请将电路板放入返工料盒。',
  'call-engineer': '请呼叫工程师。',
  remove: '请取出电路板。',
  none: '无需处理电路板。',
}

const cause = FAILURE_CAUSES['zh-Hans']

export const failure: Messages['failure'] = {
  'no-answer': {
    cause: cause['no-answer'],
    remedy: '请将电路板压紧后重试。如果其他板在此工位也失败，请工程师检查治具。',
  },
  'port-busy': {
    cause: cause['port-busy'],
    remedy: '请工程师关闭占用端口的程序，然后重试此工位。',
  },
  'port-lost': {
    cause: cause['port-lost'],
    remedy: '请检查工位的线缆和电路板是否到位，然后重新放入电路板。',
  },
  'port-denied': {
    cause: cause['port-denied'],
    remedy: '请工程师为当前用户开通串口访问权限。',
  },
  'baud-unsupported': {
    cause: cause['baud-unsupported'],
    remedy: '请工程师为产线设置较低的速率。',
  },
  'wrong-chip': {
    cause: cause['wrong-chip'],
    remedy: '请取出电路板，并检查料盘中的板是否属于此工单。',
  },
  'wrong-flash-size': {
    cause: cause['wrong-flash-size'],
    remedy: '请取出电路板，并检查料盘中的板是否属于此工单。',
  },
  'security-differs': {
    cause: cause['security-differs'],
    remedy: '请取出电路板并交给工程师：它可能来自其他批次。',
  },
  'unreadable-mac': {
    cause: cause['unreadable-mac'],
    remedy: '芯片有故障，请将电路板单独存放。',
  },
  'boot-unheard': {
    cause: cause['boot-unheard'],
    remedy: '未写入任何内容。请工程师删除工单中的固件输出要求，或改用串口适配器。',
  },
  'made-before': {
    cause: cause['made-before'],
    remedy: '请取出电路板。如果缺少标签，请补打标签。',
  },
  scrapped: {
    cause: cause['scrapped'],
    remedy: '请取出电路板并放入报废区：它不再生产。',
  },
  rejected: {
    cause: cause['rejected'],
    remedy: '请取出并留给工程师：它不再生产，其标签已作废。',
  },
  'bound-elsewhere': {
    cause: cause['bound-elsewhere'],
    remedy: '请取出电路板并交给工程师：它保留原工单的身份数据。',
  },
  'not-in-manifest': {
    cause: cause['not-in-manifest'],
    remedy: '请取出模块并交给工程师：它属于另一批来料。',
  },
  'came-provisioned': {
    cause: cause['came-provisioned'],
    remedy: '请取出模块：它只在其清单的工单中打印标签。',
  },
  'no-identity': {
    cause: cause['no-identity'],
    remedy: '请工程师检查工单的认证文件。电路板本身没有问题。',
  },
  'records-unavailable': {
    cause: cause['records-unavailable'],
    remedy: '请工程师检查工作站的磁盘。没有记录的内容不会写入电路板。',
  },
  'stub-not-started': {
    cause: cause['stub-not-started'],
    remedy: '请重新放入电路板。如果仍然失败，请首先检查工位的供电。',
  },
  'link-unreliable': {
    cause: cause['link-unreliable'],
    remedy: '请检查工位的线缆和触点，然后重新放入电路板。',
  },
  'no-progress': {
    cause: cause['no-progress'],
    remedy: '请检查电路板是否到位，然后重新放入。它仍使用原来的身份数据。',
  },
  'write-refused': {
    cause: cause['write-refused'],
    remedy: '请将电路板单独存放：闪存有故障或焊接不良。',
  },
  'digest-mismatch': {
    cause: cause['digest-mismatch'],
    remedy: '请将电路板单独存放：闪存无法正确保存数据。',
  },
  'not-booting': {
    cause: cause['not-booting'],
    remedy: '请将电路板单独存放，等待维修。',
  },
  stopped: {
    cause: cause['stopped'],
    remedy: '准备好后重新启动即可。电路板保留原来的身份数据。',
  },
  interrupted: {
    cause: cause['interrupted'],
    remedy: '请重新放入电路板。它仍使用原来的身份数据。',
  },
  internal: {
    cause: cause['internal'],
    remedy: '请呼叫工程师：运行日志中有详细说明。',
  },
}

export const failureWith: Messages['failureWith'] = {
  'wrong-chip': '工单要求 {expected}，此板为 {found}。',
  'wrong-flash-size': '固件需要 {expected} MB 存储器，此板只有 {found} MB。',
  'bound-elsewhere': '此板属于工单 {order}。',
  'not-in-manifest': '本工单的清单中没有模块 {mac}。',
  'came-provisioned': '此模块来料时已配置为 {serial}，不得写入。',
  'security-differs': '此芯片有工单未要求的安全设置：{found}。',
}

/** 电路板的失败：发生了什么，如何处理。 What goes wrong with a board, and what to do. */
import type { Messages } from '../en.ts'

export const board: Messages['board'] = {
  reinsert: '请重新放入电路板。',
  'red-bin': '请将电路板放入红色料盒（隔离）。',
  rework: '请将电路板放入返工料盒。',
  'call-engineer': '请呼叫工程师。',
  remove: '请取出电路板。',
  none: '无需处理电路板。',
}

export const failure: Messages['failure'] = {
  'no-answer': {
    cause: '电路板没有响应。',
    remedy: '请将电路板压紧后重试。如果其他板在此工位也失败，请工程师检查治具。',
  },
  'port-busy': {
    cause: '此工位的端口被其他程序占用。',
    remedy: '请工程师关闭占用端口的程序，然后重试此工位。',
  },
  'port-lost': {
    cause: '此工位的连接中断。',
    remedy: '请检查工位的线缆和电路板是否到位，然后重新放入电路板。',
  },
  'port-denied': {
    cause: '计算机不允许使用此端口。',
    remedy: '请工程师为当前用户开通串口访问权限。',
  },
  'baud-unsupported': {
    cause: '此工位的适配器不支持所设的速率。',
    remedy: '请工程师为产线设置较低的速率。',
  },
  'wrong-chip': {
    cause: '此板的芯片与工单要求不符。',
    remedy: '请取出电路板，并检查料盘中的板是否属于此工单。',
  },
  'wrong-flash-size': {
    cause: '此板的存储器容量不足，放不下固件。',
    remedy: '请取出电路板，并检查料盘中的板是否属于此工单。',
  },
  'security-differs': {
    cause: '此芯片的安全设置与工单要求不符。',
    remedy: '请取出电路板并交给工程师：它可能来自其他批次。',
  },
  'unreadable-mac': {
    cause: '无法读取此芯片的地址。',
    remedy: '芯片有故障，请将电路板单独存放。',
  },
  'made-before': {
    cause: '此板以前已经通过。',
    remedy: '请取出电路板。如果缺少标签，请补打标签。',
  },
  scrapped: {
    cause: '此板以前已报废。',
    remedy: '请取出电路板并放入报废区：它不再生产。',
  },
  'bound-elsewhere': {
    cause: '此板属于另一个工单。',
    remedy: '请取出电路板并交给工程师：它保留原工单的身份数据。',
  },
  'not-in-manifest': {
    cause: '本工单的清单中没有此模块。',
    remedy: '请取出模块并交给工程师：它属于另一批来料。',
  },
  'came-provisioned': {
    cause: '此模块来料时已配置，不得写入。',
    remedy: '请取出模块：它只在其清单的工单中打印标签。',
  },
  'no-identity': {
    cause: '没有可用于此板的身份数据。',
    remedy: '请工程师检查工单的认证文件。电路板本身没有问题。',
  },
  'records-unavailable': {
    cause: '无法写入记录。',
    remedy: '请工程师检查工作站的磁盘。没有记录的内容不会写入电路板。',
  },
  'stub-not-started': {
    cause: '电路板未能启动下载程序。',
    remedy: '请重新放入电路板。如果仍然失败，请首先检查工位的供电。',
  },
  'link-unreliable': {
    cause: '数据传输出错。',
    remedy: '请检查工位的线缆和触点，然后重新放入电路板。',
  },
  'no-progress': {
    cause: '电路板在写入过程中停止响应。',
    remedy: '请检查电路板是否到位，然后重新放入。它仍使用原来的身份数据。',
  },
  'write-refused': {
    cause: '此板的存储器无法写入。',
    remedy: '请将电路板单独存放：闪存有故障或焊接不良。',
  },
  'digest-mismatch': {
    cause: '读回的数据与写入的数据不一致。',
    remedy: '请将电路板单独存放：闪存无法正确保存数据。',
  },
  'not-booting': {
    cause: '电路板已写入，但固件无法启动。',
    remedy: '请将电路板单独存放，等待维修。',
  },
  stopped: {
    cause: '操作被人工停止。',
    remedy: '准备好后重新启动即可。电路板保留原来的身份数据。',
  },
  interrupted: {
    cause: '程序在操作过程中退出。',
    remedy: '请重新放入电路板。它仍使用原来的身份数据。',
  },
  internal: {
    cause: 'Imprint 发生内部错误。',
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

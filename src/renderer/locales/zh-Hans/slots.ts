/** 产线的工位，以及电路板的自身信息。 The slots of the line, and what a board says of itself. */
import type { Messages } from '../en.ts'

export const slots: Messages['slots'] = {
  region: '工位',
  macTail: '…{tail}',
  state: {
    offline: '离线',
    empty: '空',
    ready: '就绪',
    waiting: '等待',
    working: '进行中',
    pass: '通过',
    unverified: '未校验',
    fail: '失败',
    'made-before': '已生产',
  },
  step: {
    connect: '连接中',
    identify: '识别中',
    bind: '分配中',
    prepare: '准备中',
    write: '写入中',
    verify: '校验中',
    record: '记录中',
  },
  hint: {
    offline: '此工位的适配器未连接。',
    empty: '请放入电路板。',
    ready: '电路板等待启动。',
    unverified: '已写入，但此芯片不允许读回校验。',
    madeBefore: '此板以前已经通过。',
    madeBeforeAt: '此板已于 {when} 通过。',
  },
  waitsFor: {
    'first-article': '等待首件制作并批准。',
    others: '等待：正在处理的电路板可能已经足够。',
  },
  labelState: {
    waiting: '标签等待打印',
    sent: '标签打印中',
    'in-doubt': '标签打印出来了吗？',
    printed: '标签已打印',
    'to-scan': '标签已打印，请扫码',
    confirmed: '标签已确认',
    failed: '标签未打印',
    superseded: '标签已替换',
  },
}

export const protection: Messages['protection'] = {
  none: '无',
  secureBoot: '安全启动',
  flashEncryption: 'Flash 加密',
  secureDownload: '安全下载模式',
  jtagDisabled: 'JTAG 已关闭',
}

export const slotDialog: Messages['slotDialog'] = {
  title: '工位 {slot}',
  whatHappened: '发生了什么',
  whatToDo: '如何处理电路板',
  serial: '序列号',
  mac: 'MAC 地址',
  chip: '芯片',
  protection: '保护',
  port: '端口',
  attempt: '次数',
  duration: '用时',
  step: '失败步骤',
  madeAt: '通过时间',
  label: '标签',
  detail: '供工程师参考',
  retry: '重试',
  begin: '启动此板',
  retryStarted: '工位 {slot} 正在重试。',
  showLog: '运行日志',
  hideLog: '隐藏运行日志',
  logEmpty: '此次运行没有日志。',
  log: '工位 {slot} 的运行日志',
  logTime: '时间',
  logStep: '步骤',
  logText: '内容',
}

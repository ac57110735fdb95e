/** 人员与角色。 People and roles. */
import type { Messages } from '../en.ts'

export const people: Messages['people'] = {
  role: {
    operator: '操作员',
    'line-lead': '线长',
    engineer: '工程师',
    qa: '质检员',
  },
  signIn: '登录',
  signOut: '退出登录',
  change: '当前登录：{name}，{role}。更换人员。',
  title: '现在由谁操作？',
  byBadge: '扫描工牌登录',
  how: '请扫描工牌，或点选姓名。',
  none: '此工作站尚未录入人员，由工程师在“设置”中录入。',
  welcome: '已登录：{name}。',
  goodbye: '已退出登录。',
  listTitle: '人员',
  listText: '有工牌的人员扫描工牌登录，其他人员点选姓名。',
  name: '姓名',
  badge: '工牌',
  badgeHint: '点选此框并扫描工牌；留空则按姓名登录',
  roleOf: '角色',
  add: '添加人员',
  remove: '移除 {name}',
  save: '保存人员',
  saved: '人员已保存。',
  nobody: '尚未录入任何人员时，站前的任何人都可以执行所有操作。请先添加一名工程师。',
  nameMissing: '请填写每个人的姓名。',
  badgeTooShort: '工牌至少 3 个字符。',
  noEngineer: '请至少指定一名工程师：只有工程师才能修改这些设置。',
}

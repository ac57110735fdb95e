/** 选择本工作站计算机上的文件或文件夹。 Choosing a file or folder. */
import type { Messages } from '../en.ts'

export const files: Messages['files'] = {
  choose: '选择…',
  chooseFor: '选择：{field}',
  home: '用户文件夹',
  up: '上一级文件夹',
  about: '{size} KB，{date} 修改',
  empty: '此文件夹为空。',
  more: '另有 {count} 项未显示；请直接输入路径。',
  takeFolder: '使用此文件夹',
}

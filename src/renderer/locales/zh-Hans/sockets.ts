/** 治具插座的磨损和接触不良。 Wear and contact faults of the fixture's sockets. */
import type { Messages } from '../en.ts'

export const sockets: Messages['sockets'] = {
  title: '插座',
  suspect: '此工位疑似接触不良',
  suspectText: '此工位接触不良的次数明显多于其他工位，请清洁触点。',
  insertions: '插入次数',
  sinceCleaned: '上次清洁后',
  cleaned: '触点已清洁',
  cleanedBy: '{when}，{who}',
  yield: '近期通过',
  yieldOf: '{passed} / {tried}',
  latest: '近期原因',
  nowClean: '工位 {slot}：触点已记为清洁。',
  due: '请清洁工位 {slots} 的触点。',
}

/** Everything that can be asked of the records, by name. Each is one transaction: all of it is kept, or none. */
import type { Kysely } from 'kysely'
import { CARTON_OPERATIONS } from './carton-records.ts'
import { GENERATION_OPERATIONS } from './generation-records.ts'
import { addIdentity, countReady, identityOfUnit, takeSerials, usedDacs } from './identity-records.ts'
import {
  answerLabel,
  cartonLabelSource,
  countLabels,
  countUnits,
  currentLabels,
  findLabel,
  labelOfPasscode,
  labelSource,
  labelsInState,
  latestLabels,
  moveLabel,
  openLabels,
  raiseLabel,
  releasePanel,
  reprintLabel,
  waitingLabels,
} from './label-records.ts'
import {
  closeOrder,
  createOrder,
  createOrders,
  findOrder,
  giveOrderSource,
  orderNumbers,
  orderTotals,
  orderUnits,
  setOrderQuantity,
  setOrderState,
} from './order-records.ts'
import { approveFirstArticle, firstArticle, rejectFirstArticle } from './first-article-records.ts'
import {
  archiveProduct,
  findProduct,
  findRelease,
  keepRelease,
  openOrderNumbers,
  products,
  releases,
  saveProduct,
} from './product-records.ts'
import { beginRun, failRun, keepUnboundFailure, passRun, regionsOfUnit, runFacts, runLog } from './run-records.ts'
import { audit, checkVault, hasIdentities, readSetting, recover, writeSetting } from './station-records.ts'
import { inspections, keepInspection, unitOfPasscode } from './inspection-records.ts'
import { disposeRun, people, savePeople } from './people-records.ts'
import { MANIFEST_OPERATIONS } from './manifest-records.ts'
import { SCAN_OPERATIONS } from './scan-records.ts'
import { orderSummaries, report } from './report-records.ts'
import { takeOver } from './take-over-records.ts'
import type { Schema } from './schema.ts'
import { keepSettings, settingsVersions } from './settings-records.ts'
import { cleanSocket, countInsertion, socketFacts } from './socket-records.ts'

export const OPERATIONS = {
  disposeRun,
  orderSummaries,
  people,
  report,
  savePeople,
  ...CARTON_OPERATIONS,
  ...GENERATION_OPERATIONS,
  ...MANIFEST_OPERATIONS,
  ...SCAN_OPERATIONS,
  addIdentity,
  answerLabel,
  approveFirstArticle,
  archiveProduct,
  audit,
  beginRun,
  cartonLabelSource,
  checkVault,
  cleanSocket,
  countInsertion,
  closeOrder,
  countLabels,
  countReady,
  usedDacs,
  countUnits,
  createOrder,
  createOrders,
  currentLabels,
  failRun,
  findLabel,
  findOrder,
  findProduct,
  findRelease,
  firstArticle,
  giveOrderSource,
  hasIdentities,
  identityOfUnit,
  inspections,
  keepInspection,
  keepSettings,
  keepRelease,
  keepUnboundFailure,
  labelOfPasscode,
  labelSource,
  labelsInState,
  latestLabels,
  moveLabel,
  openLabels,
  openOrderNumbers,
  orderNumbers,
  orderTotals,
  orderUnits,
  passRun,
  raiseLabel,
  releasePanel,
  products,
  readSetting,
  recover,
  regionsOfUnit,
  rejectFirstArticle,
  releases,
  reprintLabel,
  runFacts,
  runLog,
  saveProduct,
  setOrderQuantity,
  setOrderState,
  settingsVersions,
  socketFacts,
  takeOver,
  takeSerials,
  unitOfPasscode,
  waitingLabels,
  writeSetting,
} as const satisfies Record<string, (db: Kysely<Schema>, params: never) => Promise<unknown>>

export type OperationName = keyof typeof OPERATIONS
export type OperationParams<N extends OperationName> =
  Parameters<(typeof OPERATIONS)[N]> extends [unknown, infer P] ? P : undefined
export type OperationResult<N extends OperationName> = Awaited<ReturnType<(typeof OPERATIONS)[N]>>

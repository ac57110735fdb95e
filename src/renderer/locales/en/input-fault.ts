/** What is wrong with a file or an entry: the contract's own sentences. */
import { FAULT_KINDS, INPUT_FAULTS, type InputFaultCode } from '../../../contract/index.ts'

export const inputFault = {
  because: '{sentence} {reason}',
  inFile: '{file}: {sentence}',
  ofModule: '{file}, module {module}: {sentence}',
  inRow: '{file}, row {row}: {sentence}',
  inColumn: '{file}, row {row}, column “{column}”: {sentence}',
  detail: 'Detail: {detail}',
  kind: FAULT_KINDS as Record<keyof typeof FAULT_KINDS, string>,
  of: INPUT_FAULTS as Record<InputFaultCode, string>,
}

/** Why a file that a person named could not be read. */
import type { FAULT_KINDS, InputFaultCode, Values } from '../contract/index.ts'

export type FileKind = Extract<keyof typeof FAULT_KINDS, `${string}-${string}` | 'declaration'>

/** @param what kind of file it should be */
export const fileFault = (error: unknown, file: string, what: FileKind): [code: InputFaultCode, values: Values] => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EACCES') return ['file-denied', { file, what }]
  return [code === 'EISDIR' ? 'file-folder' : 'file-missing', { file, what }]
}

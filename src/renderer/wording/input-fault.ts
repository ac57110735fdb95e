/** What is wrong with what a person gave, in the language of the screen; what a parser said of it stands on a line of its own. */
import type { FaultPlace, InputFault } from '../../contract/index.ts'
import type { Translate } from './failure.ts'

const inPlace = (sentence: string, { file, row, column, module }: FaultPlace, t: Translate): string => {
  if (module !== undefined) return t('inputFault.ofModule', { file, module, sentence })
  if (row === undefined) return t('inputFault.inFile', { file, sentence })
  return column === undefined
    ? t('inputFault.inRow', { file, row, sentence })
    : t('inputFault.inColumn', { file, row, column, sentence })
}

/** @param sentence what could not be done because of it */
export const withFault = (sentence: string, fault: InputFault | undefined, t: Translate): string => {
  if (!fault) return sentence
  const { code, values, place, detail } = fault
  const kind = values['what'] === undefined ? {} : { what: t(`inputFault.kind.${values['what']}`) }
  const reason = code === null ? '' : t(`inputFault.of.${code}`, { ...values, ...kind })
  const placed = place ? inPlace(reason, place, t) : reason
  const said = placed === '' ? sentence : t('inputFault.because', { sentence, reason: placed })
  return detail === undefined ? said : `${said}\n${t('inputFault.detail', { detail })}`
}

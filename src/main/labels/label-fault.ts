/** Why an order's label cannot be laid out, as a fault that a screen words. */
import type { InputFault } from '../../contract/index.ts'
import { faultOf } from '../fault-error.ts'
import type { LabelError } from './label-error.ts'

export const labelFault = ({ code, details, message }: LabelError): InputFault => {
  switch (code) {
    case 'overflow':
      return details['element'] === undefined
        ? faultOf('template-unfit', {}, message)
        : faultOf('label-overflow', details)
    case 'no-glyph':
      return faultOf('label-no-glyph', details)
    case 'not-encodable':
      return faultOf('label-not-encodable', details, message)
    case 'unknown-field':
      return faultOf(details['element'] === undefined ? 'label-field-needed' : 'label-field-unknown', details)
    case 'unknown-template':
      return faultOf('template-unknown', details)
    case 'template':
      return details['mark'] === undefined ? faultOf('template-unfit', {}, message) : faultOf('label-no-mark', details)
  }
}

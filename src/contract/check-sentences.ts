/** What a spot check says of each of its points. */
export const CHECK_SENTENCES = {
  'partition-whole': 'the manufacturing partition is whole',
  'partition-faulty': 'the manufacturing partition is not right: {detail}',
  'product-not-said': 'this code does not say which vendor and product it is for',
  'product-same': 'vendor and product are {device}',
  'product-differs': 'the label says {label}, the device {device}',
  'discriminator-missing': 'the device has no discriminator',
  'discriminator-same': 'the discriminator is {device}',
  'discriminator-differs': 'the label says {label}, the device {device}',
  'discriminator-differs-short': 'the label says {label} in the upper four bits, the device {device}',
  'verifier-missing': 'the device has no verifier, salt and iteration count',
  'verifier-not-allowed': "the device's salt or iteration count is not allowed: {detail}",
  'passcode-opens': "the label's passcode gives the verifier on the device",
  'passcode-does-not-open': "the label's passcode does not open this device",
  'record-missing': 'no unit in the records has the code of this label',
  'record-passed': '{serial} passed',
  'record-not-passed': '{serial} is in the records, but has not passed',
  'serial-same': 'the serial number is {label}',
  'serial-differs': 'the label is that of {label}, the device is {device}',
  'serial-missing': 'the label is that of {label}, the device is without a serial number',
  'mac-not-told': 'the chip does not tell its MAC',
  'mac-same': 'the MAC address is {label}',
  'mac-differs': 'the label is that of {label}, the device is {device}',
} as const

export type CheckSentence = keyof typeof CHECK_SENTENCES
export const CHECK_SENTENCE_CODES = Object.keys(CHECK_SENTENCES) as [CheckSentence, ...CheckSentence[]]

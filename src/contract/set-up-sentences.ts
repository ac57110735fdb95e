/** What the check of a set-up says of a field. What is wrong with a file or an entry follows as an `InputFault`. */
export const SET_UP_SENTENCES = {
  'port-simulated': '{port} is a simulated port; a production line has real ones.',
  'port-twice': '{port} is the port of two slots; give each its own.',
  'port-no-address': '{port} is no address; socket://HOST:PORT and rfc2217://HOST:PORT are.',
  'port-missing': '{port} is not there; plug it in, or choose one that is.',
  'port-there': '{port} is there.',
  'port-tried-later': '{port} is tried when the line starts.',
  'no-printer': 'No labels are printed.',
  'printer-tried-later': '{address} is tried when the first label is printed.',
  'label-folder-good': 'Label files are written to {folder}.',
  'label-folder-not-right': '{folder} cannot be written to by this user; choose another folder, or give access to it.',
  'printer-address':
    "'{address}' is no printer address; tcp://HOST:9100, usb:/dev/usb/lp0, cups:QUEUE, cups-raw:QUEUE, system:NAME and folder:PATH are.",
  'printer-window-only':
    '{address} can be printed to from the Imprint window only: open this station there, or choose another printer.',
  'system-printer-there': '{name} is there.',
  'system-printer-missing': 'This computer has no printer named {name}; choose one that it has.',
  'release-good': "{name} {version} for {chip}; manufacturing partition '{partition}'.",
  'attestation-good': '{name}, valid until {date}.',
  'release-not-right': 'This firmware cannot be used.',
  'attestation-not-right': 'This attestation cannot be used.',
  'declaration-not-right': 'This Certification Declaration cannot be used.',
  'product-not-right': 'The product is not right.',
  'flash-key-good': 'Its SHA-256 is {digest}.',
  'flash-key-not-right': 'This flash encryption key cannot be used.',
  'nvs-keys-not-right': 'These NVS keys cannot be used.',
  'boards-not-right': 'What is expected of the boards is not possible.',
  'labels-not-right': 'The labels are not right.',
  'order-not-right': 'The order is not right.',
} as const

export type SetUpSentence = keyof typeof SET_UP_SENTENCES
export const SET_UP_SENTENCE_CODES = Object.keys(SET_UP_SENTENCES) as [SetUpSentence, ...SetUpSentence[]]

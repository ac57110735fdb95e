/**
 * What is wrong with a file or an entry that a person gave, each with its sentence. `what` names a kind of file or value by its code
 * below; `detail` is for the engineer: what a parser said, in English, and never part of the sentence.
 */
import { z } from 'zod'
import { fillIn, Values } from './sentences.ts'

export const FAULT_KINDS = {
  'pai-certificate': 'the PAI certificate',
  'pai-key': 'the key of the PAI',
  declaration: 'the Certification Declaration',
  'flash-key': 'the flash encryption key',
  'nvs-keys': 'the file of the NVS keys',
  serial: 'serial number',
  mac: 'MAC',
  passcode: 'passcode with discriminator',
  salt: 'salt',
  rotatingId: 'rotating id',
  key: 'DAC key',
  id: 'folder name',
} as const
type FaultKind = keyof typeof FAULT_KINDS

export const INPUT_FAULTS = {
  // Any file.
  'file-missing': '{file}: {what} is missing; give its path.',
  'file-denied': '{file}: {what} may not be read by this user; give it access.',
  'file-folder': '{file} is a folder; give the file of {what}.',
  'path-missing': '{file}: there is no such file or folder.',
  // A firmware's build folder.
  'build-missing': '{file} is missing; give the build folder that idf.py made.',
  'build-not-json': '{file}: it is not JSON; copy it again from the ESP-IDF build folder.',
  'build-entry': "{file}: '{field}' is missing or wrong; copy it again from the ESP-IDF build folder.",
  'build-chip': "{file}: chip '{chip}' is not known; {chips} are.",
  'build-offset': "{file}: {field}: '{text}' is no offset; 0x10000 or 65536 is.",
  'build-no-files': "{file}: 'flash_files' names no file.",
  'build-file-outside': "flasher_args.json names '{file}', which lies outside {folder}; keep all files in it.",
  'build-file-missing': '{file} is missing; build the firmware again or copy the whole build folder.',
  'build-file-malformed':
    '{file} cannot be read as what it should be; build the firmware again or copy the file again.',
  'build-other-chip': '{file} is for {chip}, flasher_args.json names {named}; use one build.',
  'build-no-factory':
    "{file} has no data partition '{partition}' for the manufacturing data; name one of: {partitions}.",
  'build-small-factory': "{file}: partition '{partition}' has {size} bytes; at least {least} are needed.",
  'build-overlap':
    '{file} ({from} to {to}) overlaps {other} at {offset}; correct the partition table or the offsets in flasher_args.json.',
  'build-overlaps-factory':
    "{file} at {offset} overlaps the manufacturing partition '{partition}' at {from}; correct the partition table or the offsets in flasher_args.json.",
  'build-too-large':
    "{file} has {size} bytes, its partition '{partition}' only {room}; enlarge the partition or shrink the firmware.",
  'build-no-table': 'flasher_args.json names no partition table; it is needed to find the manufacturing partition.',
  'build-no-app': '{file} names no app image; build the whole project, not only its bootloader.',
  'build-changed':
    '{folder} has other content than when {name} {version} was registered; register it again and choose that release.',
  'chip-not-allowed':
    "{folder}: '{name}' is for {chip}, '{product}' is made with {chips} only; choose another release, or allow the chip for the product.",
  'factory-full': "The partition '{partition}' of {folder} is too small for what a unit needs; enlarge it.",
  'factory-unfit': "The manufacturing partition '{partition}' of {folder} cannot hold the product's data.",
  // PAI, DACs and Certification Declaration.
  'no-pai':
    "'{product}' has no PAI: its modules come provisioned and are only labelled; choose a manifest, or give the product a PAI.",
  'certificate-unreadable': '{file}: no X.509 certificate could be read; give one in PEM or DER.',
  'pai-no-authority': '{file} is not the certificate of an authority; give a PAI, not a DAC.',
  'pai-rules': '{file} breaks the rules for a PAI; get one that follows the Matter specification.',
  'pai-expired': '{file} expired on {date}; get a new PAI.',
  'pai-not-yet': "{file} is valid from {date} on only; check this computer's clock.",
  'pai-no-vendor': '{file} names no vendor, the product has {expected}; use the PAI of this vendor.',
  'pai-vendor': '{file} names vendor {found}, the product has {expected}; use the PAI of this vendor.',
  'pai-product': "{file} is for product {found}, the order's is {expected}; use the PAI of this product.",
  'key-unreadable': '{file}: no private key could be read; a P-256 key in PEM, DER or PKCS#12 is needed.',
  'key-password-needed': '{file}: the key is encrypted; its password is needed.',
  'key-password-wrong': '{file}: the password does not open it.',
  'key-differs': '{file} is not the key of {certificate}; give the key that belongs to this PAI.',
  'pai-of-test':
    '{file} is for a test vendor (FFF1 to FFF4), whose devices may not be sold; say that this is a test build, or use your own PAI.',
  'product-of-test':
    "'{product}' is of a test vendor (FFF1 to FFF4), whose devices may not be sold; say that this is a test build.",
  'dacs-not-right': '{file}: these DACs cannot be used.',
  'dacs-short':
    '{file} has DACs for {there} more devices, and the order needs {needed}; add DACs, or make a smaller order.',
  'declaration-unreadable': '{file}: no Certification Declaration could be read.',
  'declaration-vendor':
    '{file} is of vendor {found}, the product is of {expected}; give the Certification Declaration of this product.',
  'declaration-product':
    '{file} is of product {found}, the product is {expected}; give the Certification Declaration of this product.',
  'declaration-not-right': '{file} does not fit; give the Certification Declaration of this product.',
  'declaration-of-test':
    '{file} is for development and tests, and devices with it may not be sold; say that this is a test build, or use your own.',
  // What is expected of the boards, and their keys.
  'reset-unreadable': 'The reset sequence cannot be read.',
  'encrypted-twice':
    'What is encrypted beforehand would be encrypted twice if the chip encrypted it too; choose one of both.',
  'flash-key-without-encryption':
    'Only boards with flash encryption start what is encrypted beforehand; say that the order expects it.',
  'nvs-keys-without-encryption':
    'Only boards with flash encryption keep the NVS keys from being read; say that the order expects it.',
  'loader-without-encryption':
    'The loader of the {chip} does not encrypt what it writes; have it encrypted beforehand, with the key that the boards hold.',
  'by-device-without-encryption':
    'Only boards with flash encryption encrypt what is written; say that the order expects it.',
  'by-device-unverified':
    'What the chip encrypts cannot be read back; allow boards that are not verified, or give the key to encrypt beforehand.',
  'flash-key-size': '{file} has {size} bytes, a flash encryption key {lengths}; give the file that espsecure made.',
  'flash-key-unfit': '{file}: this flash encryption key does not go with this firmware.',
  'nvs-keys-unreadable': '{file}: no NVS keys could be read.',
  'nvs-keys-no-partition':
    "{file}: '{name}' has no partition for NVS keys; add one of subtype nvs_keys to its partition table.",
  'nvs-keys-in-build': "{file}: '{name}' brings NVS keys of its own ({image}); take them out of its build first.",
  // Labels.
  'label-overflow':
    "“{text}” needs {needed}, and the label's box “{element}” has {box}; shorten the text or enlarge the box.",
  'label-no-glyph':
    'No font can print the character “{character}” in “{text}”; European letters and Simplified Chinese can be printed.',
  'label-not-encodable': 'The code “{element}” of the label cannot carry “{text}”.',
  'label-field-unknown': "The label's element “{element}” names a field “{field}” that does not exist.",
  'label-field-needed': 'The label template “{template}” has a field “{field}”; give it a value for this order.',
  'label-no-mark': 'The label template has no place for the mark {mark}; a text with {mark} is needed.',
  'template-unknown': 'There is no label template “{template}”; choose one that is there.',
  'template-unfit': 'The label template cannot be used.',
  // Orders, alone or in a table.
  'order-locked':
    'Order {number} is locked to other content than is there now; put back what it was made with, or make a new order.',
  'order-is-closed': 'Order {number} is closed; clone it to make more of the same.',
  'order-of-earlier-program': 'Order {number} was made by an earlier program; save the set-up of the line again.',
  'order-number-taken': 'There is an order {number} already; give this one another number.',
  'order-product-archived': 'Choose a product that is not archived.',
  'order-release-unknown': 'Choose a release that is registered.',
  'order-manifest-unknown': 'Choose a manifest that was imported.',
  'order-source': 'Choose a firmware release to write, or a manifest of modules to label, and not both.',
  'table-no-csv': 'This is no CSV; write it as CSV.',
  'table-empty': 'There is no order in it; a heading and a row for each order are needed.',
  'table-too-long': 'At most {most} orders are taken at once; split the table.',
  'table-cells': 'It has {cells} cells, the heading {heading}; put texts with a comma into quotes.',
  'column-unknown': 'There is no such column; allowed: {columns}.',
  'column-twice': 'It stands twice; once is allowed.',
  'column-missing': 'It is missing; this column is needed.',
  'number-twice': '{number} stands in a row before; each order needs an own number.',
  'no-order-number': "'{text}' is no order number; letters, digits and . _ / - are, at most 40.",
  'product-not-there': "There is no product '{text}'; allowed: {allowed}.",
  'product-none-yet': "There is no product '{text}'; none is there yet.",
  'release-not-there': "There is no release '{text}'; allowed: {allowed}.",
  'release-none-yet': "There is no release '{text}'; none is there yet.",
  'release-ambiguous': "'{text}' is the name of {count} releases; give the first {least} or more digits of its digest.",
  'manifest-not-there': "There is no manifest '{text}'; allowed: {allowed}.",
  'manifest-none-yet': "There is no manifest '{text}'; none is there yet.",
  'manifest-ambiguous': "'{text}' is the name of {count} manifests; make this order in the form.",
  'no-quantity': "'{text}' is no quantity; a whole number from 1 to 1000000 is.",
  'no-day': "'{text}' is no day; one such as 2026-12-24 is, or nothing.",
  'no-yes-or-no': "'{text}' is not allowed; yes or no is, or nothing for yes.",
  'text-too-long': 'It has {length} characters; at most {most} are allowed.',
  'work-order-field': "'{text}' is no field of a work order; {allowed} are.",
  // Manifests of modules that come provisioned.
  'manifest-empty': '{file}: no device was found; a row each is needed.',
  'manifest-heading': "The heading has neither 'mac' nor 'serial'; one of them is needed.",
  'manifest-fields': 'The row has {fields} fields, the heading has {heading}.',
  'manifest-nameless': 'The row has neither a MAC nor a serial number; one of them is needed.',
  'manifest-no-mac': '{file}: it has no MAC; each module needs its own to be found by.',
  'manifest-mac': "'{text}' is no MAC; twelve hexadecimal digits are, such as AA:BB:CC:00:00:01.",
  'manifest-twice': '{file}: the {what} is that of {before}; every device needs its own.',
  'manifest-known': '{file}: the {what} belongs to a device in the records already; nothing was imported.',
  'manifest-entry': '{file}: not all of it can be read.',
  'manifest-other-product':
    "{manifest}: the module {serial} ({mac}) is of another product than '{product}'; choose the product of the manifest.",
  'manifest-no-codes':
    '{manifest}: the module {serial} ({mac}) has no codes; a QR code, or passcode and discriminator, are needed.',
  'manifest-short':
    '{manifest} has {modules} modules, of which {free} are not in another order; the order wants {quantity}.',
  'product-no-chip': 'The product names no chip; allow one for it.',
} as const

export type InputFaultCode = keyof typeof INPUT_FAULTS
const CODES = Object.keys(INPUT_FAULTS) as [InputFaultCode, ...InputFaultCode[]]

/** In a table, or of a module of a manifest. */
export const FaultPlace = z.object({
  file: z.string(),
  /** From 1, the heading is row 1. */
  row: z.number().int().optional(),
  column: z.string().optional(),
  /** Its serial number. */
  module: z.string().optional(),
})
export type FaultPlace = z.infer<typeof FaultPlace>

export const InputFault = z.object({
  /** Null where there is no sentence for it: then `detail` says what it is. */
  code: z.enum(CODES).nullable(),
  values: Values,
  place: FaultPlace.optional(),
  detail: z.string().optional(),
})
export type InputFault = z.infer<typeof InputFault>

const placeText = ({ file, row, column, module }: FaultPlace): string =>
  [
    file,
    ...(row === undefined ? [] : [`row ${row}`]),
    ...(column === undefined ? [] : [`column '${column}'`]),
    ...(module === undefined ? [] : [`module ${module}`]),
  ].join(', ')

const withDetail = (sentence: string, detail: string): string => `${sentence.replace(/\.$/u, '')} (${detail}).`

/** In English, for the terminal and the log. */
export const inputFaultText = ({ code, values, place, detail }: InputFault): string => {
  const what = FAULT_KINDS[String(values['what']) as FaultKind] as string | undefined
  const sentence = code === null ? '' : fillIn(INPUT_FAULTS[code], what === undefined ? values : { ...values, what })
  const said = code === null || detail === undefined ? `${sentence}${detail ?? ''}` : withDetail(sentence, detail)
  return `${place ? `${placeText(place)}: ` : ''}${said}`
}

/** Why a request was refused, each reason with its sentence. `detail` is for the engineer: what a file or a parser said, in English. */
export const REFUSALS = {
  // Who asks, and what.
  'sign-in-first': 'Sign in first.',
  'other-role': '{name} may not do this as {role}; another role is needed.',
  malformed: 'What was entered is not allowed: {detail}.',
  unexpected: 'Something went wrong inside Imprint: {detail}.',
  'board-failed': 'The board could not be read: {detail}',
  // The line.
  'no-order': 'There is no order: open one on the page of orders.',
  'slot-not-failed': 'Slot {slot} has no failed board.',
  'slot-not-to-retry': 'Slot {slot} has no failed board that could be tried again now.',
  'slot-not-waiting': 'Slot {slot} does not wait for a board now.',
  'slot-in-use': 'Pause the line first: the slot is in use.',
  'no-board-ready': 'No board is ready there: put it in, and start again.',
  'panel-incomplete':
    'The panel is not complete: put in the missing boards, or touch the start button to begin without.',
  'starts-otherwise': 'Boards of this line are not started in this way; the bottom line says how.',
  'slot-unknown': 'There is no slot {slot}.',
  'settings-unknown': 'This version of the settings is not in the records.',
  'no-settings-file': 'This is not a file of line settings; choose one that Imprint saved.',
  'settings-file-wrong': 'The file is not right at {field}: {detail}.',
  'fixture-too-small': 'The fixture has {places} places, but the line has {slots} slots.',
  'scanner-on-slot': '{port} is the port of slot {slot}; give the scanner another.',
  'run-unknown': 'This run is not in the records.',
  'demo-only': 'Only the demo can be run again.',
  'demo-running': 'The demo is still running.',
  'demo-not-set-up': 'The demo is not set up; open the production station first.',
  'order-not-right': 'The order cannot be made as it is: {detail}',
  // Products and orders.
  'not-set-up': 'Set the line up first: an order needs its slots and its printer.',
  'product-unknown': 'This product is not in the records.',
  'product-name-taken': "There is a product '{name}' already; give this one another name.",
  'product-in-use':
    "Open orders use '{name}' as it is: {orders}. Close them first, or save what you changed as another product.",
  'product-not-right': 'The product cannot be kept as it is: {detail}',
  'release-not-right': 'The release cannot be registered: {detail}',
  'order-unknown': 'This order is not in the records.',
  'order-number-taken': 'There is an order {number} already; give this one another number.',
  'order-product-archived': 'Order {number}: choose a product that is not archived.',
  'order-release-unknown': 'Order {number}: choose a release that is registered.',
  'order-running': 'Order {number} is running: pause it first.',
  'order-closed': 'Order {number} is closed already.',
  'nothing-to-approve': 'Order {number} has no first article that waits for an approval.',
  'table-not-right': 'Nothing of the table was taken: {detail}',
  'work-order-not-right': 'The code of the work order cannot be used: {detail}',
  // Labels.
  'no-printer': 'This station has no label printer.',
  'printers-window-only': "The system's printers can be used from the Imprint window only, not from a browser.",
  'printer-window-only':
    '{address} can be printed to from the Imprint window only: open this station there, or choose another printer.',
  'label-unknown': 'This label is not in the records.',
  'label-replaced': 'This label has been replaced already.',
  'label-not-in-doubt': 'This label is not in doubt any more.',
  'not-a-label': 'This is not the code of a label: {detail}.',
  'template-not-right': 'The label template is not right: {detail}.',
  'template-unknown': 'This label template is not in the library: {detail}.',
  'line-held': 'The line is held for a wrong label; a line lead releases it.',
  'line-not-held': 'The line is not held for a label.',
  'label-not-here': 'No label of this line has this code.',
  'label-of-other-unit': 'The scanned label is not of this unit; scan the one to throw away.',
  'label-not-to-void': 'This label waits to be printed, or was thrown away before; nothing was changed.',
  'label-not-waiting': 'This label does not wait any more.',
  'cartons-not-used': 'The units of this order are not collected in cartons.',
  'packed-before': '{serial} is in carton {number} already.',
  'other-order': '{serial} is of order {order}; it does not go into a carton of this one.',
  'label-not-confirmed':
    'The label of {serial} is not confirmed: scan it at its slot, or print a new one, before the unit is packed.',
  'carton-closed': 'The carton is closed: open it again first.',
  'not-packed': 'This unit is in no carton.',
  'carton-not-to-close': 'Only an open carton with units in it can be closed.',
  'carton-not-to-open': 'The carton is open, or another one of this order is: close that one first.',
  'manifest-not-right': 'The manifest cannot be taken: {detail}.',
  'module-unknown': 'No manifest has a module with the MAC {mac}: import the one that it came with.',
  'module-without-mac': 'The module in slot {slot} does not tell its MAC.',
  'module-of-other-product': 'The module {serial} is of another product than this order.',
  'module-without-codes':
    'The manifest has no codes for the module {serial}: a QR code, or passcode and discriminator, are needed.',
  // People.
  'name-twice': "The name '{name}' stands twice; each person needs an own one.",
  'badge-twice': "The badge of '{name}' belongs to somebody else as well.",
  'no-engineer': 'At least one person must be an engineer, or nobody could change this again.',
  'badge-unknown': 'Nobody has this badge; ask an engineer to add it.',
  'badge-needed': "'{name}' signs in with a badge.",
} as const

export type RefusalReason = keyof typeof REFUSALS
export const REFUSAL_REASONS = Object.keys(REFUSALS) as [RefusalReason, ...RefusalReason[]]
export const isRefusalReason = (text: string): text is RefusalReason => Object.hasOwn(REFUSALS, text)

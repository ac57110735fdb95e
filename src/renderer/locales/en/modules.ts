/** Modules that came provisioned. */
export const modules = {
  title: 'Provisioned modules',
  importTitle: 'The manifest that came with the modules',
  path: 'Path of the manifest',
  pathHint: 'CSV with mac, serial and qrcode, or the output folder of esp-matter-mfg-tool, as this computer sees it',
  import: 'Take it over',
  imported: '{count} modules are in the records.',
  labelTitle: 'Read and label',
  text: 'Nothing is written to a module: its MAC is read, and the label of its row in the manifest is printed.',
  running: 'The line is making units in these slots. Pause it first.',
  all: 'Label all slots',
  slot: 'Slot {slot}',
  printed: 'Its label is in the queue.',
  before: 'It was labelled before.',
}

/** Manifests of modules that came provisioned. */
export const manifests = {
  title: 'Modules that came provisioned',
  none: 'There is no manifest yet.',
  import: 'Import a manifest',
  importTitle: 'Import a manifest',
  text: 'The list that came with modules which are provisioned already. An order of it reads the MAC of each module, writes nothing to it, and prints its label.',
  path: 'Path of the manifest',
  pathHint: 'CSV with mac, serial and qrcode, or the output folder of esp-matter-mfg-tool, as this computer sees it',
  confirm: 'Read and import',
  imported: '{count} modules are in the records.',
  modules: '{count} modules, {free} not in an order',
  importedAt: 'Imported {when}',
}

/**
 * The direction of dependencies (docs/architecture.md): hosts → station → line → the procedures → the pure formats.
 * @type {import('dependency-cruiser').IConfiguration}
 */
const pure = '^src/main/(matter|espressif)/'
const procedures = '^src/main/(flashing|identities|records|labels|documents|inspection|firmware|security|generation)/'
/** Of src/main/flashing, from the wire up: each folder knows only those before it, and the words that all of them use. */
const flashing = ['', 'ports/', 'links/', 'loader/', 'images/', 'session/', 'workers/']
/** Of src/main/station, likewise: each folder knows only those before it, and the files beside them. */
const station = ['orders/', 'labels/', 'bay/', 'set-up/', 'requests/']
const hosts = '^src/main/(index|web|cli|headless|host|cli/.*|loopback/.*|electron/.*)'

export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'] } },
    { name: 'no-orphans', severity: 'error', from: { orphan: true, pathNot: ['\\.d\\.ts$'] }, to: {} },
    {
      name: 'pure-formats-import-nothing-of-ours',
      comment: 'matter/ and espressif/ turn bytes into bytes: no I/O, no clock, no other folder of ours.',
      severity: 'error',
      from: { path: pure },
      to: { path: '^src/', pathNot: pure },
    },
    {
      name: 'pure-formats-do-no-io',
      severity: 'error',
      from: { path: pure },
      to: { path: '^(node:)?(fs|net|http|https|child_process|worker_threads|os|dgram|timers)' },
    },
    {
      name: 'contract-imports-nothing',
      severity: 'error',
      from: { path: '^src/contract/' },
      to: { path: '^src/(main|renderer|preload)/' },
    },
    {
      name: 'renderer-knows-only-the-contract',
      severity: 'error',
      from: { path: '^src/(renderer|preload)/' },
      to: { path: '^src/main/' },
    },
    {
      name: 'main-does-not-know-the-renderer',
      severity: 'error',
      from: { path: '^src/main/' },
      to: { path: '^src/renderer/' },
    },
    {
      name: 'procedures-do-not-know-the-line',
      severity: 'error',
      from: { path: procedures },
      to: { path: ['^src/main/line/', '^src/main/station', hosts] },
    },
    ...flashing.slice(0, -1).map((folder, at) => ({
      name: `flashing-${folder.slice(0, -1) || 'words'}-does-not-know-what-is-above`,
      severity: 'error',
      from: { path: `^src/main/flashing/${folder || '[^/]+$'}` },
      to: { path: `^src/main/flashing/(${flashing.slice(at + 1).join('|')})` },
    })),
    ...station.slice(0, -1).map((folder, at) => ({
      name: `station-${folder.slice(0, -1)}-does-not-know-what-is-above`,
      severity: 'error',
      from: { path: `^src/main/station/${folder}` },
      to: { path: `^src/main/station/(${station.slice(at + 1).join('|')})` },
    })),
    {
      name: 'line-does-not-know-the-station',
      severity: 'error',
      from: { path: '^src/main/line/' },
      to: { path: ['^src/main/station', hosts] },
    },
    {
      name: 'simulator-stands-beside-the-product',
      comment: 'The product may be driven by simulated boards; only composition chooses them.',
      severity: 'error',
      from: { path: ['^src/main/line/', procedures] },
      to: { path: '^src/main/simulator/' },
    },
    {
      name: 'electron-only-at-the-edge',
      severity: 'error',
      from: { pathNot: ['^src/main/index\\.ts$', '^src/main/electron/', '^src/preload/'] },
      to: { path: '^electron$|node_modules/electron/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.node.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
}

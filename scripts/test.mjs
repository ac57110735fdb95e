/**
 * `npm test`: installs what is missing, then lint, types, dependency rule and all tests. Every check runs even when one before it
 * fails; the last line is `N passed, N failed`.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { delimiter, relative } from 'node:path'
import { bundledNode, ensureInstalled, root } from './install.mjs'

ensureInstalled()

const env = { ...process.env, PATH: `${root}node_modules/.bin${delimiter}${process.env.PATH}` }
const node = bundledNode()
const reportFile = `${root}node_modules/.cache/imprint/test-report.json`
mkdirSync(`${root}node_modules/.cache/imprint`, { recursive: true })

let passed = 0
let failed = 0

const CHECKS = [
  ['types: renderer', 'vue-tsc/bin/vue-tsc.js', ['--noEmit', '-p', 'tsconfig.web.json']],
  [
    'lint',
    'eslint/bin/eslint.js',
    ['--cache', '--cache-location', 'node_modules/.cache/eslint/', '--max-warnings=0', '.'],
  ],
  ['format', 'prettier/bin/prettier.cjs', ['--check', '--log-level=warn', '.']],
  ['types: main', 'typescript/bin/tsc', ['--noEmit', '-p', 'tsconfig.node.json']],
  ['types: tests', 'typescript/bin/tsc', ['--noEmit', '-p', 'tsconfig.test.json']],
  ['dependency rule', 'dependency-cruiser/bin/dependency-cruiser.mjs', ['src', '--config', '.dependency-cruiser.mjs']],
]

/** What a check says is shown in one piece, since two run at once. */
const check = async ([name, script, args]) => {
  const started = Date.now()
  const child = spawn(node, [`${root}node_modules/${script}`, ...args], { cwd: root, env })
  const said = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => said.push(part))
  const [status] = await once(child, 'close')
  process.stdout.write(Buffer.concat(said))
  process.stdout.write(`${status === 0 ? 'ok' : 'FAILED'}  ${name} (${Math.round((Date.now() - started) / 1000)} s)\n`)
  if (status === 0) passed++
  else failed++
}

const waiting = [...CHECKS]
const workThrough = async () => {
  for (let next = waiting.shift(); next; next = waiting.shift()) await check(next)
}
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, workThrough))

/** Runs test files. @returns what is known of each file; nothing where no report was left */
const runTests = (args) => {
  rmSync(reportFile, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`]
  spawnSync(node, [`${root}node_modules/vitest/vitest.mjs`, 'run', ...reporters, ...args], {
    cwd: root,
    env,
    stdio: 'inherit',
  })
  return existsSync(reportFile) ? JSON.parse(readFileSync(reportFile, 'utf8')).testResults : undefined
}

const isOver = ({ status }) => status === 'passed' || status === 'failed'
/** The process of this file ended in the middle of a test, by a signal of the system: no test of it has failed, some have no end. */
const hasDied = ({ status, message, assertionResults: tests }) =>
  status === 'failed' &&
  !message &&
  tests.length > 0 &&
  !tests.some((test) => test.status === 'failed') &&
  !tests.every(isOver)

let files = runTests(process.argv.slice(2))
const died = files?.filter(hasDied) ?? []
if (died.length > 0) {
  const names = died.map(({ name }) => relative(root, name))
  process.stdout.write(`\nThe process of ${names.join(', ')} was ended by the system. It is run once more.\n`)
  files = [...files.filter((file) => !died.includes(file)), ...(runTests(names) ?? died)]
}
let skipped = 0
for (const { status, assertionResults: tests } of files ?? []) {
  const count = (one) => tests.filter((test) => test.status === one).length
  passed += count('passed')
  failed += count('failed')
  skipped += tests.length - count('passed') - count('failed')
  // A file that could not be loaded, prepared or cleaned up has no test that says so.
  if (status === 'failed' && count('failed') === 0) failed++
}
if (skipped > 0) {
  process.stdout.write(`${skipped} tests were skipped: a tool that they need is missing (see above).\n`)
  if (process.env.CI) failed += skipped
}
if (!files) {
  process.stdout.write('The tests left no report.\n')
  failed++
}
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exit(failed === 0 ? 0 : 1)

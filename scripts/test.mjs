/**
 * `npm test`: installs what is missing, then lint, types, dependency rule and all tests. Every check runs even when one before it
 * fails; the last line is `N passed, N failed`.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { delimiter } from 'node:path'
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

spawnSync(
  node,
  [
    `${root}node_modules/vitest/vitest.mjs`,
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, env, stdio: 'inherit' },
)
try {
  const report = JSON.parse(readFileSync(reportFile, 'utf8'))
  passed += report.numPassedTests
  failed += report.numFailedTests
  // A file that could not be loaded has no tests to count.
  failed += report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length
  const skipped = report.numPendingTests
  if (skipped > 0) {
    process.stdout.write(`${skipped} tests were skipped: a tool that they need is missing (see above).\n`)
    if (process.env.CI) failed += skipped
  }
} catch {
  process.stdout.write('The tests left no report.\n')
  failed++
}
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exit(failed === 0 ? 0 : 1)

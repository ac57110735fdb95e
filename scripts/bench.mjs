/** `npm run bench [-- NAME…]`: prints the figures that Imprint promises. Each bench is a TypeScript module with a function `run`. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { bundledNode, ensureInstalled, root } from './install.mjs'

ensureInstalled()

const known = readdirSync(`${root}scripts`)
  .map((file) => /^bench-(.*)\.ts$/u.exec(file)?.[1])
  .filter(Boolean)
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !existsSync(`${root}scripts/bench-${name}.ts`))
if (unknown.length > 0) {
  process.stderr.write(`There is no bench '${unknown.join("', '")}'; ${known.join(', ')} are.\n`)
  process.exit(2)
}

let failed = false
for (const name of asked.length > 0 ? asked : known) {
  process.stdout.write(`\n${name}\n`)
  // A process each: one bench's threads and memory are not another's.
  const { status } = spawnSync(bundledNode(), [`${root}scripts/run-bench.mjs`, name], { cwd: root, stdio: 'inherit' })
  if (status !== 0) failed = true
}
process.exit(failed ? 1 : 0)

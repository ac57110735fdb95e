/** One bench in a process of its own: `node scripts/run-bench.mjs NAME`. A file, since threads inherit what a process was started with. */
const [name] = process.argv.slice(2)
const { run } = await import(new URL(`bench-${name}.ts`, import.meta.url).href)
await run()
process.exit(0)

// All that is checked without running the product: format and lint, types of server and web, dead code. Each is run even when another failed.
import { spawnSync } from 'node:child_process'

const checks = [
  ['biome', ['check', '.']],
  ['tsc', ['--noEmit', '-p', '.']],
  ['tsc', ['--noEmit', '-p', 'web']],
  ['tsc', ['--noEmit', '-p', 'e2e']],
  ['knip', []],
]

const bins = { biome: '@biomejs/biome/bin/biome', tsc: 'typescript/bin/tsc', knip: 'knip/bin/knip.js' }

let failed = 0
for (const [name, args] of checks) {
  const started = Date.now()
  const { status } = spawnSync(process.execPath, [`node_modules/${bins[name]}`, ...args], { stdio: 'inherit' })
  process.stdout.write(`${status === 0 ? 'ok' : 'FAILED'}: ${name} ${args.join(' ')} (${Date.now() - started} ms)\n`)
  if (status !== 0) failed += 1
}
process.exit(failed === 0 ? 0 : 1)

// The whole suite in parts, as many beside each other as the machine has cores (two at most), each with a database of its
// own and all its files in one process. More parts than cores, so that none is left waiting for a long one. Each is shown
// when it ends; the last line counts all. A part ends when its tests have: a test that failed before it closed what it had
// opened is shown as failed, and does not hold the run up.
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { root } from './runtime.mjs'

const files = ['server/src/**/*.test.ts', 'web/src/**/*.test.ts']
const beside = Math.min(2, availableParallelism())
/** Of a part, in which a single test may take two minutes. */
const longestMs = 600_000
const shards = beside > 1 ? 5 : 1

/** Runs one part of the files; what it prints is kept together. */
const runShard = (shard) =>
  new Promise((resolve) => {
    const part = shards > 1 ? [`--test-shard=${shard}/${shards}`] : []
    const how = ['--test', '--test-isolation=none', '--test-force-exit', '--test-timeout=120000']
    const args = [...process.execArgv, ...how, ...part, ...files]
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
    const output = []
    child.stdout.on('data', (bytes) => output.push(bytes))
    const overdue = setTimeout(() => child.kill('SIGKILL'), longestMs)
    child.on('close', (code) => {
      clearTimeout(overdue)
      const text = Buffer.concat(output).toString()
      process.stdout.write(code === null ? `${text}\n(part ${shard} did not end and was killed)\n` : text)
      resolve({ code, text })
    })
  })

const waiting = Array.from({ length: shards }, (_, at) => at + 1)
const outcomes = []
const runInTurn = async () => {
  for (let shard = waiting.shift(); shard; shard = waiting.shift()) outcomes.push(await runShard(shard))
}
await Promise.all(Array.from({ length: beside }, runInTurn))
const count = (word) =>
  outcomes.reduce((sum, { text }) => sum + Number(new RegExp(`^(?:ℹ|#) ${word} (\\d+)$`, 'm').exec(text)?.[1] ?? 0), 0)
const [passed, skipped] = [count('pass'), count('skipped')]
// A run that ended without its counts has failed too, though no test says so.
const broken = outcomes.filter(({ code, text }) => code !== 0 && !/^(?:ℹ|#) fail [1-9]/m.test(text)).length
const failed = count('fail') + count('cancelled') + broken
process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)

// The whole suite in parts, as many beside each other as the machine has cores (two at most), each with a database of its
// own and all its files in one process. More parts than cores, so that none is left waiting for a long one. Ends with one
// line that counts all.
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { root } from './runtime.mjs'

const files = ['server/src/**/*.test.ts', 'web/src/**/*.test.ts']
const beside = Math.min(2, availableParallelism())
// On servers two parts: with five a run was seen that did not end, and the cause is not found yet.
const most = process.env.LYCEUM_TEST_SHAPE === 'server' ? 2 : 5
const shards = beside > 1 ? most : 1

/** Runs one part of the files; what it prints is kept together. */
const runShard = (shard) =>
  new Promise((resolve) => {
    const part = shards > 1 ? [`--test-shard=${shard}/${shards}`] : []
    const args = [...process.execArgv, '--test', '--test-isolation=none', '--test-timeout=120000', ...part, ...files]
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
    const output = []
    child.stdout.on('data', (bytes) => output.push(bytes))
    child.on('close', (code) => resolve({ code, text: Buffer.concat(output).toString() }))
  })

const waiting = Array.from({ length: shards }, (_, at) => at + 1)
const outcomes = []
const runInTurn = async () => {
  for (let shard = waiting.shift(); shard; shard = waiting.shift()) outcomes.push(await runShard(shard))
}
await Promise.all(Array.from({ length: beside }, runInTurn))
const count = (word) =>
  outcomes.reduce((sum, { text }) => sum + Number(new RegExp(`^(?:ℹ|#) ${word} (\\d+)$`, 'm').exec(text)?.[1] ?? 0), 0)
for (const { text } of outcomes) process.stdout.write(text)
const [passed, skipped] = [count('pass'), count('skipped')]
// A run that ended without its counts has failed too, though no test says so.
const broken = outcomes.filter(({ code, text }) => code !== 0 && !/^(?:ℹ|#) fail [1-9]/m.test(text)).length
const failed = count('fail') + count('cancelled') + broken
process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped} skipped\n`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)

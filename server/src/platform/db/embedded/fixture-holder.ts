/** A process that takes a lock at once or says why not, and then stays until it is killed. */
import { writeSync } from 'node:fs'
import { takeLock } from './lock.ts'

const [dir = ''] = process.argv.slice(2)
try {
  await takeLock(dir, `${dir}.lock`, 0)
  writeSync(1, `held ${process.pid}\n`)
} catch (error) {
  writeSync(1, `refused ${error instanceof Error ? error.message : error}\n`)
}
setInterval(() => {}, 60_000)

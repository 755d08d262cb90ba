import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { takeLock } from './lock.ts'
import { type Child, newPath, startChild, watchChild } from './testing.ts'

const held = async (dir: string): Promise<Child> => {
  const child = startChild('fixture-holder.ts', [dir])
  await child.printed(1)
  return child
}

const kill = async (child: Child): Promise<void> => {
  child.process.kill('SIGKILL')
  await child.exited
}

test('a second process is refused with a message that names the holder and the folder', async () => {
  const dir = newPath()
  const holder = await held(dir)
  await assert.rejects(takeLock(dir, `${dir}.lock`, 0), (error: Error) => {
    assert.match(error.message, new RegExp(`process ${holder.process.pid} since 20\\d\\d-`))
    assert.ok(error.message.includes(dir))
    assert.match(error.message, /Stop that process/)
    return true
  })
  await kill(holder)
})

test('the same process cannot take a folder twice, and can once it has let go', async () => {
  const dir = newPath()
  const unlock = await takeLock(dir, `${dir}.lock`, 0)
  await assert.rejects(takeLock(dir, `${dir}.lock`, 0), /in use by process/)
  unlock()
  assert.equal(existsSync(`${dir}.lock`), false)
  const unlockAgain = await takeLock(dir, `${dir}.lock`, 0)
  unlockAgain()
})

test('the lock of a process killed with -9 is taken over', async () => {
  const dir = newPath()
  await kill(await held(dir))
  const unlock = await takeLock(dir, `${dir}.lock`)
  assert.equal(JSON.parse(readFileSync(`${dir}.lock`, 'utf8')).pid, process.pid)
  unlock()
})

test('a holder that dies while we wait is succeeded', async () => {
  const dir = newPath()
  const holder = await held(dir)
  const waiting = takeLock(dir, `${dir}.lock`)
  await kill(holder)
  const unlock = await waiting
  unlock()
})

test('a zombie is dead', { skip: process.platform !== 'linux' && 'needs /proc' }, async () => {
  const dir = newPath()
  const program = new URL('./fixture-holder.ts', import.meta.url).pathname
  // `sleep` becomes the holder's parent and never collects it.
  const script = `"${process.execPath}" "${program}" "${dir}" & exec sleep 600`
  const parent = watchChild(spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit'] }))
  await parent.printed(1)
  const pid = Number(parent.lines[0]?.split(' ')[1])
  process.kill(pid, 'SIGKILL')
  const unlock = await takeLock(dir, `${dir}.lock`)
  assert.match(readFileSync(`/proc/${pid}/stat`, 'utf8'), /\) Z /)
  unlock()
  parent.process.kill('SIGKILL')
  await parent.exited
})

test('a living process with the dead holder’s pid does not keep the lock', {
  skip: process.platform !== 'linux',
}, async () => {
  const dir = newPath()
  writeFileSync(`${dir}.lock`, JSON.stringify({ pid: process.ppid, startTicks: 1, since: '2026-01-01T00:00:00.000Z' }))
  const unlock = await takeLock(dir, `${dir}.lock`, 0)
  unlock()
})

test('a lock file that cannot be read is taken over', async () => {
  const dir = newPath()
  writeFileSync(`${dir}.lock`, '')
  const unlock = await takeLock(dir, `${dir}.lock`, 0)
  unlock()
})

test('a lock that was taken over is not freed by its old holder', async () => {
  const dir = newPath()
  const unlock = await takeLock(dir, `${dir}.lock`, 0)
  writeFileSync(`${dir}.lock`, JSON.stringify({ pid: 1, startTicks: null, since: 'later' }))
  unlock()
  assert.equal(existsSync(`${dir}.lock`), true)
})

test('of four processes that want a dead holder’s folder one gets it', async () => {
  const dir = newPath()
  await kill(await held(dir))
  const rivals = await Promise.all([1, 2, 3, 4].map(() => held(dir)))
  const won = rivals.filter((rival) => rival.lines[0]?.startsWith('held'))
  assert.equal(won.length, 1)
  await Promise.all(rivals.map(kill))
})

/** How the process starts and ends: signals, a dead launcher, a second start on the same data, a start after a kill. */
import { readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { want } from './client.ts'
import { formOf, wordOf } from './material.ts'
import { expect, inTime, type Report, until } from './report.ts'
import {
  admin,
  endAll,
  killServer,
  membersOf,
  nothingLeft,
  root,
  type Server,
  type Settings,
  start,
  startServer,
  stopServer,
} from './server.ts'

const npmStart = ['npm', 'start', '--silent'] as const
const serve = [process.execPath, join(root, 'bin/lyceum.mjs'), 'serve'] as const

const logIn = ({ url }: Server): Promise<unknown> => want(200, url, '/auth/login', { method: 'POST', body: admin })

/** Starts it, and waits until its background work goes on too: until a file is read. */
const startAtWork = async (settings: Settings, command?: typeof npmStart): Promise<Server> => {
  const server = await startServer(settings, command)
  const { accessToken: token } = await want(200, server.url, '/auth/login', { method: 'POST', body: admin })
  const { job } = await want(202, server.url, '/documents', {
    method: 'POST',
    token,
    form: formOf('text', wordOf(Date.now() % 1_000_000)),
  })
  await until(
    'a file is read',
    async () => (await want(200, server.url, `/jobs/${job.id}`, { token })).state === 'done',
  )
  return server
}

export const checkLifecycle = async (report: Report, settings: Settings): Promise<void> => {
  /** What a check that failed leaves running must not fail the next one. */
  const check = async (name: string, run: () => Promise<unknown>): Promise<void> => {
    await report.check(name, run)
    await endAll()
  }
  await check('SIGTERM to npm: exit code 0, no process left', async () => {
    const server = await startAtWork(settings, npmStart)
    expect((await stopServer(server)) === 0, 'the exit code is not 0')
  })
  await check('SIGTERM to the whole group: exit code 0, no process left', async () => {
    const server = await startAtWork(settings)
    process.kill(-server.launcher, 'SIGTERM')
    expect((await inTime('the group ends', server.exit)) === 0, 'the exit code is not 0')
    await nothingLeft(server)
  })
  await check('SIGTERM with an idle connection open: ends all the same', async () => {
    const server = await startAtWork(settings)
    const { hostname, port } = new URL(server.url)
    // As browsers open one ahead of its use.
    const idle = connect(Number(port), hostname).on('error', () => undefined)
    await new Promise((resolve) => idle.once('connect', resolve))
    const startedAt = Date.now()
    expect((await stopServer(server)) === 0, 'the exit code is not 0')
    const seconds = (Date.now() - startedAt) / 1000
    idle.destroy()
    expect(seconds < 30, `it took ${seconds} s`)
    report.note(`with an idle connection it took ${seconds.toFixed(1)} s`)
  })
  await check('kill -9 of the launcher alone: the server ends by itself', async () => {
    const server = await startAtWork(settings)
    process.kill(server.launcher, 'SIGKILL')
    await inTime('the launcher is gone', server.exit)
    await nothingLeft(server)
  })
  await check('SIGTERM the moment it is ready: exit code 0, no process left', async () => {
    // Its background work is still beginning then; on new data that takes longest.
    for (const folder of ['', '-new', '', '-new-2']) {
      const server = await startServer({ ...settings, DATA_DIR: `${settings.DATA_DIR}${folder}` })
      expect((await stopServer(server)) === 0, 'the exit code is not 0')
    }
  })
  await check('SIGTERM while it starts: exit code 0, no process left', async () => {
    const { child, exit } = start(serve, settings)
    const launcher = child.pid ?? 0
    await inTime('the launcher has started its server', untilTwo(launcher))
    child.kill('SIGTERM')
    const code = await inTime('it ends', exit)
    await nothingLeft({ launcher })
    expect(code === 0, `the exit code is ${code}`)
  })
  await check('a second start on the same data is refused by name, and the first goes on', async () => {
    const server = await startAtWork(settings)
    const second = start(serve, settings)
    const code = await inTime('the second start ends', second.exit)
    expect(code !== 0, 'the second start ended with 0')
    const said = second.lines.join('\n')
    expect(said.includes(String(server.pid)) && said.includes('in use'), `it does not name who holds the data: ${said}`)
    await logIn(server)
    await killServer(server)
  })
  await check('a start after kill -9 works, on a folder that holds nothing half made', async () => {
    const server = await startAtWork(settings)
    await logIn(server)
    const stray = readdirSync(settings.DATA_DIR ?? '').filter((name) => name.includes('unpacking'))
    expect(stray.length === 0, `left over: ${stray.join(', ')}`)
    expect((await stopServer(server)) === 0, 'the exit code is not 0')
  })
}

const untilTwo = async (launcher: number): Promise<void> => {
  await until('launcher and server run', () => membersOf(launcher).length >= 2)
}

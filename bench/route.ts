/** A route with one scoped read (authenticated, row-level security) beside a bare Fastify route with the same statement. */
import { fork } from 'node:child_process'
import { join } from 'node:path'
import Fastify from 'fastify'
import pg from 'pg'
import type { Rows } from '../server/src/platform/db/driver.ts'
import { openTestApp } from '../server/src/testing/app.ts'
import { openTestDatabase, type TestDatabase } from '../server/src/testing/database.ts'
import { newPerson } from '../server/src/testing/people.ts'

const rounds = 4
const requests = 3000
const connections = 16

export const benchRoute = async (): Promise<void> => {
  process.stdout.write('| shape | bare us | ours us | ratio (least of 4 interleaved rounds) |\n|---|---|---|---|\n')
  await benchShape('embedded')
  if (process.env.LYCEUM_TEST_DATABASE_URL) await benchShape('server')
  else process.stdout.write('PostgreSQL: skipped, LYCEUM_TEST_DATABASE_URL is not set (scripts/services.sh)\n')
}

const benchShape = async (shape: 'embedded' | 'server'): Promise<void> => {
  process.env.LYCEUM_TEST_SHAPE = shape
  const database = await openTestDatabase(`lyceum_bench_${process.pid}`)
  const test = await openTestApp({
    database: { ...database, driver: { ...database.driver, close: async () => undefined } },
  })
  const ada = await newPerson(test)
  const { body } = await ada.upload('a.txt', 'A text to read.')
  const bare = await bareServer(database, body.job.id)
  const ours = { url: `${test.url}/api/v1/jobs/${body.job.id}`, authorization: `Bearer ${ada.token}` }
  const least = { bare: Number.POSITIVE_INFINITY, ours: Number.POSITIVE_INFINITY }
  for (let round = 0; round < rounds; round += 1) {
    least.bare = Math.min(least.bare, await cpuPerRequest({ url: bare.url, authorization: '' }))
    least.ours = Math.min(least.ours, await cpuPerRequest(ours))
  }
  process.stdout.write(
    `| ${shape} | ${least.bare.toFixed(0)} | ${least.ours.toFixed(0)} | ${(least.ours / least.bare).toFixed(2)} |\n`,
  )
  await bare.close()
  await test.close()
  await database.drop()
}

/** The least that a server can do: no check of anything, one statement, no transaction around it. */
const bareServer = async ({ admin, url }: TestDatabase, jobId: string) => {
  const http = Fastify()
  const pool = url ? new pg.Pool({ connectionString: superuserAt(url), max: 10 }) : null
  const read = pool
    ? async () => (await pool.query({ name: 'job', text: 'select * from jobs where id = $1', values: [jobId] })).rows[0]
    : async () => asObject(await admin.exec(`select * from jobs where id = '${jobId}'`))
  http.get('/', read)
  return {
    url: await http.listen({ host: '127.0.0.1', port: 0 }),
    close: async () => {
      await http.close()
      await pool?.end()
    },
  }
}

/** Past row-level security, which a bare server would not have. */
const superuserAt = (url: string): string => {
  const superuser = new URL(process.env.LYCEUM_TEST_SUPERUSER_URL ?? url)
  superuser.pathname = new URL(url).pathname
  return superuser.href
}

const asObject = ([found]: Rows[]): unknown => {
  const [row = []] = found?.rows ?? []
  return Object.fromEntries((found?.fields ?? []).map((name, at) => [name, row[at]]))
}

/** CPU microseconds of this process, its threads included, for each request that another process sends. */
const cpuPerRequest = async (target: { url: string; authorization: string }): Promise<number> => {
  await load(target, requests / 4)
  const before = process.cpuUsage()
  await load(target, requests)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / requests
}

const load = (target: { url: string; authorization: string }, count: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'load.ts'), [
      target.url,
      target.authorization,
      String(count),
      String(connections),
    ])
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error('the load failed'))))
  })

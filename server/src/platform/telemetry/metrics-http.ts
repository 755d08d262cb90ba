/** `/metrics` for who has the token of the settings; for everybody else there is nothing. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { FastifyInstance } from 'fastify'
import type { Database } from '../db/index.ts'
import { AppError } from '../errors.ts'
import { countJobs } from '../jobs/count.ts'
import type { Limits } from '../limits/index.ts'
import { linesOf, type Reading, type RequestMetrics } from './metrics.ts'

interface MetricsNeeds {
  db: Database
  limits: Limits
  requests: RequestMetrics
  /** Null: there are no metrics, and nothing is measured for them but the calls. */
  token: string | null
}

/** How often the event loop is looked at. */
const resolutionMs = 20

/** @returns the function that ends the measuring */
export const metricsHttp = (http: FastifyInstance, { db, limits, requests, token }: MetricsNeeds): (() => void) => {
  const delays = token === null ? null : monitorEventLoopDelay({ resolution: resolutionMs })
  delays?.enable()
  const readings = readingsOf({ db, limits, delays })
  http.get('/metrics', async (request, reply) => {
    if (token === null) throw new AppError('not_found', 'There is nothing at this address.')
    if (!isSame(request.headers.authorization ?? '', `Bearer ${token}`)) {
      throw new AppError('unauthenticated', 'Send METRICS_TOKEN as a bearer token.')
    }
    const lines = await Promise.all(readings.map(linesOf))
    return reply
      .header('cache-control', 'no-store')
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(`${[...requests.lines(), ...lines.flat()].join('\n')}\n`)
  })
  return () => void delays?.disable()
}

/** Takes as long whatever is wrong. */
const isSame = (given: string, wanted: string): boolean => timingSafeEqual(digestOf(given), digestOf(wanted))
const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest()

type Delays = ReturnType<typeof monitorEventLoopDelay>

interface Sources {
  db: Database
  limits: Limits
  delays: Delays | null
}

const readingsOf = ({ db, limits, delays }: Sources): Reading[] => [
  {
    name: 'lyceum_jobs',
    help: 'Jobs by state.',
    type: 'gauge',
    read: async () => (await countJobs(db)).map(({ state, count }) => ({ labels: { state }, value: count })),
  },
  {
    name: 'lyceum_database_sessions_in_use',
    help: 'Database sessions in use.',
    type: 'gauge',
    read: () => [{ value: db.load().inUse }],
  },
  {
    name: 'lyceum_database_waiting',
    help: 'Calls that wait for a database session.',
    type: 'gauge',
    read: () => [{ value: db.load().waiting }],
  },
  {
    name: 'lyceum_limits_refused_total',
    help: 'Calls refused by a limit.',
    type: 'counter',
    read: () => Object.entries(limits.refused()).map(([limit, value]) => ({ labels: { limit }, value })),
  },
  {
    name: 'lyceum_event_loop_lag_seconds',
    help: 'By how much timers were late since the start.',
    type: 'gauge',
    read: () => (delays ? lagsOf(delays) : []),
  },
  {
    name: 'process_resident_memory_bytes',
    help: 'Resident memory of the process.',
    type: 'gauge',
    read: () => [{ value: process.memoryUsage.rss() }],
  },
  {
    name: 'process_cpu_seconds_total',
    help: 'User and system time of the process.',
    type: 'counter',
    read: () => {
      const { user, system } = process.cpuUsage()
      return [{ value: (user + system) / 1e6 }]
    },
  },
]

const lagsOf = (delays: Delays) => {
  // Node measures from one look to the next, the pause between them included.
  const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e9 - resolutionMs / 1000)
  return [
    { labels: { quantile: '0.5' }, value: late(delays.percentile(50)) },
    { labels: { quantile: '0.99' }, value: late(delays.percentile(99)) },
    { labels: { quantile: '1' }, value: late(delays.max) },
  ]
}

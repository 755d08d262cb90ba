/** Whether the server lives, whether it serves, and what is away. */
import { type Health, healthRoutes } from '@lyceum/contract/health'
import type { FastifyInstance } from 'fastify'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/index.ts'
import type { Mount } from './mount.ts'

interface HealthNeeds {
  db: Database
  clock: Clock
  readonly redis: 'up' | 'down' | 'off'
}

export const healthHttp = (mount: Mount, http: FastifyInstance, needs: HealthNeeds): void => {
  mount(healthRoutes.health, () => readHealth(needs))
  // Probes of whoever runs the container; they answer without a version in their address.
  http.get('/health', () => readHealth(needs))
  http.get('/health/live', async () => ({ status: 'ok' }))
  for (const address of ['/health/ready', '/api/v1/health/ready', '/api/health/ready']) {
    http.get(address, async (_request, reply) => {
      const health = await readHealth(needs)
      return reply.code(health.database === 'up' ? 200 : 503).send(health)
    })
  }
}

/** Redis is not essential: without it jobs wait for the sweep and live events go through the database. */
const readHealth = async ({ db, clock, redis }: HealthNeeds): Promise<Health> => {
  const database = await db.ping().then(
    () => 'up' as const,
    () => 'down' as const,
  )
  const status = database === 'down' ? 'down' : redis === 'down' ? 'degraded' : 'ok'
  return { status, service: 'lyceum', timestamp: clock.now().toISOString(), database, redis }
}

import { z } from 'zod'
import { Timestamp } from './ids.ts'
import { json, route } from './route.ts'

const Up = z.enum(['up', 'down', 'off'])
export const Health = z.object({
  status: z.enum(['ok', 'degraded', 'down']),
  service: z.literal('lyceum'),
  timestamp: Timestamp,
  database: Up,
  redis: Up,
})
export type Health = z.infer<typeof Health>

const probe = { method: 'GET', auth: 'anyone', scope: 'account', limit: 'none' } as const
export const healthRoutes = {
  health: route({
    ...probe,
    id: 'getHealth',
    path: '/health',
    summary: 'What works and what does not',
    reply: json(Health),
  }),
}

import { z } from 'zod'
import { ById, Id } from './ids.ts'
import { json, route } from './route.ts'

export const JobState = z.enum(['queued', 'running', 'done', 'failed', 'cancelled'])
export const Failure = z.object({ code: z.string(), message: z.string() })
export type Failure = z.infer<typeof Failure>

/** Long work: the answer 202 names it, and it is read until `state` is final. */
export const Job = z.object({
  id: Id,
  kind: z.string(),
  state: JobState,
  percent: z.int().min(0).max(100),
  /** What it is doing now, such as `parsing`. */
  step: z.string().nullable(),
  /** How much of the step is done, where it can be counted. */
  progress: z.object({ done: z.int(), total: z.int(), unit: z.enum(['page']) }).optional(),
  result: z.record(z.string(), z.unknown()).optional(),
  failure: Failure.optional(),
})
export type Job = z.infer<typeof Job>

export const jobsRoutes = {
  get: route({
    id: 'getJob',
    method: 'GET',
    path: '/jobs/:id',
    auth: 'signed_in',
    scope: 'documents:read',
    // Who shows progress asks each second, for each file: that must not use up what the person may ask otherwise.
    limit: 'none',
    summary: 'State of a piece of long work',
    params: ById,
    reply: json(Job),
  }),
}

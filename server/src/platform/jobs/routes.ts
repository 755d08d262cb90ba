import { type Job, jobsRoutes } from '@lyceum/contract/jobs'
import type { Database } from '../db/index.ts'
import { AppError } from '../errors.ts'
import type { Mount } from '../http/mount.ts'
import { findJob, type JobRow } from './index.ts'

export const jobsHttp = (mount: Mount, { db }: { db: Database }): void => {
  mount(jobsRoutes.get, async ({ actor, params }) => {
    const job = await findJob(db, actor, params.id)
    if (!job) throw new AppError('job_not_found', 'There is no such job.')
    return presentJob(job)
  })
}

const presentJob = ({ id, kind, state, percent, step, progress, result, failure }: JobRow): Job => ({
  id,
  kind,
  state,
  percent,
  step,
  ...(progress && { progress }),
  ...(result && { result }),
  ...(failure && { failure }),
})

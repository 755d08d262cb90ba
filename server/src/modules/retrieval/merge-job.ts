/** Merging as background work: asked for by whoever changed the index. */
import { z } from 'zod'
import { type Actor, scopeOf } from '#platform/actor.ts'
import type { AfterCommit, Database, Db } from '#platform/db/index.ts'
import type { JobKind, Jobs } from '#platform/jobs/index.ts'
import { isMergeDue, mergeAudience } from './merge.ts'

const Merge = z.object({ audienceId: z.uuid() })
type Merge = z.infer<typeof Merge>

const mergeKind = { kind: 'index.merge', payload: Merge } as const

export const createMergeKind = ({ db }: { db: Database }): JobKind<Merge> => ({
  ...mergeKind,
  concurrency: 1,
  attempts: 3,
  run: ({ actor, payload, signal }) => mergeAudience(db, { scope: scopeOf(actor), ...payload }, signal),
})

/** Has an audience's segments merged when that is due, after the caller's transaction has changed them. */
export const askForMerge = async (
  db: Db,
  after: AfterCommit,
  { jobs, actor, audienceId, now }: { jobs: Jobs; actor: Actor; audienceId: string; now: Date },
): Promise<void> => {
  if (!(await isMergeDue(db, { institutionId: actor.institutionId, audienceId }))) return
  await jobs.add(db, after, mergeKind, { actor, payload: { audienceId }, now })
}

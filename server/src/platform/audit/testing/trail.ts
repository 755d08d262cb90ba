/** The trail as it really lies in the database, and a driver that counts what it is asked. */
import type { Driver } from '#platform/db/driver.ts'
import type { TestApp } from '#testing/app.ts'

export interface SeenEntry {
  id: string
  institution: string
  person: string | null
  action: string
  metadata: Record<string, unknown>
  requestId: string
}

/** All entries, oldest first, past row-level security. */
export const readEntries = async ({ admin }: Pick<TestApp, 'admin'>): Promise<SeenEntry[]> => {
  const [found] = await admin.exec(
    `select id, institution_id, person_id, action, metadata::text, request_id from audit_entries order by at, id`,
  )
  return (found?.rows ?? []).map(([id, institution, person, action, metadata, requestId]) => ({
    id: String(id),
    institution: String(institution),
    person: person === null ? null : String(person),
    action: String(action),
    metadata: JSON.parse(String(metadata)),
    requestId: String(requestId),
  }))
}

/** Statements in open transactions, and in flights of their own. */
export const countingDriver = (driver: Driver): { driver: Driver; counts: { queried: number; batched: number } } => {
  const counts = { queried: 0, batched: 0 }
  return {
    counts,
    driver: {
      ...driver,
      transaction: (prelude, run) =>
        driver.transaction(prelude, (session) =>
          run({
            query: (text, params) => {
              counts.queried += 1
              return session.query(text, params)
            },
          }),
        ),
      batch: (prelude, statements) => {
        counts.batched += statements.length
        return driver.batch(prelude, statements)
      },
    },
  }
}

import { auditRoutes } from '@lyceum/contract/audit'
import type { Actor } from '../actor.ts'
import type { Database } from '../db/index.ts'
import type { Mount } from '../http/mount.ts'
import type { Audit, Verdict } from './index.ts'
import { exportAudit, listAudit } from './list.ts'

export const auditHttp = (mount: Mount, needs: { db: Database; audit: Audit }): void => {
  mount(auditRoutes.list, ({ actor, query }) =>
    query.format ? exportAudit(needs, actor, query) : listAudit(needs, actor, query),
  )
  mount(auditRoutes.check, async ({ actor }) => presentVerdict(await needs.audit.verify(), actor))
}

/** The chain is one for all institutions; what stands in it elsewhere is not told. */
const presentVerdict = ({ entries, faults }: Verdict, { institutionId }: Actor) => {
  const [first] = faults
  return {
    ok: faults.length === 0,
    entries: entries.get(institutionId) ?? 0,
    ...(first && {
      firstFault: {
        kind: first.kind,
        position: first.position,
        entryId: first.institutionId === institutionId ? first.entryId : null,
      },
    }),
  }
}

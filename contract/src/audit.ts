import { z } from 'zod'
import { Id, Timestamp } from './ids.ts'
import { PageQuery, pageOf } from './pages.ts'
import { json, jsonOrFile, route } from './route.ts'

/** One thing that was done. Texts of people are never in it. */
export const AuditItem = z.object({
  timestamp: Timestamp,
  serviceName: z.string(),
  /** Who did it; null for somebody who was not signed in. */
  userId: Id.nullable(),
  action: z.string(),
  /** Ids, numbers and codes. */
  metadata: z.record(z.string(), z.unknown()),
  requestId: z.string(),
  id: Id,
  /** Address, device and the like; null when there is none, and once the person is forgotten. */
  personal: z.record(z.string(), z.string()).nullable(),
})
export type AuditItem = z.infer<typeof AuditItem>

export const AuditQuery = PageQuery.extend({
  action: z.string().min(1).max(100).optional(),
  userId: Id.optional(),
  /** From this moment on. */
  from: Timestamp.optional(),
  /** Before this moment. */
  to: Timestamp.optional(),
  /** All that the filter lets through, as a file; `limit` does not count then. */
  format: z.enum(['csv', 'jsonl']).optional(),
})
export type AuditQuery = z.infer<typeof AuditQuery>

const AuditCheck = z.object({
  ok: z.boolean(),
  /** Entries of the institution that were held against the chain. */
  entries: z.int(),
  firstFault: z
    .object({
      kind: z.enum(['entry_changed', 'entry_removed', 'link_changed', 'link_removed', 'end_removed', 'entry_unlinked']),
      /** Place in the chain, from 1. */
      position: z.int().nullable(),
      /** Null when it is not of this institution. */
      entryId: Id.nullable(),
    })
    .optional(),
})

const admin = { auth: 'admin', scope: 'admin' } as const
export const auditRoutes = {
  list: route({
    ...admin,
    id: 'listAudit',
    method: 'GET',
    path: '/admin/audit',
    audit: 'audit.read',
    summary: 'What was done in the institution, newest first; as a file with `format`',
    query: AuditQuery,
    reply: jsonOrFile(pageOf(AuditItem)),
  }),
  check: route({
    ...admin,
    id: 'checkAudit',
    method: 'GET',
    path: '/admin/audit/check',
    audit: 'audit.checked',
    summary: 'Whether the trail is as it was written',
    reply: json(AuditCheck),
  }),
}

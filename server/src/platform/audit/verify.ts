/** Walks the chain from its beginning and says what in it is not as it was written. */
import { and, asc, eq, gt, isNull, lt } from 'drizzle-orm'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/index.ts'
import { form, linkOf, macOf } from './entry.ts'
import { type Head, readHead } from './head.ts'
import { noLink } from './linker.ts'
import { type AuditEntryRow, auditEntries, auditLinks } from './tables.ts'

export type FaultKind =
  /** An entry is not what was written. */
  | 'entry_changed'
  /** A link has no entry any more. */
  | 'entry_removed'
  /** A link is not the one that was made, or stands in another place. */
  | 'link_changed'
  /** A place in the chain is empty. */
  | 'link_removed'
  /** What stood at the end once is not there. */
  | 'end_removed'
  /** An entry was not put into the chain in time. */
  | 'entry_unlinked'

export interface Fault {
  kind: FaultKind
  /** Place in the chain, from 1; null for an entry without one. */
  position: number | null
  entryId: string | null
  institutionId: string | null
}

export interface Verdict {
  /** Entries seen, by institution. */
  entries: Map<string, number>
  links: number
  /** The first ones, in the order of the chain. */
  faults: Fault[]
  faultCount: number
  /** Without it a cut at the end does not show. */
  hasHead: boolean
}

export interface VerifyNeeds {
  db: Database
  clock: Pick<Clock, 'now'>
  key: Buffer
  dataDir: string
}

const atATime = 1000
const shownAtMost = 20
/** Entries are linked within a second; what is older was left out. */
const linkedWithinMs = 60_000

interface Walk {
  key: Buffer
  verdict: Verdict
  position: number
  previous: Buffer
  head: Head | null
  isHeadSeen: boolean
}

/** Reads in batches, each a transaction of its own: others get their turn between them. */
export const verifyChain = async ({ db, clock, key, dataDir }: VerifyNeeds): Promise<Verdict> => {
  // Read first: what is linked meanwhile only adds to it.
  const head = readHead(dataDir)
  const verdict: Verdict = { entries: new Map(), links: 0, faults: [], faultCount: 0, hasHead: head !== null }
  const walk: Walk = { key, verdict, position: 0, previous: noLink, head, isHeadSeen: head === null }
  for (;;) {
    const steps = await readSteps(db, walk.position)
    for (const step of steps) takeStep(walk, step)
    if (steps.length < atATime) break
  }
  const missing = head?.lost ?? (walk.isHeadSeen ? null : head)
  if (missing) complain(verdict, { kind: 'end_removed', position: missing.position })
  await findUnlinked(db, new Date(clock.now().getTime() - linkedWithinMs), verdict)
  return verdict
}

interface Step {
  link: typeof auditLinks.$inferSelect
  entry: AuditEntryRow | null
}

const readSteps = (db: Database, after: number): Promise<Step[]> =>
  db.door((db) =>
    db
      .select({ link: auditLinks, entry: auditEntries })
      .from(auditLinks)
      .leftJoin(auditEntries, eq(auditEntries.id, auditLinks.entryId))
      .where(gt(auditLinks.position, after))
      .orderBy(asc(auditLinks.position))
      .limit(atATime),
  )

const takeStep = (walk: Walk, { link, entry }: Step): void => {
  const { key, verdict, head } = walk
  const { position, hash, entryId, institutionId } = link
  const here = { position, entryId, institutionId }
  const isNext = position === walk.position + 1
  if (!isNext) complain(verdict, { kind: 'link_removed', position: walk.position + 1 })
  if (!entry) complain(verdict, { ...here, kind: 'entry_removed' })
  else if (!macOf(key, entry).equals(entry.mac)) complain(verdict, { ...here, kind: 'entry_changed' })
  else if (isNext && !isRightLink(walk, link, entry)) complain(verdict, { ...here, kind: 'link_changed' })
  if (entry) countEntry(verdict, entry.institutionId)
  verdict.links += 1
  if (position === head?.position && hash.toString('hex') === head.hash) walk.isHeadSeen = true
  // Goes on from what stands there, so that one fault is told once.
  walk.position = position
  walk.previous = hash
}

const isRightLink = ({ key, previous }: Walk, link: Step['link'], entry: AuditEntryRow): boolean =>
  link.form === form &&
  link.institutionId === entry.institutionId &&
  linkOf(key, { position: link.position, previous }, entry).equals(link.hash)

const countEntry = ({ entries }: Verdict, institutionId: string): void => {
  entries.set(institutionId, (entries.get(institutionId) ?? 0) + 1)
}

const complain = (verdict: Verdict, fault: Partial<Fault> & Pick<Fault, 'kind'>): void => {
  verdict.faultCount += 1
  if (verdict.faults.length < shownAtMost)
    verdict.faults.push({ position: null, entryId: null, institutionId: null, ...fault })
}

/** @param before younger ones may still get theirs */
const findUnlinked = async (db: Database, before: Date, verdict: Verdict): Promise<void> => {
  const found = await db.door((db) =>
    db
      .select({ entryId: auditEntries.id, institutionId: auditEntries.institutionId })
      .from(auditEntries)
      .leftJoin(auditLinks, eq(auditLinks.entryId, auditEntries.id))
      .where(and(isNull(auditLinks.entryId), lt(auditEntries.at, before)))
      .orderBy(asc(auditEntries.at), asc(auditEntries.id))
      .limit(atATime),
  )
  for (const fault of found) {
    countEntry(verdict, fault.institutionId)
    complain(verdict, { ...fault, kind: 'entry_unlinked' })
  }
}

/** Puts entries into the chain a moment after they were written, so that they need not queue behind one another. */
import { and, asc, desc, eq, gte, notExists, sql } from 'drizzle-orm'
import type { Clock } from '../clock.ts'
import { type Database, type Db, rows } from '../db/index.ts'
import type { Logger } from '../telemetry/log.ts'
import { form, linkOf } from './entry.ts'
import { type Head, readHead, writeHead } from './head.ts'
import { type AuditEntryRow, auditEntries, auditLinks } from './tables.ts'

export interface LinkerNeeds {
  db: Database
  clock: Clock
  log: Logger
  key: Buffer
  dataDir: string
}

export interface Linker {
  /** An entry was written: it is linked soon. */
  soon(): void
  /** Links what is there without a link. @param lookBackMs how much older than the chain's end it may be; null for all */
  link(lookBackMs: number | null): Promise<void>
  /** Links what is left. Afterwards nothing is done any more. */
  stop(): Promise<void>
}

const pauseMs = 250
/** Longer than a transaction lasts: a statement is ended after 30 s. What is later still is the sweep's. */
const usualDelayMs = 120_000
/** Others get their turn after each batch. */
const atATime = 200
/** Any fixed number; every process of this product takes the same one. */
const lockKey = 7_238_115
export const noLink = Buffer.alloc(32)

export const createLinker = (needs: LinkerNeeds): Linker => {
  let stopWaiting: (() => void) | null = null
  let underWay: Promise<void> = Promise.resolve()
  let stopped = false

  const link = (lookBackMs: number | null): Promise<void> => {
    underWay = underWay.then(async () => {
      if (!(await linkAll(needs, lookBackMs))) soon()
    })
    underWay = underWay.catch((error) => needs.log.error({ err: error }, 'audit entries could not be linked'))
    return underWay
  }
  const soon = (): void => {
    if (stopWaiting || stopped) return
    stopWaiting = needs.clock.after(pauseMs, () => {
      stopWaiting = null
      void link(usualDelayMs)
    })
  }
  return {
    soon,
    link,
    stop: async () => {
      if (stopped) return underWay
      const isLeft = stopWaiting !== null
      stopWaiting?.()
      stopped = true
      await (isLeft ? link(usualDelayMs) : underWay)
    },
  }
}

/** Batch after batch; false when another process is at it. */
const linkAll = async (needs: LinkerNeeds, lookBackMs: number | null): Promise<boolean> => {
  for (;;) {
    const done = await linkBatch(needs, lookBackMs)
    if (done === null) return false
    if (done.head) await writeHead(needs.dataDir, done.head)
    if (done.count < atATime) return true
  }
}

interface Batch {
  count: number
  /** What the head is from now on; null when nothing changed. */
  head: Head | null
}

/** One transaction. The lock is the transaction's, so that a pooler is safe. Null when another process holds it. */
const linkBatch = (needs: LinkerNeeds, lookBackMs: number | null): Promise<Batch | null> =>
  needs.db.door(async (db) => {
    const [lock] = await rows<{ isMine: boolean }>(db, sql`select pg_try_advisory_xact_lock(${lockKey}) as "isMine"`)
    if (!lock?.isMine) return null
    const end = await readEnd(db)
    const lost = await findLost(needs, db, end)
    const found = await findUnlinked(db, sinceOf(needs, end, lookBackMs))
    const links = chain(needs.key, end, found)
    const last = links.at(-1)
    if (last) await insertLinks(db, links)
    const head = last ?? (lost && end)
    return { count: links.length, head: head && { position: head.position, hash: head.hash.toString('hex'), lost } }
  })

interface End {
  position: number
  hash: Buffer
  at: Date | null
}

/** The last link, with the time of its entry. */
const readEnd = async (db: Db): Promise<End> => {
  const [end] = await db
    .select({ position: auditLinks.position, hash: auditLinks.hash, at: auditEntries.at })
    .from(auditLinks)
    .leftJoin(auditEntries, eq(auditEntries.id, auditLinks.entryId))
    .orderBy(desc(auditLinks.position))
    .limit(1)
  return end ?? { position: 0, hash: noLink, at: null }
}

/**
 * The link that the head names, when the chain has it no longer: its end was cut off, and the chain is about to grow
 * over the place. That is kept for good, as afterwards nothing else would show it.
 */
const findLost = async ({ dataDir, clock, log }: LinkerNeeds, db: Db, end: End): Promise<Head['lost']> => {
  const known = readHead(dataDir)
  if (!known || known.lost) return known?.lost ?? null
  const { position, hash } = known
  const there = position === end.position ? end.hash : await readHash(db, position)
  if (there?.toString('hex') === hash) return null
  log.error({ position }, 'the end of the audit trail was cut off; run: lyceum audit verify')
  return { position, hash, foundAt: clock.now().toISOString() }
}

/** The entry that the chain ends with. */
export const readLastLinked = async (db: Database): Promise<AuditEntryRow | undefined> => {
  const [last] = await db.door((db) =>
    db
      .select({ entry: auditEntries })
      .from(auditLinks)
      .innerJoin(auditEntries, eq(auditEntries.id, auditLinks.entryId))
      .orderBy(desc(auditLinks.position))
      .limit(1),
  )
  return last?.entry
}

const readHash = async (db: Db, position: number): Promise<Buffer | undefined> => {
  const [link] = await db.select({ hash: auditLinks.hash }).from(auditLinks).where(eq(auditLinks.position, position))
  return link?.hash
}

/** The clock of another machine may be ahead: what is old here is never young for it. */
const sinceOf = ({ clock }: LinkerNeeds, { at }: End, lookBackMs: number | null): Date | null =>
  at && lookBackMs !== null ? new Date(Math.min(at.getTime(), clock.now().getTime()) - lookBackMs) : null

const findUnlinked = (db: Db, since: Date | null): Promise<AuditEntryRow[]> =>
  db
    .select()
    .from(auditEntries)
    .where(
      and(
        since ? gte(auditEntries.at, since) : undefined,
        notExists(db.select({ one: sql`1` }).from(auditLinks).where(eq(auditLinks.entryId, auditEntries.id))),
      ),
    )
    .orderBy(asc(auditEntries.at), asc(auditEntries.id))
    .limit(atATime)

type Link = typeof auditLinks.$inferSelect

const chain = (key: Buffer, end: End, entries: readonly AuditEntryRow[]): Link[] => {
  let { position, hash } = end
  return entries.map((entry) => {
    position += 1
    hash = linkOf(key, { position, previous: hash }, entry)
    return { position, entryId: entry.id, institutionId: entry.institutionId, form, hash }
  })
}

/** Five lists instead of five values a row: a batch holds the one session of the embedded database for less time. */
const insertLinks = async (db: Db, links: readonly Link[]): Promise<void> => {
  const list = <T>(read: (link: Link) => T) => sql.param(links.map(read))
  await db.execute(sql`insert into audit_links (position, entry_id, institution_id, form, hash)
    select * from unnest(
      ${list(({ position }) => position)}::bigint[],
      ${list(({ entryId }) => entryId)}::uuid[],
      ${list(({ institutionId }) => institutionId)}::uuid[],
      ${list(({ form }) => form)}::int[],
      ${list(({ hash }) => hash)}::bytea[])`)
}

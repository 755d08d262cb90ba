/** Reading a journal as it grows: from memory when its producer is in this process, else from the database when told of news. */
import type { Bus } from '../bus/index.ts'
import type { Clock } from '../clock.ts'
import type { Database, Scope } from '../db/index.ts'
import { AppError } from '../errors.ts'
import type { ServerEvent } from '../http/events.ts'
import { asEvent, entriesStatement } from './entries.ts'

interface News {
  events: ServerEvent[]
  closed: boolean
  /** There is nothing new in it for who has read so far. */
  upTo?: number
  /** The server goes down: the reader is cut off and resumes elsewhere. */
  interrupted?: true
}

/** The stream ends here, but not the journal. */
export class StreamInterrupted extends AppError {
  constructor() {
    super('shutting_down', 'The server is shutting down; what was asked for goes on after it.', {
      retryAfterSeconds: 5,
    })
  }
}

/** News that says no more than: look. */
const hint: News = { events: [], closed: false }
const farewell: News = { ...hint, interrupted: true }
/** In the place of a number of an entry: nobody has read beyond it, so everybody looks. */
const theEnd = Number.MAX_SAFE_INTEGER

/** Hands what was just written to the readers of this process, and tells the other processes that there is something. */
export interface Hub {
  deliver(id: string, events: ServerEvent[], closed: boolean): void
  /** `news` without events means: look into the database. */
  listen(id: string, hear: (news: News) => void): () => void
  /** Cuts every reader off. */
  interrupt(): void
}

export const createHub = (bus: Bus): Hub => {
  const readers = new Map<string, Set<(news: News) => void>>()
  let interrupted = false
  const tell = (id: string, news: News): void => {
    for (const hear of readers.get(id) ?? []) hear(news)
  }
  // Also hears what this process published, which its readers have by then.
  bus.subscribe('journal.grown', ({ id, version }) => tell(id, { ...hint, upTo: version }))
  return {
    deliver: (id, events, closed) => {
      tell(id, { events, closed })
      if (bus.isShared) bus.publish('journal.grown', { id, version: closed ? theEnd : (events.at(-1)?.id ?? 0) })
    },
    listen: (id, hear) => {
      const set = readers.get(id) ?? new Set()
      readers.set(id, set.add(hear))
      if (interrupted) hear(farewell)
      return () => {
        set.delete(hear)
        if (set.size === 0) readers.delete(id)
      }
    },
    interrupt: () => {
      interrupted = true
      for (const id of [...readers.keys()]) tell(id, farewell)
    },
  }
}

interface TailNeeds {
  db: Database
  bus: Bus
  clock: Clock
  hub: Hub
}

interface TailFrom {
  id: string
  lastSeq: number
}

/** What stands in the journal after `lastSeq` and what comes; null when there is no such journal in reach. */
export const tailJournal = async (
  needs: TailNeeds,
  scope: Scope,
  from: TailFrom,
): Promise<AsyncIterable<ServerEvent[]> | null> => {
  // Listening begins before the first look, so that nothing falls between the two.
  const tail = openTail(needs, scope, from)
  const first = await look(needs.db, scope, from.id, from.lastSeq).catch((error) => {
    tail.leave()
    throw error
  })
  if (!first) {
    tail.leave()
    return null
  }
  return tail.read(first)
}

/** As `tailJournal`, for one that is so new that nothing stands in it. */
export const tailNewJournal = (needs: TailNeeds, scope: Scope, id: string): AsyncIterable<ServerEvent[]> =>
  openTail(needs, scope, { id, lastSeq: 0 }).read({ events: [], closed: false })

/** Listens from now on. */
const openTail = (needs: TailNeeds, scope: Scope, { id, lastSeq }: TailFrom) => {
  const inbox = createInbox()
  const stopListening = needs.hub.listen(id, inbox.push)
  const stopPolling = startPolling(needs, inbox)
  const leave = (): void => {
    stopListening()
    stopPolling()
    inbox.close()
  }
  const read = (first: News): AsyncIterable<ServerEvent[]> => {
    const events = readOn(inbox, { first, lastSeq, look: (last) => look(needs.db, scope, id, last) })
    return {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          const step = await events.next().catch((error) => {
            leave()
            throw error
          })
          if (step.done) leave()
          return step
        },
        return: async () => {
          leave()
          return { done: true, value: undefined }
        },
      }),
    }
  }
  return { read, leave }
}

/** How often to look when news may not reach this process. */
const pollMs = 500
/** Looks in a row that a reader may be spared while the bus says that it reaches all; one message may still be lost. */
const sparedLooks = 10

const startPolling = ({ bus, clock }: TailNeeds, inbox: ReturnType<typeof createInbox>): (() => void) => {
  if (!bus.isShared && bus.reachesAll()) return () => undefined
  let spared = 0
  return clock.every(pollMs, () => {
    spared = bus.reachesAll() && spared < sparedLooks ? spared + 1 : 0
    if (spared === 0) inbox.push(hint)
  })
}

/** A queue of news with one reader, who waits; null when it is closed. */
const createInbox = () => {
  const waiting: News[] = []
  let closed = false
  let wake = (): void => undefined
  return {
    push: (news: News): void => {
      waiting.push(news)
      wake()
    },
    close: (): void => {
      closed = true
      wake()
    },
    take: async (): Promise<News | null> => {
      while (waiting.length === 0 && !closed) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      return closed ? null : (waiting.shift() ?? null)
    },
  }
}

interface Reading {
  first: News
  lastSeq: number
  look(last: number): Promise<News | null>
}

const readOn = async function* (
  inbox: ReturnType<typeof createInbox>,
  { first, lastSeq, look }: Reading,
): AsyncGenerator<ServerEvent[]> {
  let last = lastSeq
  for (let news: News | null = first; news; news = await nextNews(inbox, () => look(last))) {
    const from = last
    const fresh = news.events.filter((event) => event.id > from)
    last = fresh.at(-1)?.id ?? last
    if (fresh.length > 0) yield fresh
    if (news.closed) return
  }

  /** What does not join on to what was read is in the database whole. */
  async function nextNews({ take }: typeof inbox, lookAgain: () => Promise<News | null>): Promise<News | null> {
    let news = await take()
    while (news?.upTo !== undefined && news.upTo <= last) news = await take()
    if (news?.interrupted) throw new StreamInterrupted()
    return !news || news.events.some((event) => event.id <= last + 1) ? news : lookAgain()
  }
}

/** What is written after `last`, and whether more can come. Null when the journal is not in reach. */
const look = async (db: Database, scope: Scope, id: string, last: number): Promise<News | null> => {
  // First whether it is closed, then the entries: in the other order an end could slip between.
  const [[journal] = [], entries = []] = await db.batch(scope, [
    {
      text: 'select closed_at is not null as "isClosed" from journals where id = $1 and institution_id = $2',
      params: [id, scope.institutionId],
    },
    entriesStatement(id, last),
  ])
  return journal ? { events: entries.map(asEvent), closed: journal.isClosed === true } : null
}

import type { Embedder } from '#modules/engines'
import type { RowCache } from '#modules/retrieval'
import type { Actor } from '#platform/actor.ts'
import type { Audit } from '#platform/audit/index.ts'
import type { Bus } from '#platform/bus/index.ts'
import type { Clock } from '#platform/clock.ts'
import type { Database } from '#platform/db/index.ts'
import type { Jobs } from '#platform/jobs/index.ts'
import type { Storage } from '#platform/storage/index.ts'
import type { Logger } from '#platform/telemetry/log.ts'

export type SearchStage = 'lexical' | 'vector' | 'rerank'

export interface KnowledgeNeeds {
  db: Database
  bus: Bus
  jobs: Jobs
  storage: Storage
  audit: Audit
  clock: Clock
  log: Logger
  parsing: { maxPages: number; memoryLimitMb: number; timeLimitMs: number }
  /** Room for what one person keeps. */
  quotaBytes: number
  /** Without it search is by words alone. */
  embedder?: Embedder | undefined
  /** What takes part in a search; all that there is when left out. */
  stages?: readonly SearchStage[]
  /** Keeps what questions read of the index; without it each reads anew. */
  rowCache?: RowCache | undefined
  /** Whether a conversation is the actor's own; conversations belong to a module above this one. */
  isOwnConversation(actor: Actor, conversationId: string): Promise<boolean>
}

import type { Audit } from '#platform/audit/index.ts'
import type { Bus } from '#platform/bus/index.ts'
import type { Clock } from '#platform/clock.ts'
import type { Database } from '#platform/db/index.ts'
import type { Journals } from '#platform/journal/index.ts'
import type { Logger } from '#platform/telemetry/log.ts'
import type { Tutor } from './tutor.ts'

export interface ChatNeeds {
  db: Database
  bus: Bus
  journals: Journals
  audit: Audit
  clock: Clock
  log: Logger
  tutor: Tutor
  /** What becomes of a model's sentences that no source bears out. */
  unsupportedSentences: 'withhold' | 'mark'
}

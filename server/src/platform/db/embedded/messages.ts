/** What the main thread and the database's thread say to each other. Answers come in the order of the questions. */

export interface ThreadSettings {
  dir: string | null
}

export type ToThread = { kind: 'run'; bytes: Uint8Array } | { kind: 'close' }

export type FromThread =
  | { kind: 'ready' }
  | { kind: 'reply'; bytes: Uint8Array; syncs: number }
  /** PGlite itself failed; the thread is of no more use. */
  | { kind: 'broken'; message: string }
  | { kind: 'closed' }

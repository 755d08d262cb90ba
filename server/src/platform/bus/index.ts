/** Live events between parts of the server, and between processes when there is Redis. Published after commit; never the truth. */

/** What changed: the row and its version. Readers fetch it themselves, under their own rights. */
export interface BusEvent {
  id: string
  version: number
}
export type Topic = 'session.ended' | 'job.changed' | 'document.changed' | 'journal.grown' | 'turn.stopped'

export interface Bus {
  /** Whether there may be other processes to tell. */
  readonly isShared: boolean
  publish(topic: Topic, event: BusEvent): void
  /** Gives the function that ends the subscription. */
  subscribe(topic: Topic, listener: (event: BusEvent) => void): () => void
  /** Whether what is published now reaches every process: only then may anything be kept in memory on its word. */
  reachesAll(): boolean
  close(): Promise<void>
}

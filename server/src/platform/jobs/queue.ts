/** What wakes workers. The rows decide: a wake-up that is lost or comes twice does no harm. */

/** Enough to claim a job under its owner's scope. */
export interface Wake {
  id: string
  institutionId: string
  personId: string
  /** Since when it is free to take. Freed again it is another wake-up; told twice of the same moment it is the same one. */
  freeSinceMs: number
}

/** Brings wake-ups to workers, of this process alone (`memory.ts`) or of any (`redis.ts`). At least once, or not at all. */
export interface Queue {
  wake(kind: string, wake: Wake): Promise<void>
  /** Starts calling `work` for wake-ups of a kind, `concurrency` at a time in this process. */
  listen(kind: string, concurrency: number, work: (wake: Wake) => Promise<void>): Promise<void>
  /** Takes no more wake-ups in this process and leaves them to others; those that are being worked on go on. */
  pause(): void
  close(): Promise<void>
}

/** Names a wake-up: the same job that came free at the same moment. */
export const keyOf = ({ id, freeSinceMs }: Wake): string => `${id}.${freeSinceMs}`

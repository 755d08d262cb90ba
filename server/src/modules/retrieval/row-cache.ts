/** Posting rows in memory, the latest used of them. */

/**
 * What a segment's rows hold. A segment is written once and never changed, and its number never given again, so that
 * nothing kept here grows stale; which segments somebody may read is asked of the database for each question.
 */
export interface RowCache {
  /** Undefined when the row is not kept, null when the segment has none for the bucket. */
  get: (segmentId: number, bucket: number) => Uint8Array | null | undefined
  keep: (segmentId: number, bucket: number, row: Uint8Array | null) => void
}

/** Some ten questions to a whole index of 50,000 chunks, or some hundred to a document. */
const defaultBytes = 32_000_000
/** What an entry takes beside its bytes. */
const entryBytes = 100
/** More than any bucket has (`bitsFor` in segment.ts), so that segment and bucket make one number. */
const mostBuckets = 1 << 14

export const createRowCache = (mostBytes = defaultBytes): RowCache => {
  /** In the order of their last use. */
  const kept = new Map<number, Uint8Array | null>()
  let bytes = 0
  const drop = (key: number): void => {
    const row = kept.get(key)
    if (row === undefined) return
    bytes -= entryBytes + (row?.length ?? 0)
    kept.delete(key)
  }
  return {
    get: (segmentId, bucket) => {
      const key = segmentId * mostBuckets + bucket
      const row = kept.get(key)
      if (row === undefined) return undefined
      kept.delete(key)
      kept.set(key, row)
      return row
    },
    keep: (segmentId, bucket, row) => {
      const key = segmentId * mostBuckets + bucket
      drop(key)
      // A copy, as the row is a piece of all that one answer brought.
      kept.set(key, row && Uint8Array.from(row))
      bytes += entryBytes + (row?.length ?? 0)
      while (bytes > mostBytes) {
        const [oldest] = kept.keys()
        if (oldest === undefined) return
        drop(oldest)
      }
    },
  }
}

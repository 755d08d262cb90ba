import { type SQL, sql } from 'drizzle-orm'

/**
 * Many posting rows travel as one value: {name, length, bytes} one after the other, two 32-bit numbers and the row. A
 * driver reads one large value much faster than thousands of rows.
 * @param name an integer column that tells the rows apart
 */
export const joinedByBucket = sql`string_agg(int4send(bucket) || int4send(octet_length(bytes)) || bytes, ''::bytea)`
/** The same under their segments, as plain text. */
export const joinedBySegment = "string_agg(int4send(segment_id) || int4send(octet_length(bytes)) || bytes, ''::bytea)"

/** The rows of a value that was joined so, with their names. */
export function* splitRows(joined: Uint8Array): Generator<[name: number, row: Uint8Array]> {
  const view = new DataView(joined.buffer, joined.byteOffset, joined.byteLength)
  for (let at = 0; at < joined.length; ) {
    const start = at + 8
    const end = start + view.getInt32(at + 4)
    yield [view.getInt32(at), joined.subarray(start, end)]
    at = end
  }
}

/** Segments by the number of their rows, which leads their key. */
export interface SegmentKey {
  id: number
  bits: number
}

/**
 * The posting rows of whole segments of one size, each by its full key: a search by segment alone would read the
 * institution's whole index, and a join with the segments is at times planned as one.
 */
export const rowsOf = (institutionId: string, bits: number, segments: readonly SegmentKey[]): SQL =>
  sql`institution_id = ${institutionId}::uuid and bits = ${bits}::smallint
    and bucket = any(array(select generate_series(0, ${2 ** bits - 1}::integer)))
    and segment_id = any(${sql.param(segments.map(({ id }) => id))}::integer[])`

/** @returns the segments of each size, under their bits */
export const byBits = <S extends SegmentKey>(segments: readonly S[]): [bits: number, alike: S[]][] => [
  ...Map.groupBy(segments, ({ bits }) => bits),
]

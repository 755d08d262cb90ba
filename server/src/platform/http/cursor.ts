import { z } from 'zod'
import { invalid } from './input.ts'

/** A place in a list that is sorted by a time and an id: opaque to callers. */
export interface Place {
  at: Date
  id: string
}

/** Nothing here is older than the clock's beginning; a year 0 would be no date to the database. */
const Encoded = z.tuple([z.iso.datetime().refine((text) => text >= '1970'), z.uuid()])

export const cursorOf = ({ at, id }: Place): string =>
  Buffer.from(JSON.stringify([at.toISOString(), id])).toString('base64url')

/** @throws AppError `input_invalid` for a cursor that was not given by a list */
export const readCursor = (cursor: string | undefined): Place | null => {
  if (cursor === undefined) return null
  const parsed = Encoded.safeParse(parseOrNull(Buffer.from(cursor, 'base64url').toString()))
  if (!parsed.success) throw invalid([{ path: 'cursor', message: 'Use a nextCursor of this list, unchanged.' }])
  const [at, id] = parsed.data
  return { at: new Date(at), id }
}

/** A page of a list that was read one row past its limit: what lies beyond tells that there is more. */
export const cutPage = <Row, Item>(
  found: readonly Row[],
  limit: number,
  { present, cursorAt }: { present: (row: Row) => Item; cursorAt: (last: Row) => string },
): { items: Item[]; nextCursor: string | null } => {
  const rows = found.slice(0, limit)
  const last = found.length > limit ? rows.at(-1) : undefined
  return { items: rows.map(present), nextCursor: last ? cursorAt(last) : null }
}

const parseOrNull = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

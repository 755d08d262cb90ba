/** Pages as marks on the edge of a book, and the keys that turn them. Pure. */
import type { Direction } from '../../lib/direction.ts'

/** More marks than this cannot be told apart; one then stands for several pages. */
const mostMarks = 96
/** How far a press of Page Up or Page Down turns. */
const leapPages = 10

export const markCount = (pageCount: number): number => Math.max(1, Math.min(pageCount, mostMarks))

/** The mark of a page; pages count from 1, marks from 0. */
export const markOf = (page: number, pageCount: number): number => {
  const count = markCount(pageCount)
  return Math.min(count - 1, Math.floor(((page - 1) / pageCount) * count))
}

/** The page at a part of the edge: 0 is where the book begins, 1 where it ends. */
export const pageOf = (part: number, pageCount: number): number =>
  Math.max(1, Math.min(pageCount, Math.floor(part * pageCount) + 1))

interface Place {
  page: number
  pageCount: number
  /** The way that the book turns: the arrow that points to its end goes on. */
  direction: Direction
}

/** The page that a key turns to; null for a key that turns none. */
export const pageAfterKey = (key: string, { page, pageCount, direction }: Place): number | null => {
  const on = direction === 'rtl' ? -1 : 1
  const steps: Record<string, number> = {
    ArrowRight: on,
    ArrowLeft: -on,
    ArrowUp: 1,
    ArrowDown: -1,
    PageUp: leapPages,
    PageDown: -leapPages,
    Home: 1 - page,
    End: pageCount - page,
  }
  const by = Object.hasOwn(steps, key) ? steps[key] : undefined
  return by === undefined ? null : Math.max(1, Math.min(pageCount, page + by))
}

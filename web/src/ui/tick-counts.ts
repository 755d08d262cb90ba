export type Tick = 'done' | 'now' | 'rest' | 'supported' | 'weak' | 'unsupported'

/** More strokes than this cannot be told apart; one then stands for several. */
const mostTicks = 88

/** Nothing has begun. */
export const restOf = (total: number): Tick[] =>
  Array.from({ length: Math.min(Math.max(1, total), mostTicks) }, () => 'rest')

/** One tick for each thing, done, being done, and to do; never all done while one is left. */
export const groupTicks = (done: number, total: number): Tick[] => {
  const count = Math.max(1, Math.min(total, mostTicks))
  const full = done >= total ? count : Math.min(count - 1, Math.floor((done / Math.max(1, total)) * count))
  return Array.from({ length: count }, (_, index) => (index < full ? 'done' : index === full ? 'now' : 'rest'))
}

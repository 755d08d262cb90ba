/** Chance that can be repeated: the same seed gives the same moments (mulberry32, Tommy Ettinger). */
export interface Chance {
  /** A whole number from `low` up to, but not, `high`. */
  between(low: number, high: number): number
  pick<T>(from: readonly T[]): T
}

export const createChance = (seed: number): Chance => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low))
  return {
    between,
    pick: (from) => {
      const picked = from[between(0, from.length)]
      if (picked === undefined) throw new Error('nothing to pick from')
      return picked
    },
  }
}

import type { Language } from '#modules/language'
import type { ChunkTable } from './postings.ts'
import type { QueryPlan } from './query.ts'
import type { Recipe } from './recipe.ts'
import { type Family, families, type PerFamily } from './terms.ts'

/** A segment as far as counting it goes. */
export interface CountedSegment {
  language: Language | null
  table: ChunkTable
  /** By ordinal, 1 where the chunk is in scope; left out when all of them are. What is out of scope counts nowhere. */
  inScope?: Uint8Array
}

/**
 * A scope counts as at least this many chunks. With the idf of a single page a word that the page has would weigh
 * 0.3 and one that it lacks 1.4, and a threshold that loses 8% of the answerable questions at 150 paragraphs would
 * lose 23% at one; with this floor it loses 7 to 9% at 1, 4, 20 and 60 to 180 paragraphs (30 and 300 do as well;
 * `npm run eval -- refusal`, by size of scope).
 */
const leastChunks = 100

/** idf = ln(1 + (N - df + 0.5) / (df + 0.5)) with N at least 100. */
export const inverseFrequency = (chunks: number, withTerm: number): number =>
  Math.log(1 + (Math.max(leastChunks, chunks) - withTerm + 0.5) / (withTerm + 0.5))

/** How many chunks there are in scope, and the sum of their lengths. */
interface Extent {
  chunks: number
  lengths: PerFamily
}

const addExtent = (extent: Extent, { table, inScope }: CountedSegment): void => {
  extent.chunks += inScope ? inScope.reduce((sum, one) => sum + one, 0) : table.ords.length
  for (const family of families) {
    const lengths = table[family]
    let sum = 0
    for (let ordinal = 0; ordinal < lengths.length; ordinal += 1) {
      if (!inScope || inScope[ordinal] === 1) sum += lengths[ordinal] ?? 0
    }
    extent.lengths[family] += sum
  }
}

const meanOf = ({ chunks, lengths }: Extent): PerFamily => {
  const mean = (family: Family): number => Math.max(1, lengths[family] / Math.max(1, chunks))
  return { stems: mean('stems'), grams: mean('grams'), bigrams: mean('bigrams') }
}

/** What is counted in the chunks in scope. */
export interface Statistics {
  /** How many chunks a word's rarity is taken from. */
  chunks: number
  /** Whether a segment's chunks are among them. */
  isCounted: (view: CountedSegment) => boolean
  meanLengths: (view: CountedSegment) => PerFamily
}

export const statisticsOf = (
  plan: QueryPlan,
  segments: readonly CountedSegment[],
  { byLanguage }: Recipe,
): Statistics => {
  const keyOf = (view: CountedSegment): Language | null => (byLanguage ? view.language : null)
  const extents = new Map<Language | null, Extent>()
  for (const view of segments) {
    const extent = extents.get(keyOf(view)) ?? { chunks: 0, lengths: { stems: 0, grams: 0, bigrams: 0 } }
    addExtent(extent, view)
    extents.set(keyOf(view), extent)
  }
  const means = new Map([...extents].map(([key, extent]) => [key, meanOf(extent)]))
  const meanLengths = (view: CountedSegment): PerFamily => means.get(keyOf(view)) ?? { stems: 1, grams: 1, bigrams: 1 }
  const own = byLanguage && plan.language !== null ? (extents.get(plan.language)?.chunks ?? 0) : 0
  if (own > 0) return { chunks: own, isCounted: ({ language }) => language === plan.language, meanLengths }
  const chunks = [...extents.values()].reduce((sum, extent) => sum + extent.chunks, 0)
  return { chunks, isCounted: () => true, meanLengths }
}

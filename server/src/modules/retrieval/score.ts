import type { Language } from '#modules/language'
import { bucketOf, listOf, type Postings, readList, type Stretch } from './postings.ts'
import type { QueryPlan, QueryTerm } from './query.ts'
import { type Recipe, recipe } from './recipe.ts'
import { type CountedSegment, inverseFrequency, type Statistics, statisticsOf } from './statistics.ts'
import { type Family, families, type PerFamily } from './terms.ts'

/** A segment as the scorer reads it. `row` gives the stored bytes of a bucket, undefined when the bucket is empty. */
export interface SegmentView extends CountedSegment {
  bits: number
  row: (bucket: number) => Uint8Array | undefined
  /** The ordinal in the rows of the table's first chunk: 0 unless the view is of a part of the segment. */
  first?: number
}

export interface ScoredChunk {
  /** Index into the segments that were given. */
  segment: number
  /** The chunk's number in the table of its segment. */
  ordinal: number
  /** The chunk's place in its document. */
  ord: number
  score: number
  /** The three BM25 sums before weighting. */
  families: PerFamily
}

/** How much each word of the question weighs in the scope that was searched. */
export interface QueryWeights {
  language: Language | null
  /** W: the sum of the weights. Scores divided by it compare across scopes of any size. */
  total: number
  words: { word: string; weight: number }[]
}

interface Found {
  segment: number
  term: QueryTerm
  postings: Postings
}

const stretchOf = ({ first = 0, table, inScope }: SegmentView): Stretch => ({
  first,
  count: table.ords.length,
  inScope,
})

const findInSegment = (view: SegmentView, segment: number, terms: QueryTerm[]): Found[] => {
  const found: Found[] = []
  const stretch = stretchOf(view)
  for (const [bucket, wanted] of Map.groupBy(terms, ({ hash }) => bucketOf(hash, view.bits))) {
    const row = view.row(bucket)
    if (!row) continue
    // In the order of the row, so that a sum does not depend on how it is read.
    for (const term of wanted.toSorted((a, b) => (a.hash >>> view.bits) - (b.hash >>> view.bits))) {
      const list = listOf(row, view.bits, term.hash)
      if (list) found.push({ segment, term, postings: readList(list, stretch) })
    }
  }
  return found
}

/** One number per chunk of all segments, those of segment `s` from `base[s]` on. */
interface Sums {
  base: number[]
  sums: Record<Family, Float64Array>
  /** What a frequency is set against: k1 (1 - b + b length / mean). */
  norms: Record<Family, Float64Array>
}

const normsOf = (
  segments: readonly SegmentView[],
  size: number,
  { meanLengths }: Statistics,
  { k1, b }: Recipe,
): Sums['norms'] => {
  const norms = { stems: new Float64Array(size), grams: new Float64Array(size), bigrams: new Float64Array(size) }
  for (const family of families) {
    const [of, share] = [norms[family], b[family]]
    let at = 0
    for (const view of segments) {
      const mean = meanLengths(view)[family]
      for (const length of view.table[family]) {
        of[at] = k1 * (1 - share + (share * length) / mean)
        at += 1
      }
    }
  }
  return norms
}

const addList = ({ base, sums, norms }: Sums, { segment, term, postings }: Found, idf: number): void => {
  const from = base[segment] ?? 0
  const until = base[segment + 1] ?? sums.stems.length
  const [sum, norm] = [sums[term.family], norms[term.family]]
  const { ordinals, frequencies } = postings
  for (let at = 0; at < ordinals.length; at += 1) {
    const chunk = from + (ordinals[at] ?? 0)
    const frequency = frequencies[at] ?? 0
    if (chunk >= until) throw new Error('a posting names a chunk that its segment does not have')
    sum[chunk] = (sum[chunk] ?? 0) + (idf * frequency) / (frequency + (norm[chunk] ?? 0))
  }
}

const partsAt = ({ sums }: Sums, at: number): PerFamily => ({
  stems: sums.stems[at] ?? 0,
  grams: sums.grams[at] ?? 0,
  bigrams: sums.bigrams[at] ?? 0,
})

const weighed = ({ stems, grams, bigrams }: PerFamily, weight: PerFamily): number =>
  weight.stems * stems + weight.grams * grams + weight.bigrams * bigrams

/** Puts a chunk behind all that are as good, and lets go of what comes after the first `limit`. */
const place = (top: ScoredChunk[], chunk: ScoredChunk, limit: number): void => {
  const worse = top.findIndex(({ score }) => score < chunk.score)
  top.splice(worse < 0 ? top.length : worse, 0, chunk)
  if (top.length > limit) top.pop()
}

/** The best, best first; of equals the one that comes first. */
const best = (all: Sums, segments: readonly SegmentView[], limit: number, weight: PerFamily): ScoredChunk[] => {
  const top: ScoredChunk[] = []
  if (limit < 1) return top
  let [at, least] = [0, 0]
  segments.forEach(({ table }, segment) => {
    table.ords.forEach((ord, ordinal) => {
      const parts = partsAt(all, at)
      at += 1
      const score = weighed(parts, weight)
      if (score <= least) return
      place(top, { segment, ordinal, ord, score, families: parts }, limit)
      if (top.length === limit) least = top.at(-1)?.score ?? 0
    })
  })
  return top
}

const findAll = (plan: QueryPlan, segments: readonly SegmentView[]): Found[] =>
  segments.flatMap((view, segment) => findInSegment(view, segment, plan.termsIn(view.language)))

/**
 * Exact BM25 over the segments of a scope: stems + 0.2 4-grams + 0.2 stem pairs, without the constant factor
 * k1 + 1. Document frequencies and mean lengths are those of the chunks in scope, so that no statistics are
 * kept anywhere, none leak between institutions, and how chunks are spread over segments changes no score.
 */
export const scoreSegments = (
  plan: QueryPlan,
  segments: readonly SegmentView[],
  limit: number,
  using: Recipe = recipe,
): { hits: ScoredChunk[]; weights: QueryWeights } => {
  const base: number[] = []
  let size = 0
  for (const { table } of segments) {
    base.push(size)
    size += table.ords.length
  }
  const statistics = statisticsOf(plan, segments, using)
  const isCounted = segments.map(statistics.isCounted)
  const found = findAll(plan, segments)
  const withTerm = new Float64Array(plan.slotCount)
  for (const { segment, term, postings } of found) {
    if (isCounted[segment]) withTerm[term.slot] = (withTerm[term.slot] ?? 0) + postings.ordinals.length
  }
  const { chunks } = statistics
  const idf = (slot: number): number => inverseFrequency(chunks, Math.min(chunks, withTerm[slot] ?? 0))
  const sums = { stems: new Float64Array(size), grams: new Float64Array(size), bigrams: new Float64Array(size) }
  const all: Sums = { base, sums, norms: normsOf(segments, size, statistics, using) }
  for (const item of found) addList(all, item, idf(item.term.slot))
  const hits = best(all, segments, limit, using.weight)
  const words = plan.words.map((word, slot) => ({ word, weight: idf(slot) }))
  const total = words.reduce((sum, { weight }) => sum + weight, 0)
  return { hits, weights: { language: plan.language, total, words } }
}

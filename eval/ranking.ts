/** How often the gold paragraph comes first, or among the first five, stage by stage. */
import type { Language } from '../server/src/modules/language/index.ts'
import type { ScoredChunk } from '../server/src/modules/retrieval/index.ts'
import { type Recipe, recipe } from '../server/src/modules/retrieval/recipe.ts'
import { rankScore, rerankDepth } from '../server/src/modules/retrieval/rerank.ts'
import {
  type PassageToRank,
  type RankFeatures,
  readRankFeatures,
} from '../server/src/modules/retrieval/rerank-features.ts'
import { indexParagraphs, joinIndexes, type MemoryIndex } from './memory-index.ts'
import { answerable, halfOf, type Paragraph, type Question, type QuestionSet } from './sets.ts'

/** What the product's re-ranker would be given. */
export const passagesOf = (index: MemoryIndex, set: QuestionSet, hits: readonly ScoredChunk[]): PassageToRank[] =>
  hits.flatMap(({ ord, score }) => {
    const paragraph = index.paragraphs[ord]
    if (!paragraph) return []
    const { text, headingPath = [], language = set.language } = paragraph
    return [{ text, headingPath, language, score }]
  })

/** The same paragraphs as words, as stems, and as stems with their headings. */
interface Indexes {
  words: MemoryIndex
  stems: MemoryIndex
  headed: MemoryIndex
}

export const indexAll = (paragraphs: Paragraph[], language: Language): Indexes => ({
  words: indexParagraphs(paragraphs, null),
  stems: indexParagraphs(paragraphs, language),
  headed: indexParagraphs(paragraphs, language, true),
})

interface Stage {
  name: string
  index: keyof Indexes
  using: Recipe
  /** Read again, but for these features. */
  rerankedWithout?: readonly (keyof RankFeatures)[]
  /** The row that the others are held against. */
  isPlain?: true
}

const plainRecipe: Recipe = { ...recipe, weight: { stems: 1, grams: 1, bigrams: 0 }, byLanguage: false }
const stemsAndGrams: Recipe = { ...recipe, weight: { ...recipe.weight, bigrams: 0 }, byLanguage: false }
const recipeR: Recipe = { ...recipe, byLanguage: false }

/** Each stage on top of those before; the last is the product. */
export const stages: Stage[] = [
  { name: 'plain: words + 4-grams', index: 'words', using: plainRecipe, isPlain: true },
  { name: 'stems + 4-grams', index: 'stems', using: stemsAndGrams },
  { name: '+ bigrams (recipe R)', index: 'stems', using: recipeR },
  { name: '+ statistics by language', index: 'stems', using: recipe },
  { name: '+ headings in the text', index: 'headed', using: recipe },
  {
    name: '+ re-ranker on the text',
    index: 'headed',
    using: recipe,
    rerankedWithout: ['heading', 'added'],
  },
  { name: '+ re-ranker on headings', index: 'headed', using: recipe, rerankedWithout: [] },
]

interface Found {
  hits: ScoredChunk[]
  features: RankFeatures[]
}

const find = (index: MemoryIndex, set: QuestionSet, query: string, using: Recipe): Found => {
  const { hits, weights } = index.search(query, set.language, rerankDepth, using)
  const question = { query, language: set.language, weights }
  const features = using === recipe ? readRankFeatures(question, passagesOf(index, set, hits)) : []
  return { hits, features }
}

const reordered = ({ hits, features }: Found, hidden: readonly (keyof RankFeatures)[]): ScoredChunk[] => {
  const nothing = Object.fromEntries(hidden.map((name) => [name, 0]))
  const scores = features.map((it) => rankScore({ ...it, ...nothing }))
  const order = [...hits.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b)
  return order.flatMap((at) => hits[at] ?? [])
}

/** The place of the gold paragraph after each stage. */
const ranksOf = (indexes: Indexes, set: QuestionSet, { text, paragraph, others = [] }: Question): number[] => {
  const gold = new Set([paragraph, ...others])
  const known = new Map<string, Found>()
  return stages.map(({ index: kind, using, rerankedWithout }) => {
    const index = indexes[kind]
    const key = `${kind} ${JSON.stringify(using)}`
    const found = known.get(key) ?? find(index, set, text, using)
    known.set(key, found)
    const hits = rerankedWithout ? reordered(found, rerankedWithout) : found.hits
    return hits.findIndex(({ ord }) => gold.has(index.paragraphs[ord]?.id ?? ''))
  })
}

export interface Outcome {
  half: 0 | 1
  /** By stage, the place of the gold paragraph from 0, -1 when it is not among the first. */
  ranks: number[]
}

/** @param books indexed once for all sets */
export const rankAll = (set: QuestionSet, books: Indexes): Outcome[] => {
  const own = indexAll(set.paragraphs, set.language)
  const indexes: Indexes = {
    words: joinIndexes(books.words, own.words),
    stems: joinIndexes(books.stems, own.stems),
    headed: joinIndexes(books.headed, own.headed),
  }
  return answerable(set).map((question) => ({
    half: halfOf(question.article),
    ranks: ranksOf(indexes, set, question),
  }))
}

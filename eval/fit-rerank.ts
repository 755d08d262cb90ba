/**
 * Fits the weights in retrieval/rerank.ts: list-wise softmax over the twelve best of a question (gold against the
 * rest), paragraphs as they are and passages as the product cuts them pooled, both books loaded, on half 0 of the
 * articles, all sets weighing the same; prints both halves.
 * `LYCEUM_SHARED_DATA=<folder> node bin/run.mjs eval/fit-rerank.ts`
 */

import { rerankDepth } from '../server/src/modules/retrieval/rerank.ts'
import { featureNames, readRankFeatures } from '../server/src/modules/retrieval/rerank-features.ts'
import { readBooks } from './books.ts'
import { cutBooks, cutSet } from './chunked.ts'
import { indexParagraphs, joinIndexes, type MemoryIndex } from './memory-index.ts'
import { passagesOf } from './ranking.ts'
import { answerable, halfOf, type QuestionSet, readSets } from './sets.ts'

interface Case {
  set: string
  half: 0 | 1
  /** One row of features a passage, best first. */
  rows: number[][]
  /** Whether a row is gold; none is when the index did not find it. */
  golds: boolean[]
  weight: number
}

const casesOf = (set: QuestionSet, books: MemoryIndex): Case[] => {
  const index = joinIndexes(books, indexParagraphs(set.paragraphs, set.language, true))
  const questions = answerable(set)
  const inHalf = (half: 0 | 1): number => questions.filter(({ article }) => halfOf(article) === half).length
  const sizes = [inHalf(0), inHalf(1)]
  return questions.map(({ text, paragraph, others = [], article }) => {
    const wanted = new Set([paragraph, ...others])
    const { hits, weights } = index.search(text, set.language, rerankDepth)
    const features = readRankFeatures({ query: text, language: set.language, weights }, passagesOf(index, set, hits))
    return {
      set: set.name,
      half: halfOf(article),
      rows: features.map((it) => featureNames.map((name) => it[name])),
      golds: hits.map(({ ord }) => wanted.has(index.paragraphs[ord]?.id ?? '')),
      weight: 1 / (sizes[halfOf(article)] ?? 1),
    }
  })
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0)

/** Adds one question's gradient of the log likelihood that a gold passage is drawn. */
const addGradient = (gradient: number[], { rows, golds, weight }: Case, weights: readonly number[]): void => {
  const scores = rows.map((row) => dot(row, weights))
  const top = Math.max(...scores)
  const chances = scores.map((score) => Math.exp(score - top))
  const all = chances.reduce((sum, value) => sum + value, 0)
  const good = chances.reduce((sum, value, at) => sum + (golds[at] ? value : 0), 0)
  rows.forEach((row, passage) => {
    const chance = chances[passage] ?? 0
    const pull = weight * ((golds[passage] ? chance / good : 0) - chance / all)
    row.forEach((value, feature) => {
      gradient[feature] = (gradient[feature] ?? 0) + pull * value
    })
  })
}

const deviations = (cases: readonly Case[]): number[] =>
  featureNames.map((_, feature) => {
    const values = cases.flatMap(({ rows }) => rows.map((row) => row[feature] ?? 0))
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) || 1
  })

/** Gradient ascent with momentum on standardised features, pulled a little towards 0. */
const fit = (cases: readonly Case[], steps = 600): number[] => {
  const scale = deviations(cases)
  const total = cases.reduce((sum, { weight }) => sum + weight, 0)
  const standard = cases.map((it) => ({
    ...it,
    weight: it.weight / total,
    rows: it.rows.map((row) => row.map((value, at) => value / (scale[at] ?? 1))),
  }))
  let weights = featureNames.map(() => 0)
  let speed = featureNames.map(() => 0)
  for (let step = 0; step < steps; step += 1) {
    const gradient = featureNames.map(() => 0)
    for (const it of standard) addGradient(gradient, it, weights)
    speed = speed.map((value, at) => 0.9 * value + (gradient[at] ?? 0) - 0.004 * (weights[at] ?? 0))
    weights = weights.map((weight, at) => weight + 0.15 * (speed[at] ?? 0))
  }
  return weights.map((weight, at) => weight / (scale[at] ?? 1))
}

const isFirst = ({ rows, golds }: Case, weights: readonly number[]): boolean => {
  const scores = rows.map((row) => dot(row, weights))
  return golds[scores.indexOf(Math.max(...scores))] === true
}

const share = (cases: readonly Case[], holds: (it: Case) => boolean): string =>
  ((100 * cases.filter(holds).length) / cases.length).toFixed(1)

const folder = process.env.LYCEUM_SHARED_DATA
const sets = readSets(folder)
if (sets && folder) {
  const paragraphs = await readBooks(folder)
  const books = indexParagraphs(paragraphs, 'en', true)
  const cutUp = indexParagraphs(cutBooks(paragraphs), 'en', true)
  const cases = sets.flatMap((set) => casesOf(set, books))
  const inPassages = sets.flatMap((set) => casesOf(cutSet(set), cutUp))
  const weights = fit([...cases, ...inPassages].filter(({ half, golds }) => half === 0 && golds.includes(true)))
  console.log(featureNames.map((name, at) => `${name}: ${(weights[at] ?? 0).toFixed(2)}`).join(', '))
  for (const [what, all] of [
    ['paragraph', cases],
    ['passage', inPassages],
  ] as const) {
    for (const { name } of sets) {
      const line = ([0, 1] as const).map((half) => {
        const of = all.filter((it) => it.set === name && it.half === half)
        return `half ${half} ${share(of, ({ golds }) => golds[0] === true)} -> ${share(of, (it) => isFirst(it, weights))}`
      })
      console.log(`${name}: gold ${what} first, before and after, ${line.join(', ')}`)
    }
  }
}

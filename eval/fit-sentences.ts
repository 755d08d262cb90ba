/**
 * Fits the weights in answering/sentence-score.ts: list-wise softmax over the sentences of a question (the ones
 * that hold a gold answer against the rest), all sets pooled, on half 0 of the articles; prints both halves.
 * `LYCEUM_SHARED_DATA=<folder> node bin/run.mjs eval/fit-sentences.ts`
 */

import { createAffixMatcher } from '../server/src/modules/answering/affix-match.ts'
import { maxPassages } from '../server/src/modules/answering/answer.ts'
import { readQuestion } from '../server/src/modules/answering/question.ts'
import { type Features, readSentences } from '../server/src/modules/answering/sentence-features.ts'
import { standingOf } from '../server/src/modules/answering/standing.ts'
import { ask } from './answers.ts'
import { indexParagraphs } from './memory-index.ts'
import { halfOf, type QuestionSet, readSets } from './sets.ts'

interface Candidate {
  values: number[]
  shape: number
  holdsGold: boolean
}
interface Case {
  set: string
  half: 0 | 1
  candidates: Candidate[]
}

let names: (keyof Features)[] = []

/** Every second question of the largest set, so that it does not outweigh the others. */
const casesOf = (set: QuestionSet): Case[] => {
  const index = indexParagraphs(set.paragraphs, set.language)
  const questions = set.questions.filter(
    ({ isImpossible }, at) => !isImpossible && (set.questions.length < 2_000 || at % 2 === 0),
  )
  return questions.map((question) => {
    const { passages: found, weights } = ask(index, set, question.text)
    const passages = found.slice(0, maxPassages)
    const words = weights.words.map(({ word }) => word)
    const match = createAffixMatcher(words, set.language)
    const inquiry = readQuestion(question.text, set.language, words)
    const asking = { inquiry, weights, match, language: set.language }
    const standings = standingOf(passages)
    const candidates = passages.flatMap((passage, at) =>
      readSentences(passage, standings[at] ?? { share: 0, chance: 0 }, asking).map(
        ({ start, end, features, shape }): Candidate => {
          names = Object.keys(features) as (keyof Features)[]
          const sentence = passage.text.slice(start, end)
          const holdsGold = question.answers.some((answer) => answer !== '' && sentence.includes(answer))
          return { values: names.map((name) => features[name]), shape, holdsGold }
        },
      ),
    )
    return { set: set.name, half: halfOf(question.article), candidates }
  })
}

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0)

/** Adds one question's gradient of the log likelihood that a sentence with the answer is drawn. */
const addGradient = (gradient: number[], { candidates }: Case, weights: number[], scale: number[]): void => {
  const scores = candidates.map(({ values }) => dot(values, weights))
  const top = Math.max(...scores)
  const chances = scores.map((score) => Math.exp(score - top))
  const all = chances.reduce((sum, value) => sum + value, 0)
  const gold = chances.reduce((sum, value, at) => sum + (candidates[at]?.holdsGold ? value : 0), 0)
  candidates.forEach(({ values, holdsGold }, at) => {
    const chance = chances[at] ?? 0
    const pull = (holdsGold ? chance / gold : 0) - chance / all
    values.forEach((value, feature) => {
      gradient[feature] = (gradient[feature] ?? 0) + (pull * value) / (scale[feature] ?? 1)
    })
  })
}

const deviations = (cases: Case[]): number[] =>
  names.map((_, feature) => {
    const values = cases.flatMap(({ candidates }) => candidates.map((it) => it.values[feature] ?? 0))
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) || 1
  })

const fit = (cases: Case[], steps = 500): number[] => {
  const scale = deviations(cases)
  let weights = names.map(() => 0)
  let speed = names.map(() => 0)
  for (let step = 0; step < steps; step += 1) {
    const gradient = names.map(() => 0)
    const raw = weights.map((weight, at) => weight / (scale[at] ?? 1))
    for (const it of cases) addGradient(gradient, it, raw, scale)
    speed = speed.map((value, at) => 0.9 * value + (gradient[at] ?? 0) / cases.length - 0.005 * (weights[at] ?? 0))
    weights = weights.map((weight, at) => weight + 0.15 * (speed[at] ?? 0))
  }
  return weights.map((weight, at) => weight / (scale[at] ?? 1))
}

const firstHolds = (cases: Case[], weights: number[]): string => {
  const right = cases.filter(({ candidates }) => {
    const best = candidates.toSorted((a, b) => dot(b.values, weights) - dot(a.values, weights))[0]
    return best?.holdsGold
  })
  return ((100 * right.length) / cases.length).toFixed(1)
}

const sets = readSets(process.env.LYCEUM_SHARED_DATA)
if (sets) {
  const cases = sets.flatMap(casesOf)
  const useful = cases.filter(
    ({ half, candidates }) =>
      half === 0 && candidates.some(({ holdsGold }) => holdsGold) && candidates.some(({ holdsGold }) => !holdsGold),
  )
  const weights = fit(useful)
  console.log(names.map((name, at) => `${name}: ${(weights[at] ?? 0).toFixed(2)}`).join(', '))
  for (const { name } of sets) {
    const of = (half: 0 | 1): string =>
      firstHolds(
        cases.filter((it) => it.set === name && it.half === half),
        weights,
      )
    console.log(`${name}: best sentence holds a gold answer, half 0 ${of(0)}, half 1 ${of(1)}`)
  }
}

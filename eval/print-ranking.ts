/** Prints what each stage of retrieval lifts. */
import { readBooks } from './books.ts'
import { cutBooks, cutSet } from './chunked.ts'
import { indexAll, type Outcome, rankAll, stages } from './ranking.ts'
import type { QuestionSet } from './sets.ts'
import { heading, percent, row } from './table.ts'

interface Shares {
  top1: number
  top5: number
}
const pair = ({ top1, top5 }: Shares): string => `${percent(top1)}/${percent(top5)}`
type Half = 0 | 1 | null

/** @returns the shares whose gold paragraph is first, and among the first five */
const sharesOf = (outcomes: Outcome[], stage: number, half: Half): Shares => {
  const asked = outcomes.filter((it) => half === null || it.half === half)
  const share = (below: number): number =>
    asked.filter(({ ranks }) => {
      const rank = ranks[stage] ?? -1
      return rank >= 0 && rank < below
    }).length / asked.length
  return { top1: share(1), top5: share(5) }
}

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const signed = (points: number): string => `${points < 0 ? '' : '+'}${points.toFixed(1)}`

const printStages = (what: string, sets: QuestionSet[], outcomes: Outcome[][], half: Half): void => {
  heading(`${what} first / among five, ${half === null ? 'all questions' : `half ${half}`}`, sets)
  const table = stages.map((_, stage) => outcomes.map((of) => sharesOf(of, stage, half)))
  const means = table.map((shares) => 100 * mean(shares.map(({ top1 }) => top1)))
  const plain = stages.findIndex(({ isPlain }) => isPlain)
  stages.forEach(({ name }, stage) => {
    const [here, before, base] = [means[stage] ?? 0, means[stage - 1], means[plain] ?? 0]
    const lift = before === undefined ? '' : `  ${signed(here - before)}, over plain ${signed(here - base)}`
    row(name, (table[stage] ?? []).map(pair), `  mean ${here.toFixed(1)}${lift}`)
  })
  const last = table.at(-1) ?? []
  const lifts = last.map(({ top1 }, at) => 100 * (top1 - (table[plain]?.[at]?.top1 ?? 0)))
  row('lift of the last over plain', lifts.map(signed), `  mean ${signed(mean(lifts))}`)
}

/** Stage by stage on the paragraphs as they are, and the same on passages as the product cuts them. */
export const printRanking = async (sets: QuestionSet[], folder: string): Promise<void> => {
  const started = performance.now()
  const books = await readBooks(folder)
  console.log(
    `\nBeside each set stand ${books.length} paragraphs of two English books. Every second question of SQuAD 2 is asked.`,
  )
  const indexed = indexAll(books, 'en')
  const outcomes = sets.map((set) => rankAll(set, indexed))
  for (const half of [0, 1, null] as const) printStages('Gold paragraph', sets, outcomes, half)
  const passages = indexAll(cutBooks(books), 'en')
  const inPassages = sets.map((set) => rankAll(cutSet(set), passages))
  printStages('Passage with the gold answer, articles cut as the product cuts,', sets, inPassages, 1)
  console.log(`(${((performance.now() - started) / 1000).toFixed(0)} s)`)
}

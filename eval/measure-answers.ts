/** How often the answer without a model holds a gold answer: the best sentence alone, and the whole answer. */
import { answerShares } from './answers.ts'
import type { QuestionSet } from './sets.ts'
import { heading, percent, row } from './table.ts'

export const printAnswers = (sets: QuestionSet[]): void => {
  heading('A gold answer stands in the extractive answer, nothing refused: first sentence / whole answer', sets)
  const [chosenOn, measured] = [0, 1].map((half) => sets.map((set) => answerShares(set, half as 0 | 1)))
  const both = sets.map((_, at) => {
    const halves = [chosenOn?.[at], measured?.[at]].flatMap((it) => it ?? [])
    const total = halves.reduce((sum, { questions }) => sum + questions, 0)
    const share = (key: 'one' | 'two'): number =>
      halves.reduce((sum, of) => sum + of[key] * of.questions, 0) / (total || 1)
    return { one: share('one'), two: share('two') }
  })
  const pairs = (of: readonly { one: number; two: number }[] = []): string[] =>
    of.map(({ one, two }) => `${percent(one)} / ${percent(two)}`)
  row('half 0', pairs(chosenOn))
  row('half 1', pairs(measured))
  row('all', pairs(both))
  const ofMeasured = measured ?? []
  row(
    'half 1, as given / refused',
    ofMeasured.map(({ given, refused }) => `${percent(given)} / ${percent(refused)}`),
  )
  row(
    'half 1, sentences in an answer',
    ofMeasured.map(({ meanSentences }) => meanSentences.toFixed(2)),
  )
}

/** Tables on the terminal: a label, then a column for each question set. */
import type { QuestionSet } from './sets.ts'

export const percent = (share: number): string => (100 * share).toFixed(1)

export const row = (label: string, cells: string[], end = ''): void => {
  console.log(label.padEnd(34) + cells.map((cell) => cell.padStart(12)).join('') + end)
}
export const heading = (text: string, sets: QuestionSet[]): void => {
  console.log(`\n${text}`)
  row(
    '',
    sets.map(({ name }) => name),
  )
}

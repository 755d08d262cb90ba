import type { ClaimWord } from './claim-words.ts'
import type { Near } from './soft-cover.ts'

/** A run of words in which claim and page part; either side may be empty. */
export interface Edit {
  said: ClaimWord[]
  page: ClaimWord[]
  /** The page has hardly more words here: something was exchanged and not left out. */
  isTight: boolean
}

export interface EditScript {
  edits: Edit[]
  /** The share of the claim's words that stand on the page in their order. */
  kept: number
}

/** At this nearness two words count as one. */
const sameAt = 0.8
/** Sentences longer than this are compared up to here. */
const longest = 160

/** For each pair of places the length of the longest common subsequence behind it. */
const lengthsOf = (same: readonly (readonly boolean[])[], columns: number): number[][] => {
  const lengths = Array.from({ length: same.length + 1 }, () => new Array<number>(columns + 1).fill(0))
  for (let row = same.length - 1; row >= 0; row -= 1) {
    const [here, below] = [lengths[row] ?? [], lengths[row + 1] ?? []]
    for (let column = columns - 1; column >= 0; column -= 1) {
      here[column] = same[row]?.[column]
        ? 1 + (below[column + 1] ?? 0)
        : Math.max(below[column] ?? 0, here[column + 1] ?? 0)
    }
  }
  return lengths
}

type Step = 'both' | 'page' | 'said'

/** The way through both sequences that keeps most words. */
const stepsOf = (same: readonly (readonly boolean[])[], columns: number): { steps: Step[]; matched: number } => {
  const lengths = lengthsOf(same, columns)
  const at = (row: number, column: number): number => lengths[row]?.[column] ?? -1
  const stepAt = (row: number, column: number): Step => {
    if (same[row]?.[column]) return 'both'
    const skipsPage = row >= same.length || at(row, column + 1) >= at(row + 1, column)
    return column < columns && skipsPage ? 'page' : 'said'
  }
  const steps: Step[] = []
  let [row, column] = [0, 0]
  while (row < same.length || column < columns) {
    const step = stepAt(row, column)
    steps.push(step)
    row += step === 'page' ? 0 : 1
    column += step === 'said' ? 0 : 1
  }
  return { steps, matched: at(0, 0) }
}

/** The page may have so many words more where something was exchanged. */
const mostLonger = 3

/** How the claim is made of the page's sentence by a longest common subsequence of words. */
export const editScript = (claim: readonly ClaimWord[], page: readonly ClaimWord[], near: Near): EditScript => {
  const [rows, columns] = [claim.slice(0, longest), page.slice(0, longest)]
  const same = rows.map((said) => columns.map((word) => near(said, word) >= sameAt))
  const { steps, matched } = stepsOf(same, columns.length)
  const runs: { said: ClaimWord[]; page: ClaimWord[] }[] = [{ said: [], page: [] }]
  const [saids, words] = [rows.values(), columns.values()]
  for (const step of steps) {
    const said = step === 'page' ? undefined : saids.next().value
    const word = step === 'said' ? undefined : words.next().value
    if (step === 'both') runs.push({ said: [], page: [] })
    else if (said) runs.at(-1)?.said.push(said)
    else if (word) runs.at(-1)?.page.push(word)
  }
  const edits = runs.filter((run) => run.said.length > 0 || run.page.length > 0)
  return {
    edits: edits.map((edit) => ({ ...edit, isTight: edit.page.length <= edit.said.length + mostLonger })),
    kept: rows.length === 0 ? 0 : matched / rows.length,
  }
}

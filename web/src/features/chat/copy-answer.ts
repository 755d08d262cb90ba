/** An answer as text to take along: with its numbers, and the list of what they stand for. Pure. */
import { chipsOf, sentencesOf } from './answer-blocks.ts'
import { type Mask, maskAnswer } from './answer-masks.ts'
import type { AnswerView } from './exchanges.ts'

type Copied = Pick<AnswerView, 'text' | 'citations' | 'sources'>

/** @param nameOfPage 'page 3', in the reader's language */
export const copyOf = ({ text, citations, sources }: Copied, nameOfPage: (page: number) => string): string => {
  const { masks } = maskAnswer(text, new Set(sources.map(({ n }) => n)))
  const between = wordsOf(
    text,
    masks.filter(({ kind }) => kind === 'marks'),
  )
  const sentences = sentencesOf(citations)
  let copied = ''
  let at = 0
  for (const sentence of sentences) {
    copied = withNumbers(copied + between(at, sentence.end).trimEnd(), chipsOf(sentence))
    at = Math.max(at, sentence.end)
  }
  copied += between(at, text.length)
  const used = new Set(sentences.flatMap(chipsOf))
  const list = sources
    .filter(({ n }) => used.has(n))
    .map(({ n, title, page }) => `[${n}] ${title}, ${nameOfPage(page)}`)
  return [copied.trim(), ...(list.length > 0 ? [list.join('\n')] : [])].join('\n\n')
}

/** The text of a range without the numbers that are written in it; those in code are none. */
const wordsOf =
  (text: string, marks: readonly Mask[]) =>
  (from: number, to: number): string => {
    let words = ''
    let at = from
    for (const { start, end } of marks) {
      if (end <= at || start >= to) continue
      words += text.slice(at, Math.max(at, start))
      at = end
    }
    return words + text.slice(at, Math.max(at, to))
  }

/** In the last cell of a row and below a block, as behind them they would break what was written. */
const withNumbers = (said: string, numbers: readonly number[]): string => {
  if (numbers.length === 0) return said
  const marks = `[${numbers.join(', ')}]`
  if (said.endsWith('|')) return `${said.slice(0, -1).trimEnd()} ${marks} |`
  return /(?:`{3}|~{3}|\${2})$/.test(said) ? `${said}\n${marks}` : `${said} ${marks}`
}

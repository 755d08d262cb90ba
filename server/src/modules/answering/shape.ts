import type { Token } from '#modules/language'
import { type Aim, sameWord } from './question.ts'
import { copulas } from './vocabulary.ts'

/** Material asks questions too; they are seldom answers. */
const questionPenalty = 1.6
const endsAsQuestion = /[?؟]["'”’»)\]]{0,3}$/
/** A heading repeats the question's words and answers nothing. */
const headingPenalty = 2
const headingWords = 10
const ended = /[.!?:;؟۔…。！？]["'”’»)\]]{0,3}(?:\[\p{Nd}{1,3}\])?$/u
/** What ends in a colon promises an answer and does not give it. */
const openPenalty = 1
const endsOpen = /[:：]$/
/** "X is ..." at the head of a sentence, when X is asked for. */
const definitionBonus = 1
const definitionReach = 3
/** "X: ..." as a glossary has it, when X and nothing else is asked for: nothing defines it better. */
const entryBonus = 3
const entryHead = /^[^:：]{1,80}[:：](?=\s)/

const listItem = /^(?:[-*+•–—▪◦‣·●○]\s|\(?\p{Nd}{1,3}[.)]\s|[a-zA-Z]\)\s)/u

/** Whether a sentence is an item of a list. */
export const isListItem = (sentence: string): boolean => listItem.test(sentence)

/** Whether a sentence is a heading by its looks: marked as one, or short and without a full stop. */
export const isHeading = (sentence: string): boolean =>
  sentence.startsWith('#') ||
  (!ended.test(sentence) && !isListItem(sentence) && sentence.split(/\s+/).length <= headingWords)

/** Whether the sentence begins with what is asked for, and a form of "to be" follows. */
const defines = (tokens: readonly Token[], matches: readonly (readonly number[])[]): boolean => {
  const subject = matches.slice(0, definitionReach).findIndex((row) => row.some((value) => value >= sameWord))
  if (subject < 0) return false
  return tokens.slice(subject + 1, subject + 2 + definitionReach).some(({ word }) => copulas.has(word))
}

/** Whether the sentence is the entry of a glossary for all that is asked for and nothing more. */
const isEntry = (sentence: string, tokens: readonly Token[], matches: readonly (readonly number[])[]): boolean => {
  const head = entryHead.exec(sentence)?.[0].length ?? 0
  const rows = matches.filter((_, at) => (tokens[at]?.end ?? 0) <= head)
  const isAsked = (row: readonly number[]): boolean => row.some((value) => value >= sameWord)
  return (
    rows.length > 0 && rows.every(isAsked) && (rows[0] ?? []).every((_, word) => rows.some((row) => isSame(row, word)))
  )
}

const isSame = (row: readonly number[], word: number): boolean => (row[word] ?? 0) >= sameWord

const definitionScore = (...found: Parameters<typeof isEntry>): number => {
  const [, tokens, matches] = found
  if (isEntry(...found)) return entryBonus
  return defines(tokens, matches) ? definitionBonus : 0
}

/**
 * What the shape of a sentence adds to its score or takes from it: not fitted, as the question sets hold prose
 * alone; chosen so that the sets do not get worse.
 * @param matches per token its match with each word of the question
 */
export const shapeScore = (
  sentence: string,
  tokens: readonly Token[],
  matches: readonly (readonly number[])[],
  aim: Aim,
): number => {
  const isList = aim === 'list' || aim === 'outline'
  const heading = !isList && isHeading(sentence) ? headingPenalty : 0
  const question = endsAsQuestion.test(sentence) ? questionPenalty : 0
  const open = !isList && endsOpen.test(sentence) ? openPenalty : 0
  const definition = aim === 'definition' ? definitionScore(sentence, tokens, matches) : 0
  return definition - question - heading - open
}

import type { Language } from '#modules/language'
import { joiners } from './claim-vocabulary.ts'
import { type ClaimWord, saysSame } from './claim-words.ts'
import { isDerived } from './derive.ts'
import type { PageSentence } from './page-sentences.ts'
import { leaningWords } from './vocabulary.ts'

/** Marks between statements that each stand for themselves. */
const parting = /[.!?;؟؛–—\n]/u
const mostCuts = 12
const leastWords = 3

const conjoined = /^و(?=\p{L}{2})/u

/** Whether a new statement may begin at a word of the claim. */
const isCut = (claim: readonly ClaimWord[], at: number, language: Language | null): boolean => {
  const word = claim[at]
  if (!word || at === 0) return false
  return parting.test(word.gap) || joiners(language).has(word.key) || (language === 'ar' && conjoined.test(word.key))
}

const cutsOf = (claim: readonly ClaimWord[], language: Language | null): number[] => {
  const cuts = claim.map((_, at) => at).filter((at) => isCut(claim, at, language))
  return cuts.length <= mostCuts ? cuts : cuts.filter((at) => parting.test(claim[at]?.gap ?? '')).slice(0, mostCuts)
}

/** A part of the claim without the "and" that joined it; in Arabic "and" is the word's first letter. */
const readings = (
  part: readonly ClaimWord[],
  isFirst: boolean,
  language: Language | null,
): (readonly ClaimWord[])[] => {
  const [first, ...rest] = part
  if (!first || isFirst) return [part]
  if (joiners(language).has(first.key)) return [part, rest]
  if (language !== 'ar' || !conjoined.test(first.key)) return [part]
  return [part, [{ ...first, key: first.key.replace(conjoined, '') }, ...rest]]
}

const mark = /[,،]/u

/**
 * What follows a join begins or ends as its sentence does: `Alice met Bob, and the old city` says nothing of
 * `Rome, the old city, fell`.
 * Without a mark in front of the "and" it is the whole sentence.
 */
const isStatement = (part: readonly ClaimWord[], { words, language }: PageSentence, gap: string): boolean => {
  const [said, first] = [part[0], words[0]]
  if (!said || !first) return false
  if (!mark.test(gap) && !parting.test(gap) && part.length !== words.length) return false
  return saysSame(said, first, language) || saysSame(part.at(-1) ?? said, words.at(-1) ?? first, language)
}

/** "He died there" behind another sentence than on the page may speak of somebody else. */
const isTorn = (part: readonly ClaimWord[], sentence: PageSentence, previous: PageSentence | null): boolean => {
  const { language } = sentence
  const leans = language !== null && leaningWords[language].has(part[0]?.key ?? '')
  return leans && previous !== null && sentence.before !== previous && sentence !== previous
}

const bears = (part: readonly ClaimWord[], sentence: PageSentence, isQuestion: boolean): boolean =>
  (isQuestion || !sentence.isQuestion) && isDerived(part, sentence.words, sentence.language)

const keysOf = (words: readonly ClaimWord[]): string => words.map(({ key }) => key).join(' ')

/** Sentences of the page one after the other, word for word. */
const asRun = (claim: readonly ClaimWord[], sentences: readonly PageSentence[]): PageSentence[] | null => {
  const keys = keysOf(claim)
  const heads = sentences.filter(({ words }) => words.length > 0 && keys.startsWith(keysOf(words)))
  for (const head of heads) {
    const run = runFrom(head, keys, sentences)
    if (run) return run
  }
  return null
}

const runFrom = (head: PageSentence, keys: string, sentences: readonly PageSentence[]): PageSentence[] | null => {
  const run = [head]
  let said = keysOf(head.words)
  while (keys.startsWith(said) && said !== keys) {
    const next = sentences.find(({ before }) => before === run.at(-1))
    if (!next) return null
    run.push(next)
    if (next.words.length > 0) said = `${said} ${keysOf(next.words)}`
  }
  return said === keys ? run : null
}

export interface ClaimToVouch {
  words: readonly ClaimWord[]
  isQuestion: boolean
  language: Language | null
}

/**
 * The sentences that a claim says again, in its order: one for each of the statements that it joins; null when
 * we cannot vouch for it.
 */
export const vouch = (claim: ClaimToVouch, sentences: readonly PageSentence[]): PageSentence[] | null => {
  const { words, isQuestion } = claim
  if (words.length === 0) return null
  const run = isQuestion || !sentences.some((it) => it.isQuestion) ? asRun(words, sentences) : null
  if (run) return run
  const whole = sentences.find((sentence) => bears(words, sentence, isQuestion))
  if (whole) return [whole]
  return joinedFrom(claim, sentences)
}

/** For each place where a statement may end, the sentences that bear the claim up to it. */
const joinedFrom = (claim: ClaimToVouch, sentences: readonly PageSentence[]): PageSentence[] | null => {
  const { words, isQuestion, language } = claim
  const found = new Map<number, PageSentence[]>([[0, []]])
  for (const end of [...cutsOf(words, language), words.length]) {
    for (const [start, used] of [...found]) {
      if (found.has(end) || end - start < leastWords) continue
      const parts = readings(words.slice(start, end), start === 0, language)
      const previous = used.at(-1) ?? null
      const bearing = sentences.find((sentence) =>
        parts.some(
          (part) =>
            (start === 0 || isStatement(part, sentence, words[start]?.gap ?? '')) &&
            !isTorn(part, sentence, previous) &&
            bears(part, sentence, isQuestion),
        ),
      )
      if (bearing) found.set(end, [...used, bearing])
    }
  }
  return found.get(words.length) ?? null
}

import { fold } from './fold.ts'

/** A word or number of a text: `text.slice(start, end)` is how it was written, `word` how it is compared. */
export interface Token {
  word: string
  /** UTF-16 offsets in the text that was given. */
  start: number
  end: number
}

/**
 * Numbers with inner marks, or runs of letters with inner apostrophes. A run is cut at 64 characters, so that
 * a line of megabytes without a space costs no more than the same length of prose, here and in every later step.
 */
const pattern =
  /\p{Nd}{1,64}(?:[.,\u066b\u066c]\p{Nd}{1,64}){0,8}|\p{L}[\p{L}\p{M}\p{Nd}\u00ad\u200c\u200d]{0,63}(?:['’]\p{L}[\p{L}\p{M}]{0,31}){0,3}/gu

const possessive = /['’]s$/

const apostrophe = /['’]/

/** The form under which a word or number of a text is compared; '' when nothing of it counts. */
export const foldWord = (written: string): string => {
  const folded = fold(written)
  return apostrophe.test(folded) ? folded.replace(possessive, '').replaceAll('’', "'") : folded
}

/** The words and numbers of a text as they are written: what `tokenize` folds. */
export const writtenWords = (text: string): string[] => text.match(pattern) ?? []

/** The words of a text in reading order; a letter with digits behind it (`CO2`) is one word. */
export const tokenize = (text: string): Token[] => {
  const tokens: Token[] = []
  for (const match of text.matchAll(pattern)) {
    const word = foldWord(match[0])
    if (word !== '') tokens.push({ word, start: match.index, end: match.index + match[0].length })
  }
  return tokens
}

/** How many tokens a text has. */
export const countTokens = (text: string): number => writtenWords(text).length

const number = /^\d/

/** Whether a token's word is a number. */
export const isNumber = (word: string): boolean => number.test(word)

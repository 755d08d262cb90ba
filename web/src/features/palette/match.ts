/** How well a text fits what somebody typed; they may leave letters out. */
import { fold } from '../../lib/fold.ts'

/** The scores of one word of the query: where it begins a word, where it is within one, where only its letters follow each other. */
const asBeginning = 3
const asPart = 2
const asLetters = 1

/** Letters that follow each other must begin at a word's beginning and stand near, else anything fits anything. */
const looseAtMost = 3

/**
 * The mean over the words of the query, and 0 as soon as one does not fit. A text that begins with the query is half a
 * point better than one that only holds it.
 */
export const scoreOf = (query: string, text: string): number => {
  const folded = fold(text)
  const words = fold(query).split(/\s+/).filter(Boolean)
  if (words.length === 0) return asLetters
  const scores = words.map((word) => scoreOfWord(word, folded))
  if (scores.includes(0)) return 0
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length
  return folded.startsWith(words.join(' ')) ? mean + 0.5 : mean
}

const scoreOfWord = (word: string, text: string): number => {
  const at = text.indexOf(word)
  if (at >= 0) return beginsWord(word, text) ? asBeginning : asPart
  return word.length >= 2 && hasLetters(word, text) ? asLetters : 0
}

const beginsWord = (word: string, text: string): boolean => {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text.charAt(at - 1))) return true
  }
  return false
}

/** 'tdhb' is in 'tides and harbours': each letter is near the one before it, or begins a word. */
const hasLetters = (word: string, text: string): boolean => {
  const [first = '', ...rest] = word
  for (let start = text.indexOf(first); start >= 0; start = text.indexOf(first, start + 1)) {
    const begins = start === 0 || !/[\p{L}\p{N}]/u.test(text.charAt(start - 1))
    if (begins && followFrom(start, rest, text)) return true
  }
  return false
}

const followFrom = (start: number, letters: readonly string[], text: string): boolean => {
  let at = start
  for (const letter of letters) {
    const near = text.slice(at + 1, at + 1 + looseAtMost).indexOf(letter)
    const next = near >= 0 ? at + 1 + near : nextBeginning(letter, at, text)
    if (next < 0) return false
    at = next
  }
  return true
}

/** The beginning of one of the next two words. */
const nextBeginning = (letter: string, after: number, text: string): number => {
  const first = text.indexOf(' ', after) + 1
  if (first === 0) return -1
  if (text.startsWith(letter, first)) return first
  const second = text.indexOf(' ', first) + 1
  return second > 0 && text.startsWith(letter, second) ? second : -1
}

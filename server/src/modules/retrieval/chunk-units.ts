import { countTokens, type Language, type Range, splitSentences, tokenize } from '#modules/language'

/** A heading of a page, with its place in the page's text. Level 1 is the highest. */
export interface Heading {
  text: string
  level: number
  start: number
  end: number
}

/** A page as parsing leaves it: NFC text that is never changed afterwards. */
export interface Page {
  number: number
  text: string
  headings: Heading[]
}

/** What a chunk is put together from: a sentence or a heading, with the headings it stands under. */
export interface Unit extends Range {
  tokens: number
  path: string[]
  /** The heading's level, 0 for a sentence. */
  level: number
  /** A blank line stands before it. */
  opensParagraph: boolean
}

/** The most tokens a chunk may have, and so the most a single sentence may bring uncut. */
export const maxTokens = 400
/** No sentence of 400 words is longer; what is longer is not prose and is cut. */
const maxChars = 4_000

const blankLine = /\n[^\S\n]*\n/

/** The valid headings of a page in reading order, none inside another. */
const orderedHeadings = ({ text, headings }: Page): Heading[] => {
  const inside = headings.filter(({ start, end }) => start >= 0 && start < end && end <= text.length)
  const kept: Heading[] = []
  for (const heading of inside.toSorted((a, b) => a.start - b.start)) {
    if (heading.start >= (kept.at(-1)?.end ?? 0)) kept.push(heading)
  }
  return kept
}

const isLowSurrogate = (text: string, at: number): boolean => (text.charCodeAt(at) & 0xfc00) === 0xdc00

/** Cuts a sentence that alone exceeds the limit: between words, and between characters where there are no words. */
const cutLong = (text: string, { start, end }: Range): Range[] => {
  const ends: number[] = []
  let [from, count] = [start, 0]
  const cutTo = (at: number): void => {
    while (at - from > maxChars) {
      from += isLowSurrogate(text, from + maxChars) ? maxChars - 1 : maxChars
      ends.push(from)
    }
  }
  for (const token of tokenize(text.slice(start, end))) {
    cutTo(start + token.start)
    if (count >= maxTokens || start + token.end - from > maxChars) {
      from = start + token.start
      ends.push(from)
      count = 0
    }
    count += 1
  }
  cutTo(end)
  return [...ends.filter((at) => at > start && at < end), end].map((at, index, all) => ({
    start: all[index - 1] ?? start,
    end: at,
  }))
}

const pieces = (text: string, sentence: Range): (Range & { tokens: number })[] => {
  const tokens = countTokens(text.slice(sentence.start, sentence.end))
  if (tokens <= maxTokens && sentence.end - sentence.start <= maxChars) return [{ ...sentence, tokens }]
  return cutLong(text, sentence).map((range) => ({ ...range, tokens: countTokens(text.slice(range.start, range.end)) }))
}

const enter = (stack: Heading[], heading: Heading): void => {
  while ((stack.at(-1)?.level ?? 0) >= heading.level) stack.pop()
  stack.push(heading)
}

/**
 * The units of a page in reading order. `stack` holds the headings that are open; it is carried from page to
 * page and changed here, as a section goes on over the page's end.
 */
export const unitsOf = (page: Page, language: Language | null, stack: Heading[]): Unit[] => {
  const units: Unit[] = []
  const add = (range: Range, level: number): void => {
    const path = stack.map((heading) => heading.text)
    for (const piece of pieces(page.text, range)) {
      const opensParagraph = blankLine.test(page.text.slice(units.at(-1)?.end ?? 0, piece.start))
      units.push({ ...piece, path, level, opensParagraph })
    }
  }
  const addText = (start: number, end: number): void => {
    for (const sentence of splitSentences(page.text.slice(start, end), language)) {
      add({ start: start + sentence.start, end: start + sentence.end }, 0)
    }
  }
  let at = 0
  for (const heading of orderedHeadings(page)) {
    addText(at, heading.start)
    enter(stack, heading)
    add(heading, heading.level)
    at = heading.end
  }
  addText(at, page.text.length)
  return units
}

/** Citation marks in what a model writes: `[1]`, `[1, 2]`, and the same in full-width brackets and digits. */
import { fold } from '#modules/language'

const mark = String.raw`[\[［【]\s{0,2}\p{Nd}{1,3}(?:\s{0,2}[,،，、;]\s{0,2}\p{Nd}{1,3}){0,9}\s{0,2}[\]］】]`
const marks = new RegExp(mark, 'gu')
const trailing = new RegExp(String.raw`(?:\s{0,3}${mark})+\s{0,3}$`, 'u')
/** Marks and closing signs behind a full stop belong to the sentence before. */
export const closing = new RegExp(String.raw`(?:["'”’»)\]*_]|\s{0,3}${mark})*`, 'uy')

/** The numbers that a sentence cites and that there are, in the order of their naming. A mark at its head is the one before's. */
export const citesIn = (text: string, known: ReadonlySet<number>): number[] => {
  const cites = new Set<number>()
  for (const { 0: found, index } of text.matchAll(marks)) {
    if (index === 0) continue
    for (const digits of fold(found).match(/\d+/g) ?? []) if (known.has(Number(digits))) cites.add(Number(digits))
  }
  return [...cites]
}

export const withoutMarks = (text: string): string => text.replace(new RegExp(String.raw`\s{0,3}${mark}`, 'gu'), '')

/** The same length, with spaces in the place of marks: for what looks at where sentences end. */
export const maskMarks = (text: string): string => text.replace(marks, (found) => ' '.repeat(found.length))

/** How long a sentence is without the marks behind it. */
export const lengthWithoutMarks = (text: string): number => text.length - (trailing.exec(text)?.[0].length ?? 0)

export const endsWithMark = (text: string): boolean => trailing.test(text)

/** A mark of a footnote, as some models write theirs: it names no source, and its number is no claim. */
const footnote = /\[\^[^\]\s]{1,20}\]/g

/** What a reader sees of a piece of Markdown, without signs and marks: this is held against the pages. */
export const plainText = (text: string): string =>
  withoutMarks(text)
    .replace(footnote, '')
    .replace(/^\s*(`{3,}|~{3,})[^\n]*\n?|\n?(`{3,}|~{3,})\s*$/g, ' ')
    .split('\n')
    .filter((line) => !(/^[ \t:|-]+$/.test(line) && line.includes('-')))
    .join(' ')
    .replaceAll('|', ' ')
    .replace(/\*\*|__|\$\$?|\\[[\]()]|`/g, '')
    .replace(/(?<![\p{L}\p{N}])[*_](?=\S)|(?<=\S)[*_](?![\p{L}\p{N}])/gu, '')
    .replaceAll('&lt;', '<')
    .replace(/\s+/g, ' ')
    .trim()

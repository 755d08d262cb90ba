/** Sentences of the question sets' paragraphs, to be told truly or not. */
import type { Language } from '../../server/src/modules/language/index.ts'
import { splitSentences } from '../../server/src/modules/language/index.ts'
import { halfOf, type QuestionSet } from '../sets.ts'

export interface Material {
  set: string
  language: Language
  half: 0 | 1
  article: string
  page: string
  sentence: string
  /** The other sentences of the page that are long enough. */
  others: string[]
  /** Short gold answers of the page without digits: mostly names. */
  names: string[]
  /** The same of other articles. */
  foreignNames: string[]
  /** A sentence of another page, of the same article where there is one. */
  foreignSentence: string
}

const leastWords = 7
const mostWords = 45
const ends = /[.۔]$/

const countWords = (text: string): number => text.split(/\s+/).length

const isUsable = (text: string): boolean => {
  const words = countWords(text)
  return words >= leastWords && words <= mostWords && ends.test(text)
}

const namePattern = /^[\p{L}\p{M}' -]{3,30}$/u
const capital = /^\p{Lu}/u

const isName = (text: string, language: Language): boolean => {
  if (!namePattern.test(text) || countWords(text) > 3) return false
  return language === 'ar' || text.split(' ').every((word) => capital.test(word))
}

export const materialOf = (set: QuestionSet): Material[] => {
  const namesOf = new Map<string, string[]>()
  for (const { paragraph, answers } of set.questions) {
    const names = answers.map((it) => it.trim()).filter((it) => isName(it, set.language))
    namesOf.set(paragraph, [...new Set([...(namesOf.get(paragraph) ?? []), ...names])])
  }
  const pages = set.paragraphs.map(({ id, article, text }) => ({
    id,
    article,
    text,
    sentences: splitSentences(text, set.language)
      .map(({ start, end }) => text.slice(start, end))
      .filter(isUsable),
  }))
  return pages.flatMap((page, at) => {
    const far = pages[(at + 7) % pages.length]
    const near = pages.find((it) => it.id !== page.id && it.article === page.article && it.sentences.length > 0)
    const foreignSentence = (near ?? far)?.sentences[0] ?? ''
    return page.sentences.map((sentence) => ({
      set: set.name,
      language: set.language,
      half: halfOf(page.article),
      article: page.article,
      page: page.text,
      sentence,
      others: page.sentences.filter((it) => it !== sentence),
      names: namesOf.get(page.id) ?? [],
      foreignNames: namesOf.get(far?.id ?? '') ?? [],
      foreignSentence,
    }))
  })
}

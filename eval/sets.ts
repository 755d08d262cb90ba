/** The six public question sets, read from the folder that LYCEUM_SHARED_DATA names. Nothing of them stands in the repository. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Language } from '../server/src/modules/language/index.ts'

export interface Paragraph {
  id: string
  article: string
  text: string
  /** The title of its article and the headings that it stands under. */
  headingPath?: string[]
  /** Its language; that of the set when left out. */
  language?: Language
}

export interface Question {
  text: string
  /** The paragraph that answers it. */
  paragraph: string
  /** Further ones that hold the answer, where passages overlap. */
  others?: string[]
  article: string
  /** Where the first answer stands in the paragraph, -1 when there is none. */
  start: number
  answers: string[]
  isImpossible: boolean
}

export interface QuestionSet {
  name: string
  language: Language
  paragraphs: Paragraph[]
  questions: Question[]
}

interface Stored {
  docs: { id: string; title: string; text: string }[]
  questions: { q: string; doc: string; answers: string[]; starts?: number[]; impossible?: boolean }[]
}

const files: [name: string, language: Language, file: string][] = [
  ['XQuAD en', 'en', 'xquad-en.dev.json'],
  ['XQuAD de', 'de', 'xquad-de.dev.json'],
  ['XQuAD ar', 'ar', 'xquad-ar.dev.json'],
  ['ARCD ar', 'ar', 'arcd-ar.dev.json'],
  ['SQuAD2 en', 'en', 'squad2-en.dev.json'],
  ['IDK id', 'id', 'idkmrc-id.dev.json'],
]

const readSet = (folder: string, [name, language, file]: (typeof files)[number]): QuestionSet => {
  const stored = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Stored
  // IDK-MRC has no titles: each paragraph is an article of its own.
  const paragraphs = stored.docs.map(({ id, title, text }) => ({
    id,
    article: title || id,
    text: text.normalize('NFC'),
    headingPath: title ? [title] : [],
  }))
  const articleOf = new Map(paragraphs.map(({ id, article }) => [id, article]))
  const questions = stored.questions.map(({ q, doc, answers, starts, impossible }) => ({
    text: q,
    paragraph: doc,
    article: articleOf.get(doc) ?? doc,
    start: starts?.[0] ?? -1,
    answers: answers.map((answer) => answer.normalize('NFC')),
    isImpossible: impossible === true,
  }))
  return { name, language, paragraphs, questions }
}

/** The sets, or null with a line that says what is missing. */
export const readSets = (dataFolder: string | undefined): QuestionSet[] | null => {
  const folder = dataFolder ? join(dataFolder, 'retrieval') : undefined
  if (!folder || !existsSync(folder)) {
    console.log('skipped: the evaluation (LYCEUM_SHARED_DATA names no folder with retrieval/*.dev.json)')
    return null
  }
  return files.map((file) => readSet(folder, file))
}

/** Questions that have an answer; of the largest set every second one, so that it costs no more than the others. */
export const answerable = ({ questions }: QuestionSet): Question[] =>
  questions.filter(({ isImpossible }, at) => !isImpossible && (questions.length < 2_000 || at % 2 === 0))

/**
 * The half of an article, so that none is in both: half 0 is for choosing, half 1 for measuring. By title, so
 * that XQuAD's three languages and SQuAD 2 share one split. FNV-1a, its low bit.
 */
export const halfOf = (article: string): 0 | 1 => {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(article)) hash = Math.imul(hash ^ byte, 0x01000193)
  return ((hash >>> 7) & 1) as 0 | 1
}

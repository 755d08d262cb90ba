/** Sentences and honest free rewordings of them, written for this repository; one file a language. */
import { existsSync, readFileSync } from 'node:fs'
import type { Language } from '../../server/src/modules/language/index.ts'

export interface Paraphrase {
  language: Language
  half: 0 | 1
  /** The passage that the sentence stands in. */
  page: string
  sentence: string
  paraphrase: string
}

const written: Language[] = ['en', 'de', 'ar']

/** Passages are parted by empty lines; a line is a sentence, a bar and its rewording. */
const readFile = (language: Language): Paraphrase[] => {
  const file = new URL(`./paraphrases.${language}.txt`, import.meta.url)
  if (!existsSync(file)) return []
  const passages = readFileSync(file, 'utf8')
    .trim()
    .split(/\n\s*\n/)
  return passages.flatMap((passage, at) => {
    const rows = passage.split('\n').map((line) => line.split(' | '))
    const page = rows.map(([sentence]) => sentence).join(' ')
    return rows.map(([sentence = '', paraphrase = '']) => ({
      language,
      half: (at % 2) as 0 | 1,
      page,
      sentence,
      paraphrase,
    }))
  })
}

export const readParaphrases = (): Paraphrase[] => written.flatMap(readFile)

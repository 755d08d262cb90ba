import { stopWords } from './language-words.ts'
import type { DocumentLanguage } from './types.ts'

const lexicon = new Map<string, DocumentLanguage[]>()
for (const language of ['en', 'de', 'id', 'ar'] as const) {
  for (const word of stopWords[language]) lexicon.set(word, [...(lexicon.get(word) ?? []), language])
}

/** Arabic script also writes Persian and Urdu; their own letters tell them apart. */
const persianLetters = /[پچژگکیٹڈڑںہھے]/
const arabicWord = /^\p{Script=Arabic}/u

interface Tally {
  words: number
  arabic: number
  foreign: number
  hits: Record<DocumentLanguage, number>
}

const tally = (text: string): Tally => {
  const counts: Tally = {
    words: 0,
    arabic: 0,
    foreign: 0,
    hits: { en: 0, de: 0, id: 0, ar: 0 },
  }
  for (const word of text.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? []) {
    counts.words += 1
    if (arabicWord.test(word)) counts.arabic += 1
    if (persianLetters.test(word)) counts.foreign += 1
    for (const language of lexicon.get(word) ?? []) counts.hits[language] += 1
  }
  return counts
}

/** Fewer function words than this among the words, and the text is no running text of that language. */
const leastShare = 0.08

/**
 * The language that a text is mainly written in, from its script and its function words; null when none of the four
 * is likely. A sample of some 20,000 characters is enough.
 */
export const guessLanguage = (text: string): DocumentLanguage | null => {
  const { words, arabic, foreign, hits } = tally(text)
  if (words === 0) return null
  // Lessons on programming hold more words of code than of the language they are written in.
  const isArabic = arabic > words / 2 || (arabic > words / 5 && hits.ar > Math.max(hits.en, hits.de, hits.id))
  if (isArabic) return foreign > arabic / 5 ? null : 'ar'
  const latin = words - arabic
  const [best, second] = (['en', 'de', 'id'] as const)
    .map((language) => ({ language, count: hits[language] }))
    .sort((a, b) => b.count - a.count)
  if (!best || !second || best.count < 2 || best.count < latin * leastShare) return null
  return best.count >= second.count * 1.5 ? best.language : null
}

/** Text to measure with: made up, the same for the same seed, and spread as words are spread in prose (Zipf). */

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export const createRandom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const onsets = 'b c d f g h l m n p r s t v w br ch cl cr dr fl gr pl pr sh sl sp st str th tr'.split(' ')
const vowels = 'a a e e e i i o o u ai ea io ou'.split(' ')
const codas = ['', '', '', '', 'n', 'r', 's', 't', 'l', 'm', 'nd', 'nt', 'rt', 'st', 'ck']
const endings = ['', '', '', '', 'ed', 'er', 'ing', 'ion', 'ity', 'ly', 'ment', 'ness', 's']
/** What English has most of; every text is full of them, and a question's are left out. */
const commonest = 'the of and to a in is that it for was on with as by at from are this be which or an not but'.split(
  ' ',
)

const vocabularySize = 40_000

/** Words by rank, the commonest first. They look like words, so that their 4-grams are shared as those of words are. */
export const createVocabulary = (seed: number): string[] => {
  const random = createRandom(seed)
  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? ''
  const made = new Set<string>()
  while (made.size < vocabularySize) {
    const syllables = 1 + Math.floor(random() * 3)
    const stem = Array.from({ length: syllables }, () => pick(onsets) + pick(vowels) + pick(codas)).join('')
    if (stem.length > 2) made.add(stem + pick(endings))
  }
  // What is said often is short (Zipf's other law), give or take a few letters.
  const ranked = [...made].map((word) => ({ word, rank: word.length + 6 * random() }))
  return [...commonest, ...ranked.toSorted((a, b) => a.rank - b.rank).map(({ word }) => word)]
}

/** A rank drawn as often as Zipf has it: the n-th word 1/n times as often as the first. */
const zipf = (random: () => number, size: number): number => Math.floor(size ** random()) - 1

/** One word in four is of the document's subject: a few hundred words that others seldom have. */
const ofSubject = 0.25
const subjectWords = 400

export interface Writer {
  /** A passage of about so many words, in sentences. */
  passage(words: number): string
  /** A question about the subject, as a person asks it: 3 to 12 words, a third of them common, some misspelt. */
  question(): string
}

/** Writes about one subject of many. */
export const createWriter = (vocabulary: readonly string[], seed: number): Writer => {
  const random = createRandom(seed)
  const subject = Array.from({ length: subjectWords }, () => Math.floor(500 + random() * (vocabulary.length - 500)))
  const common = (): string => vocabulary[zipf(random, vocabulary.length)] ?? 'the'
  const special = (): string => vocabulary[subject[zipf(random, subjectWords)] ?? 0] ?? 'the'
  const word = (): string => (random() < ofSubject ? special() : common())
  const sentence = (): string => {
    const words = Array.from({ length: 8 + Math.floor(random() * 18) }, word).join(' ')
    return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
  }
  const misspelt = (text: string): string => {
    const at = 1 + Math.floor(random() * (text.length - 1))
    return random() < 0.1 ? text.slice(0, at) + text.slice(at + 1) : text
  }
  return {
    passage: (count) => {
      const sentences: string[] = []
      for (let words = 0; words < count; words += sentences.at(-1)?.split(' ').length ?? 1) sentences.push(sentence())
      return sentences.join(' ')
    },
    question: () =>
      Array.from({ length: 3 + Math.floor(random() * 10) }, () =>
        random() < 1 / 3 ? (vocabulary[Math.floor(random() * 100)] ?? '') : misspelt(special()),
      ).join(' '),
  }
}

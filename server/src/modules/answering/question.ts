import { isNumber, type Language, stopWords, tokenize } from '#modules/language'
import { numberWords, percentWords, questionWords, sideDividers, timeWords } from './vocabulary.ts'

/** From this match on a word of the sentence is a word of the question and cannot be its answer. */
export const sameWord = 0.8

/** What kind of word the answer must hold. */
export type Asked = 'when' | 'how_many' | 'who' | 'where' | 'why' | 'other'

/** Patterns over the folded words of a question, joined by single spaces. The one that matches first in it wins. */
const patterns: [Asked, RegExp][] = [
  [
    'when',
    /\b(?:when|(?:what|which) (?:year|years|date|day|month|century|decade)|wann|(?:welchem|welches|welchen|welcher) (?:jahr|jahre|jahres|datum|tag|monat|jahrhundert|jahrzehnt)|kapan|kapankah|tahun berapa(?:kah)?|tanggal berapa|abad berapa|bulan apa)\b/,
  ],
  ['when', /(?:^| )(?:متي|(?:اي|ايه) (?:عام|سنه|تاريخ|يوم|شهر|قرن)|(?:عام|سنه|تاريخ) كم)(?: |$)/],
  [
    'how_many',
    /\b(?:how (?:many|much|long|old|far|tall|high|large|big|fast|often|deep)|what (?:percentage|percent|number)|wie ?viele?n?|wie (?:lange|alt|hoch|gross|weit|oft|schnell|tief|lang)|wieviel\w*|berapa\w*)\b/,
  ],
  ['how_many', /(?:^| )(?:كم|بكم|ما (?:عدد|نسبه|طول|ارتفاع|مساحه)|كم عدد)(?: |$)/],
  ['who', /\b(?:who|whom|whose|wer|wem|wen|wessen|siapa\w*)\b/],
  ['who', /^(?:من(?! كم| بين)|لمن|ممن)(?: |$)|(?: )(?:من هو|من هي|من هم|من الذي)(?: |$)/],
  ['where', /\b(?:where|wo|woher|wohin|(?:di|ke|dari) ?mana\w*|dimana\w*)\b/],
  ['where', /(?:^| )(?:اين|واين|(?:اي|ايه) (?:مدينه|دوله|بلد|مكان))(?: |$)/],
  ['why', /\b(?:why|reason|warum|wieso|weshalb|weswegen|grund|mengapa|kenapa|alasan)\b/],
  ['why', /(?:^| )(?:لماذا|لم|ما سبب|السبب)(?: |$)/],
]

/** The folded words at a question's beginning, joined by single spaces. */
const wordsOf = (question: string): string =>
  tokenize(question.slice(0, 2_000))
    .map(({ word }) => word)
    .slice(0, 64)
    .join(' ')

/** What also joins clauses. */
const joining: ReadonlySet<Asked> = new Set(['when', 'where'])
/** Question words that want no certain kind of word. What stands behind one only joins: "Which sea ... when he died?" */
const openWords = /^was\b|\b(?:what|which|how|welche[rsmn]?|wie|apa|bagaimana)\b/

/** The question's type by its first question word, in four languages; 'other' when none is recognised. */
export const askedFor = (question: string): Asked => {
  const words = wordsOf(question)
  const open = words.search(openWords)
  const found = patterns.flatMap(([asked, pattern]) => {
    const at = words.search(pattern)
    const isJoined = joining.has(asked) && open >= 0 && open < at
    return at < 0 || isJoined ? [] : [{ asked, at }]
  })
  return found.toSorted((a, b) => a.at - b.at)[0]?.asked ?? 'other'
}

/** A request stands at the question's beginning: "How do you render a list?" asks for none. */
const polite = '(?:please |can you |could you |bitte |kannst du |tolong |من فضلك )?'
const asPattern = (words: string): RegExp => new RegExp(`^${polite}(?:${words})(?: |$)`)

const outlinePatterns = [
  asPattern(
    'outline|gliedere|skizziere|(?:make|give|create|write|erstelle|mache|gib|buat\\w*|berikan) (?:\\S+ ){0,3}(?:outline|overview|gliederung|uberblick|ubersicht|kerangka|garis besar)|kerangka|garis besar|ضع مخططا|مخطط|الخطوط العريضه|لخص عناوين',
  ),
]
const listPatterns = [
  asPattern(
    'list|enumerate|name (?:all|the|some|two|three|four|five)|liste|nenne(?! ein)|nennen sie(?! ein)|zahle|sebutkan|daftar\\w*|(?:make|give|create|erstelle|mache|buat\\w*) (?:\\S+ ){0,3}(?:list|liste|daftar)',
  ),
  /^(?:(?:what|which) are (?:all|(?:the )?(?:\S+ )?(?:types|kinds|steps|parts|stages|phases|two|three|four|five|six))|was sind (?:die )?(?:\S+ )?(?:arten|schritte|teile|phasen|drei|vier|funf)|apa saja)\b/,
  /^(?:اذكر|عدد|اسرد)(?! (?:اسم|الاسم|احد|احدي|مرضا))(?: |$)|(?:^| )(?:قائمه|خطوات|ما هي انواع|ما هي اقسام)(?: |$)/,
]
const comparisonPatterns = [
  asPattern('compare|contrast|vergleiche|vergleichen sie|bandingkan|قارن'),
  /\b(?:differences? between|unterschiede? zwischen|perbedaan(?: antara)?|differs? from|vs)\b/,
  /(?:^| )(?:الفرق|الفروق|المقارنه|الاختلاف) (?:بين)(?: |$)/,
]
const definitionPatterns = [
  /^(?:what (?:is|are) (?:a |an |the )?(?:\S+ ?){1,3}$|define |explain |was (?:ist|sind|bedeutet) (?:ein |eine |der |die |das )?(?:\S+ ?){1,2}$|definiere |erklare |apa (?:itu|yang dimaksud) |jelaskan |(?:ما هو|ما هي|ماهو|ماهي) (?:\S+ ?){1,2}$|(?:عرف|اشرح) )/,
]

/**
 * What the answer is for: a list or an outline may be longer, a comparison wants both sides, a definition names its
 * subject first.
 */
export type Aim = 'list' | 'outline' | 'comparison' | 'definition' | 'fact'

const aims: [Aim, RegExp[]][] = [
  ['comparison', comparisonPatterns],
  ['outline', outlinePatterns],
  ['list', listPatterns],
  ['definition', definitionPatterns],
]

export const aimOf = (question: string): Aim => {
  const words = wordsOf(question)
  return aims.find(([, patterns]) => patterns.some((pattern) => pattern.test(words)))?.[0] ?? 'fact'
}

const capital = /^\p{Lu}/u

/** What a question wants and what its words are, read once. Sets and the focus are indices into the words. */
export interface Inquiry {
  asked: Asked
  aim: Aim
  /** The word behind the question word ("which river"); null when there is none. */
  focus: number | null
  numbers: ReadonlySet<number>
  /** Capitalised words but the first one; none in Arabic. */
  names: ReadonlySet<number>
  wantsPercent: boolean
  /** The words that stand on one side of a comparison alone; null when none is asked for or a side is not told. */
  sides: [number[], number[]] | null
}

/** How many words behind the question word its noun may stand: "which of the". */
const focusReach = 3

const focusOf = (asked: readonly string[], words: readonly string[]): number | null => {
  const from = asked.findIndex((word) => questionWords.has(word)) + 1
  const focus = asked.slice(from, from + focusReach).find((word) => words.includes(word))
  return focus === undefined ? null : words.indexOf(focus)
}

const arabicAnd = /^و(?=\p{L}{3})/u

/** Cut at the first divider with words of the topic on both sides: "plant cells" / "animal cells" gives plant and animal. */
const sidesOf = (asked: readonly string[], words: readonly string[]): [number[], number[]] | null => {
  const isTopic = (word: string): boolean => words.includes(word)
  const cut = asked.findIndex((word, at) => {
    const divides = sideDividers.has(word) || arabicAnd.test(word)
    return divides && asked.slice(0, at).some(isTopic) && asked.slice(at).some(isTopic)
  })
  if (cut < 0) return null
  const [left, right] = [asked.slice(0, cut), asked.slice(cut)]
  const only = (side: readonly string[], other: readonly string[]): number[] =>
    words.flatMap((word, at) => (side.includes(word) && !other.includes(word) ? [at] : []))
  const sides: [number[], number[]] = [only(left, right), only(right, left)]
  return sides.every((side) => side.length > 0) ? sides : null
}

/** @param words the content words that the search went by */
export const readQuestion = (question: string, language: Language | null, words: readonly string[]): Inquiry => {
  const tokens = tokenize(question.slice(0, 2_000))
  const stops = stopWords(language)
  const capitals = tokens.filter(
    ({ word, start, end }, at) => at > 0 && !stops.has(word) && capital.test(question.slice(start, end)),
  )
  const named = new Set(capitals.map(({ word }) => word))
  const asked = tokens.map(({ word }) => word)
  const whose = (holds: (word: string) => boolean): ReadonlySet<number> =>
    new Set(words.flatMap((word, at) => (holds(word) ? [at] : [])))
  const aim = aimOf(question)
  return {
    asked: askedFor(question),
    aim,
    sides: aim === 'comparison' ? sidesOf(asked, words) : null,
    focus: focusOf(asked, words),
    numbers: whose(isNumber),
    names: whose((word) => named.has(word)),
    wantsPercent: asked.some((word) => percentWords.has(word)),
  }
}

/** A word of a sentence as the expectation sees it. */
export interface Candidate {
  word: string
  /** As written, for capitals. */
  written: string
  isStop: boolean
  isFirst: boolean
}

const isNameLike = ({ written, isStop, isFirst }: Candidate, language: Language | null): boolean =>
  language === 'ar' ? !isStop : capital.test(written) && !(isStop && isFirst)

/** Whether a word is of the kind that answers such a question (`cand` in docs/measurements.md, "Answers"). */
export const isExpected = (candidate: Candidate, asked: Asked, language: Language | null): boolean => {
  const { word, isStop } = candidate
  if (asked === 'when') return isNumber(word) || timeWords.has(word)
  if (asked === 'how_many') return isNumber(word) || numberWords.has(word)
  if (asked === 'who' || asked === 'where') return isNameLike(candidate, language)
  return !isStop
}

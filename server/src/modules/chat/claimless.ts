/** Which sentences of a model claim nothing and may pass without a source. In doubt a sentence claims something. */
import { fold, foldWord, isNumber, tokenize, writtenWords } from '#modules/language'
import type { Piece } from './pieces.ts'
import { isStopWord, isTalkWord } from './talk-words.ts'

export type Claimless =
  /** Leads to what follows and is worth nothing without it: a heading, a table's head, "The steps are:". */
  | 'lead_in'
  /** A question to the learner, a word of conversation. */
  | 'talk'

export interface Known {
  /** The words of the question and of the sources, folded. */
  words: ReadonlySet<string>
  /** The message was small talk: nobody asked about any subject. */
  isSmallTalk: boolean
}

export const knownWords = (texts: readonly string[]): Set<string> =>
  // Each is folded once, however often it stands there.
  new Set([...new Set(texts.flatMap(writtenWords))].map(foldWord))

/** Words that announce what comes. */
const announcing = new Set(
  tokenize(`here overview summary answer answers following follows steps points point key main important example examples reasons
    reason list lists explained short brief comparison difference differences definition conclusion introduction below
    hier überblick übersicht zusammenfassung antwort antworten folgende folgenden folgt schritte punkte punkt wichtig
    wichtigste wichtigsten beispiel beispiele gründe grund liste kurz vergleich unterschied unterschiede einleitung fazit
    lassen lässt sich zusammenfassen unten zusammengefasst
    يلي ملخص نظرة عامة الخطوات النقاط الرئيسية المهمة باختصار مثال أمثلة الأسباب الفرق تعريف خلاصة مقدمة التالية الآتي
    berikut ringkasan langkah poin utama penting contoh singkatnya alasan daftar perbandingan perbedaan kesimpulan
    pendahuluan yaitu`).map(({ word }) => word),
)

const freeHeadingWords = 3
const longestAnnouncement = 16
const longestSmallTalk = 40
const asks = /[?؟？]["'”’»)\]*_\s]*$/u
const announces = /[:：]["'”’»)\]*_\s]*$/u

/** Questions that tell: "Did you know that …?", "…, isn't it?" */
const tellsByAsking =
  /^(?:did|do|have) you (?:know|heard)|^(?:wusstest|wussten|weisst|wissen) (?:du|sie)|^هل (?:تعلم|علمت)|^(?:tahukah|apakah (?:kamu|anda) tahu)|(?:right|isn't it|aren't they|doesn't it|correct|oder|nicht wahr|richtig|bukan|اليس كذلك)$/

const person = new Set(
  tokenize(
    "i i'm i'll me my you your we us let's ich mir mich mein du dir dich dein deine sie ihnen ihre wir uns euch أنا انا أنت انت نحن لك بك مساعدتك saya aku anda kamu kita kami",
  ).map(({ word }) => word),
)

/** @param plain the piece as the reader sees it */
export const claimsNothing = (plain: string, block: Piece['block'], known: Known): Claimless | null => {
  const words = tokenize(plain).map(({ word }) => word)
  if (words.length === 0) return 'talk'
  if (block === 'math') return isFormula(plain, known) ? 'talk' : null
  if (block === 'code' || block === 'row') return null
  // A number that nobody has named is a claim in any dress.
  if (words.some((word) => isNumber(word) && !known.words.has(word))) return null
  if (leadsIn(plain, block, { words, known })) return 'lead_in'
  return isTalk(plain, words, known) ? 'talk' : null
}

const leadsIn = (
  plain: string,
  block: Piece['block'],
  { words, known }: { words: readonly string[]; known: Known },
): boolean => {
  const topics = words.filter((word) => !isStopWord(word))
  const isFamiliar = topics.every((word) => known.words.has(word) || announcing.has(word))
  if (block === 'text') return announces.test(plain) && isFamiliar && words.length <= longestAnnouncement
  return topics.length <= freeHeadingWords || isFamiliar
}

/** Signs and letters that rewrite what is known: no number of more than a digit, and no word, that nobody has named. */
const isFormula = (plain: string, known: Known): boolean =>
  tokenize(plain.replace(/\\[a-zA-Z]+/g, ' '))
    .map(({ word }) => word)
    .every((word) => known.words.has(word) || word.length <= (isNumber(word) ? 1 : 2))

const isTalk = (plain: string, words: readonly string[], { isSmallTalk }: Known): boolean => {
  if (asks.test(plain)) return !tellsByAsking.test(words.map(fold).join(' '))
  if (words.every(isTalkWord)) return true
  return isSmallTalk && words.length <= longestSmallTalk && words.some((word) => person.has(word))
}

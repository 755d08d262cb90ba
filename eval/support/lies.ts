/** Lies: a true sentence of the page, whole or shortened, with one thing changed. The word lists are not the checker's. */
import type { Language } from '../../server/src/modules/language/index.ts'
import type { Material } from './material.ts'
import {
  digits,
  grouped,
  millionWords,
  otherNotations,
  plainValue,
  toArabicDigits,
  toLatinDigits,
  valueWord,
  wordValue,
  year,
} from './notations.ts'
import { pick, type Random } from './random.ts'
import { type Change, put, type WordLieKind, wordLieKinds } from './word-lies.ts'

type LieKind = 'number' | 'date' | 'name' | 'negation' | 'roles' | WordLieKind

const changedValue = (value: number, random: Random): number => {
  const ways = [
    value + 1,
    value * 10,
    value + 10 ** Math.max(0, String(Math.trunc(value)).length - 1),
    Math.max(2, value - 1),
  ]
  const other = pick(random, ways) ?? value + 1
  return other === value ? value + 3 : Number.isInteger(value) ? other : Math.round(other * 10) / 10 + 0.2
}

const numberLies = (sentence: string, { language, page }: Material, random: Random): string[] =>
  [...sentence.matchAll(digits)].flatMap(({ 0: found, index }) => {
    const value = plainValue(found)
    if (value === null || year.test(toLatinDigits(found))) return []
    const other = changedValue(value, random)
    const plain = String(other)
    const others = [...page.matchAll(digits)]
      .map(([it]) => it)
      .filter((it) => plainValue(it) !== value && plainValue(it) !== null)
    const writings = [
      plain,
      ...otherNotations(plain, language),
      ...(language === 'ar' ? [toArabicDigits(plain)] : []),
      ...(other > 3_000 && Number.isInteger(other) ? [grouped(other, ','), grouped(other, '.')] : []),
      ...millionWords(language).map((word) => `${found} ${word}`),
      ...others.slice(0, 3),
    ]
    const chosen = pick(random, writings) ?? plain
    return [put(sentence, index, found, chosen)]
  })

const wordLies = (sentence: string, { language }: Material, random: Random): string[] =>
  [...sentence.matchAll(/\p{L}+/gu)].flatMap(({ 0: word, index }) => {
    const value = wordValue(word, language)
    if (value === null) return []
    const other = value + (random() < 0.5 && value > 2 ? -1 : 1)
    const written = random() < 0.5 ? String(other) : (valueWord(other, language) ?? String(other))
    return [put(sentence, index, word, written)]
  })

const number: Change = (sentence, material, random) =>
  pick(random, [...numberLies(sentence, material, random), ...wordLies(sentence, material, random)]) ?? null

const monthNames: Record<Language, string[]> = {
  en: 'January February March April June July August September October November December'.split(' '),
  de: 'Januar Februar März April Juni Juli August September Oktober November Dezember'.split(' '),
  ar: 'يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر'.split(' '),
  id: 'Januari Februari Maret April Juni Juli Agustus September Oktober November Desember'.split(' '),
}
const century: Record<Language, RegExp> = {
  en: /(\d{1,2})(?:st|nd|rd|th) century/,
  de: /(\d{1,2})\. Jahrhundert/,
  ar: /القرن (الخامس|السادس|السابع|الثامن|التاسع|العاشر)/,
  id: /abad ke-(\d{1,2})/,
}
const arabicOrdinals = ['الخامس', 'السادس', 'السابع', 'الثامن', 'التاسع', 'العاشر']

const yearLies = (sentence: string, { language, page }: Material, random: Random): string[] =>
  [...sentence.matchAll(digits)].flatMap(({ 0: found, index }) => {
    const plain = toLatinDigits(found)
    if (!year.test(plain)) return []
    const shifted = String(Number(plain) + (pick(random, [1, -1, 10, -10, 100, -100, 2, 9]) ?? 1))
    const years = [...page.matchAll(digits)]
      .map(([it]) => it)
      .filter((it) => year.test(toLatinDigits(it)) && it !== found)
    const other = random() < 0.4 ? (pick(random, years) ?? shifted) : shifted
    const isIndic = language === 'ar' && random() < 0.3
    return [put(sentence, index, found, isIndic ? toArabicDigits(toLatinDigits(other)) : other)]
  })

const monthLies = (sentence: string, { language }: Material, random: Random): string[] =>
  [...sentence.matchAll(/[\p{L}\p{M}]+/gu)].flatMap(({ 0: word, index }) => {
    if (!monthNames[language].includes(word)) return []
    const other = pick(
      random,
      monthNames[language].filter((it) => it !== word),
    )
    const [, day] = /(\d{1,2})\.? $/.exec(sentence.slice(0, index)) ?? []
    const at = day === undefined ? -1 : sentence.lastIndexOf(day, index)
    return [
      put(sentence, index, word, other ?? word),
      ...(day === undefined ? [] : [put(sentence, at, day, String((Number(day) % 27) + 2))]),
    ]
  })

const centuryLies = (sentence: string, { language }: Material, random: Random): string[] => {
  const found = century[language].exec(sentence)
  if (!found?.[1]) return []
  const others = arabicOrdinals.filter((it) => it !== found[1])
  const now = language === 'ar' ? pick(random, others) : String(Number(found[1]) - 1)
  return [put(sentence, found.index, found[0], found[0].replace(found[1], now ?? ''))]
}

const date: Change = (sentence, material, random) =>
  pick(random, [
    ...yearLies(sentence, material, random),
    ...monthLies(sentence, material, random),
    ...centuryLies(sentence, material, random),
  ]) ?? null

const capitals = /(?<=[\p{L}\p{Nd},;] )\p{Lu}[\p{L}\p{M}]+(?: \p{Lu}[\p{L}\p{M}]+){0,2}/gu

/** Names that stand inside a sentence; in Arabic only what an answer names. */
const namesIn = (sentence: string, { language, names }: Material): { found: string; index: number }[] => {
  const answers = names.flatMap((found) => {
    const index = ` ${sentence}`.indexOf(` ${found}`)
    return index < 0 ? [] : [{ found, index }]
  })
  if (language === 'ar' || language === 'de') return answers
  return [...answers, ...[...sentence.matchAll(capitals)].map(({ 0: found, index }) => ({ found, index }))]
}

const name: Change = (sentence, material, random) => {
  const target = pick(random, namesIn(sentence, material))
  if (!target) return null
  const inPage = [...material.names, ...namesIn(material.page, material).map(({ found }) => found)]
  const pool = (random() < 0.5 ? inPage : material.foreignNames).filter(
    (it) => !target.found.includes(it) && !it.includes(target.found),
  )
  const other = pick(random, pool)
  return other ? put(sentence, target.index, target.found, other) : null
}

const auxiliary: Record<Language, RegExp> = {
  en: / (is|are|was|were|has|had|have|can|could|will|would|may|must|should) /g,
  de: / (ist|sind|war|waren|wurde|wurden|wird|werden|hat|hatte|hatten|kann|konnte|konnten|ein|eine|einen) /g,
  ar: / (?=(?:ي|ت)[\u0621-\u064a]{3,7} )/g,
  id: / (adalah|merupakan|memiliki|dapat|bisa|telah|akan|menjadi|terletak|berada) /g,
}
const negatorWords: Record<Language, RegExp> = {
  en: /\b(?:not|never|no|without|cannot) /g,
  de: /(?<= )(?:nicht|nie|niemals|ohne|keine?[nmrs]?) /g,
  ar: /(?<= )(?:لا|لم|لن|ليس|غير|دون|بدون) /g,
  id: /(?<= )(?:tidak|bukan|belum|tanpa) /g,
}

const insertNot = (sentence: string, language: Language, random: Random): string | null => {
  const place = pick(random, [...sentence.matchAll(auxiliary[language])])
  if (!place) return null
  const [written] = place
  const at = place.index
  if (language === 'ar') return put(sentence, at, ' ', ` ${pick(random, ['لا', 'لم', 'لن'])} `)
  if (language === 'id') return put(sentence, at, written, ` ${pick(random, ['tidak', 'bukan', 'belum'])}${written}`)
  if (language === 'de' && /ein/.test(written)) return put(sentence, at, written, written.replace('ein', 'kein'))
  if (language === 'de' && random() < 0.4) return sentence.replace(/ (\S+\.)$/, ' nicht $1')
  const not = { en: ['not', 'never', 'no longer'], de: ['nicht', 'nie', 'niemals'] }[language]
  return put(sentence, at, written, `${written}${pick(random, not)} `)
}

/** Added, taken away, or moved. */
const negation: Change = (sentence, { language }, random) => {
  const not = pick(random, [...sentence.matchAll(negatorWords[language])])
  if (!not) return insertNot(sentence, language, random)
  const isArticle = /^kein/.test(not[0])
  const without = put(sentence, not.index, not[0], isArticle ? not[0].slice(1) : '')
  return random() < 0.6 ? without : insertNot(without, language, random)
}

/** Two names change places, unless they stand in a row, where nothing would be a lie. */
const roles: Change = (sentence, material, random) => {
  const found = namesIn(sentence, material).toSorted((a, b) => a.index - b.index)
  const couples = found.flatMap((one, at) =>
    found.slice(at + 1).flatMap((other) => {
      const between = sentence.slice(one.index + one.found.length, other.index)
      const isRow = /^[\s,،]*(?:and|und|or|oder|dan|atau|و|أو)?[\s,،]*و?$/.test(between) || between.length < 5
      const isSame = one.found.includes(other.found) || other.found.includes(one.found)
      return isRow || isSame || /[,،].*[,،]|\b(?:and|und|dan)\b/.test(between) ? [] : [[one, other] as const]
    }),
  )
  const couple = pick(random, couples)
  if (!couple) return null
  const [one, other] = couple
  return put(put(sentence, other.index, other.found, one.found), one.index, one.found, other.found)
}

export const lieKinds: Record<LieKind, Change> = { number, date, name, negation, roles, ...wordLieKinds }

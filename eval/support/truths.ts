/** True sentences near the page's wording, each made in a way that keeps it true. */
import type { Language } from '../../server/src/modules/language/index.ts'
import type { Material } from './material.ts'
import { digits, otherNotations, toLatinDigits, valueWord, wordValue, year } from './notations.ts'
import { pick, type Random } from './random.ts'

export type TruthKind = 'verbatim' | 'reordered' | 'joined' | 'clause dropped' | 'number format'

const body = (sentence: string): string => sentence.replace(/[.۔]$/, '')
const lower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)
const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const countWords = (text: string): number => text.trim().split(/\s+/).length

const openers: Record<Language, RegExp> = {
  en: /^(?:In|On|At|After|Although|While|During|As|Since|Before|Despite|By|From|With|Following|Throughout|Because|Until)\s/,
  de: /^(?:Als|Nachdem|Obwohl|Während|Bevor|Seit|Weil|Da|Indem)\s/,
  ar: /^(?:في|بعد|خلال|منذ|قبل|أثناء|وفي|وبعد|ومنذ|وخلال)\s/,
  id: /^(?:Pada|Setelah|Ketika|Saat|Di|Dalam|Sejak|Sebelum|Selama|Meskipun)\s/,
}
const joined: Record<Language, RegExp> = {
  en: /^(.+?), (?:and|while|but) ((?:the|a|his|her|their|its|he|she|it|they|[A-Z]\w+)\s.+)$/,
  de: /^(.+?), (?:und|aber) ((?:der|die|das|ein|eine|er|sie|es|[A-Z]\p{L}+)\s.+)$/u,
  ar: /^(.+?)، (?:بينما|لكن|ولكن) (.+)$/,
  id: /^(.+?), (?:dan|sedangkan|sementara|tetapi) (.+)$/,
}
const and: Record<Language, string> = { en: ', and ', de: ', und ', ar: '، و', id: ', dan ' }

/** `In 1905, she won.` as `She won in 1905.`; German moves its verb, which is done for pronouns alone. */
const openerLast = (text: string, language: Language): string | null => {
  const [first = '', tail = '', ...rest] = text.split(/(?<=[,،]) /)
  if (!openers[language].test(text) || rest.length > 0 || countWords(tail) < 4) return null
  const moved = lower(first.replace(/[,،]$/, ''))
  if (language !== 'de') return `${upper(tail)}${language === 'ar' ? '، ' : ' '}${moved}.`
  const [, verb, pronoun = '', others] = /^(\p{Ll}+) (er|sie|es|man) (.+)$/u.exec(tail) ?? []
  return verb === undefined ? null : `${upper(pronoun)} ${verb} ${others}, ${moved}.`
}

/** An opening that can stand at the end, or two statements in the other order. */
const reorder = ({ sentence, language }: Material): string | null => {
  const text = body(sentence)
  const moved = openerLast(text, language)
  if (moved) return moved
  const [, one = '', other = ''] = joined[language].exec(text) ?? []
  return countWords(one) < 4 || countWords(other) < 4 ? null : `${upper(other)}${and[language]}${lower(one)}.`
}

const join = ({ sentence, others, language }: Material, random: Random): string | null => {
  const other = pick(random, others)
  if (!other || !/^(?:The|A|An|In|Der|Die|Das|Im|[A-Z]\p{L}+|[\u0600-\u06ff]+)\s/u.test(other)) return null
  if (/^(?:He|She|It|They|This|These|That|Er|Sie|Es|Dies\w*|His|Her|Its|Their|Ia|Dia|Mereka|Ini)\s/.test(other))
    return null
  const mark = random() < 0.5 ? and[language] : '; '
  return `${body(sentence)}${mark}${random() < 0.5 ? other : lower(other)}`
}

const bound: Record<Language, RegExp> = {
  en: /\b(?:if|unless|only|except|according|or|that|not|no|some|most|all|every|said|claim\w*|believ\w*|argu\w*|suggest\w*)\b/i,
  de: /(?:^|\s)(?:wenn|falls|nur|außer|laut|oder|dass|nicht|kein\w*|einige|alle\w*|jede\w*|sagt\w*|behaupt\w*|glaub\w*)(?:\s|$)/i,
  ar: /(?:^|\s)(?:إذا|إلا|فقط|أو|أن|لم|لا|ليس|لن|غير|بعض|كل|جميع|قال|وفقا|بحسب|يعتقد)(?:\s|$)/,
  id: /(?:^|\s)(?:jika|bila|hanya|kecuali|atau|bahwa|tidak|bukan|menurut|semua|setiap|beberapa)(?:\s|$)/i,
}
const heads: Record<Language, RegExp> = {
  en: /^(?:which|who|whose|where|while|including|although|such as|\w+ing)\s/,
  de: /^(?:der|die|das|deren|dessen|dem|den|wobei|während|obwohl|darunter|so dass|indem|wo|was)\s/,
  ar: /^(?:حيث|بينما|بما|والتي|والذي|مما|وهو|وهي)\s?/,
  id: /^(?:yang|termasuk|sedangkan|di mana|seperti|dengan)\s/,
}

/** A relative or participial clause in the middle or at the end, or an opening of time. */
const drop = ({ sentence, language }: Material, random: Random): string | null => {
  const pieces = body(sentence).split(/(?<=[,،]) /)
  if (pieces.length < 2) return null
  const may = pieces.flatMap((piece, at) => {
    if (bound[language].test(piece) || countWords(piece) < 2) return []
    const opens = at === 0 && language !== 'de' && openers[language].test(piece) && pieces.length === 2
    return opens || (at > 0 && heads[language].test(piece)) ? [at] : []
  })
  const at = pick(random, may)
  if (at === undefined) return null
  const kept = pieces.filter((_, index) => index !== at)
  const closed =
    at === pieces.length - 1 || at === 0
      ? kept
      : kept.map((piece, index) => (index === at - 1 ? piece.replace(/[,،]$/, '') : piece))
  const text = closed.join(' ').replace(/[,،]$/, '')
  return countWords(text) >= 4 ? `${upper(text)}.` : null
}

const month =
  /jan|feb|mar|mär|apr|mai|may|mei|jun|jul|aug|sep|oct|okt|nov|dec|dez|des|يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر/i

/** Nobody writes a day beside its month as a word. */
const isDay = (sentence: string, at: number, length: number): boolean =>
  month.test(sentence.slice(Math.max(0, at - 12), at)) || month.test(sentence.slice(at + length, at + length + 12))

const reformat = ({ sentence, language }: Material, random: Random): string | null => {
  const options = [...sentence.matchAll(digits)].flatMap(({ 0: found, index }) => {
    if (year.test(toLatinDigits(found)) && language !== 'ar') return []
    const isDayOfMonth = isDay(sentence, index, found.length)
    const others = otherNotations(found, language).filter((other) => !isDayOfMonth || /\p{Nd}/u.test(other))
    return others.map((other) => sentence.slice(0, index) + other + sentence.slice(index + found.length))
  })
  const spelled = [...sentence.matchAll(/\p{L}+/gu)].flatMap(({ 0: word, index }) => {
    const value = wordValue(word, language)
    return value === null || valueWord(value, language) === null || isDay(sentence, index, word.length)
      ? []
      : [sentence.slice(0, index) + String(value) + sentence.slice(index + word.length)]
  })
  const signs = /\p{Nd} ?%/u.test(sentence)
    ? [sentence.replace(/ ?%/u, { en: ' percent', de: ' Prozent', ar: ' بالمئة', id: ' persen' }[language])]
    : []
  return pick(random, [...options, ...spelled, ...signs]) ?? null
}

export const truthKinds: Record<TruthKind, (material: Material, random: Random) => string | null> = {
  verbatim: ({ sentence }) => sentence,
  reordered: reorder,
  joined: join,
  'clause dropped': drop,
  'number format': reformat,
}

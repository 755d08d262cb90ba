import type { Language } from './language.ts'

const asSet = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/))

/** Words, in lower case, whose full stop does not end a sentence. */
const lists: Record<Language, ReadonlySet<string>> = {
  en: asSet(`mr mrs ms dr prof st sr jr rev gen col capt lt sgt gov sen rep hon ed eds
    vs etc al cf approx inc ltd co corp est dept jan feb mar apr jun jul aug sep sept oct nov dec ca mt`),
  de: asSet(`dr prof hr fr st bzw ca dgl etc evtl ggf inkl insb jh jhd kap max min mio mrd
    geb gest sog usw vgl zzgl tel str f ff aufl hrsg jan feb mär apr jun jul aug sep sept okt nov dez bspw engl lat
    griech frz ital span russ ehem eigtl urspr verh röm allg zt u a z d h i o`),
  ar: asSet('د أ م ت ط'),
  id: asSet(`dr drs dra prof ir h hj st dll dsb dst tgl th jl kab kec prov tn ny sdr yth bpk
    s.h m.h m.si s.pd vs etc ed`),
}

/** Abbreviations in front of a number alone: "No. 5" goes on, "He said no." does not. */
const beforeNumbers = asSet('no nos nr vol fig figs eq ch sec pp p abb abs art bd tab s hlm hal gbr ص ج')

const startsWithNumber = /^\p{N}/u

/** Whether `word.` stands in front of the number that it announces. */
export const announcesNumber = (word: string, next: string): boolean =>
  beforeNumbers.has(word.toLowerCase()) && startsWithNumber.test(next)

/** Capitalised words that hardly stand anywhere but at the head of a sentence: after them even `p.m.` was its end. */
const openers: Record<Language, ReadonlySet<string>> = {
  en: asSet(`The He She It They We You In On At This That These Those There However But And When While As After Before
    His Her Its Their For With By From Since Although Some Many Most If To One During According`),
  de: asSet(`Der Die Das Den Dem Ein Eine Einer Er Sie Es Wir In Im Am An Auf Bei Mit Nach Seit Diese Dieser Dieses Doch
    Aber Und Auch Als Wenn Während Zu Von Vor Durch Für Seine Ihre Daher Dies Dort Danach Dabei Zudem Obwohl Laut Zwar`),
  ar: asSet(''),
  id: asSet(`Ia Dia Mereka Ini Itu Pada Di Dari Dengan Namun Karena Untuk Sebagai Setelah Kemudian Sejak Dalam Selain
    Tetapi Hal Menurut Ketika Meskipun`),
}

const anyOf = (sets: Record<Language, ReadonlySet<string>>, word: string): boolean =>
  sets.en.has(word) || sets.de.has(word) || sets.ar.has(word) || sets.id.has(word)

/** Whether `word.` is an abbreviation; of any language when the language is not known, so that doubt joins and never cuts. */
export const isAbbreviation = (word: string, language: Language | null): boolean =>
  language ? lists[language].has(word.toLowerCase()) : anyOf(lists, word.toLowerCase())

/** Whether a capitalised word tells that a new sentence began with it. */
export const isOpener = (word: string, language: Language | null): boolean =>
  language ? openers[language].has(word) : anyOf(openers, word)

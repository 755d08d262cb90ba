/** Words of conversation in four languages: a sentence made of them and of stop words alone says nothing about any subject. */
import { fold, languages, stopWords, tokenize } from '#modules/language'

const asSet = (words: string): ReadonlySet<string> => new Set(tokenize(words).map(({ word }) => word))

/** Greetings, thanks and farewells: one of them makes a message small talk. */
export const social = asSet(`
  hello hi hey welcome thanks thank bye goodbye greetings morning afternoon evening
  hallo hi servus moin danke dank dankeschön tschüss willkommen grüß guten
  مرحبا أهلا اهلا السلام شكرا وداعا تحياتي وعليكم صباح مساء
  halo hai selamat terima kasih makasih permisi`)

export const talk = asSet(`
  good great nice well morning evening afternoon night day today doing fine okay ok yes no sure right question questions hope helps help
  helpful let lets look step steps try yourself think know feel free ask more happy glad see soon later again very
  lot much so name called here there your my then now next first go if want need any other further
  bist vielen herzlichen gut gute guten gutes guter tag morgen abend nacht heute geht gehts super prima klar gern gerne ja nein frage fragen hoffe hilft
  helfen hilfe lass uns schauen schritt schritte versuche versuch selbst denk denke nach weiter mal jetzt dann zuerst wenn
  möchtest willst noch mehr sehr schön schöne wiedersehen bis bald später name heißt heiße dein deine dir euch
  أنت انت الخير صباح مساء النور حالك كيفك بخير نعم لا سؤال رائع حسنا جيد مساعدة مساعدتك اسمك هيا فكر حاول جزيلا لك بك عليكم
  pagi siang sore malam kabar baik ya tidak tanya pertanyaan bagus membantu bantu mari coba pikirkan langkah sendiri nama
  sama senang lagi sampai jumpa banyak sekali lebih lanjut ini kita`)

const you = asSet('you your du dich dein sie ihr dir أنت انت اسمك kamu anda')
const whoOrWhat = asSet('who what how wer was wie من ما ماذا كيف siapa apa bagaimana')
const why = asSet('why warum wieso weshalb لماذا kenapa mengapa')

const anyStop = new Set(languages.flatMap((language) => [...stopWords(language)]))

export const isTalkWord = (word: string): boolean => talk.has(word) || social.has(word) || anyStop.has(word)
export const isStopWord = (word: string): boolean => anyStop.has(word)

const longestTalk = 12

/** Whether a message wants no answer from the material: a greeting, thanks, or who it is that one talks to. */
export const isSmallTalk = (message: string): boolean => {
  const words = tokenize(message.slice(0, 400)).map(({ word }) => fold(word))
  if (words.length === 0 || words.length > longestTalk || words.some((word) => why.has(word))) return false
  if (!words.every(isTalkWord)) return false
  return words.some((word) => social.has(word)) || asksWho(words)
}

/** "Who are you?", "What can you do?": about the tutor, with nothing in it that could be a subject. */
const asksWho = (words: readonly string[]): boolean =>
  words.length >= 2 && words.some((word) => whoOrWhat.has(word)) && words.some((word) => you.has(word))

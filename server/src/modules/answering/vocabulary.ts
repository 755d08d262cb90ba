import { fold, type Language } from '#modules/language'

/** A list of words in all four languages, compared folded. */
const folded = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/).map(fold))

export const months = folded(`
  january february march april may june july august september october november december
  januar februar märz mai juni juli oktober dezember januari februari maret mei agustus desember
  يناير فبراير مارس أبريل إبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
  محرم صفر ربيع جمادى رجب شعبان رمضان شوال`)

const eras = folded('century decade jahrhundert jahrhunderts jahrzehnt abad dekade القرن قرن العقد عقد')

/** Words that tell a point in time without a digit. */
export const timeWords: ReadonlySet<string> = new Set([...months, ...eras])

export const numberWords = folded(`
  one two three four five six seven eight nine ten eleven twelve hundred thousand million billion half third quarter dozen
  eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf hundert tausend million millionen milliarde milliarden
  hälfte drittel viertel dutzend
  واحد واحدة اثنان اثنين اثنتين ثلاث ثلاثة أربع أربعة خمس خمسة ست ستة سبع سبعة ثمان ثماني ثمانية تسع تسعة عشر عشرة
  مئة مائة مئات ألف آلاف مليون ملايين مليار نصف ثلث ربع
  satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas belas puluh ratus seratus ribu seribu juta miliar
  setengah sepertiga`)

const negatorLists: Record<Language, ReadonlySet<string>> = {
  en: folded(
    "not no never none neither nor nothing nobody without cannot can't don't doesn't didn't isn't aren't wasn't weren't won't",
  ),
  de: folded('nicht kein keine keinen keinem keiner keines nie niemals nichts niemand weder noch ohne'),
  ar: folded('لا لم لن ليس ليست ليسوا غير بدون دون بلا ما'),
  id: folded('tidak bukan belum tanpa jangan tak tiada'),
}

/** Words that turn a statement round; those of all languages when the language is not known. */
export const negators = (language: Language | null): ReadonlySet<string> =>
  language ? negatorLists[language] : new Set(Object.values(negatorLists).flatMap((list) => [...list]))

/** First words of a sentence that point back to the one before, alone or as its subject. */
export const leaningWords: Record<Language, ReadonlySet<string>> = {
  en: folded('he she it they this these that those such his her its their him them both another'),
  de: folded(`er sie es dies diese dieser dieses diesem diesen jener jene jenes solche solcher sein seine seinem seinen ihr
    ihre ihrem ihren dadurch daher deshalb damit dabei beide beides dort dazu darin davon`),
  ar: folded('هو هي هم هما هذا هذه هؤلاء ذلك تلك وهو وهي وهم وهذا وهذه وذلك وتلك كذلك لذلك ولذلك'),
  id: folded('ia dia mereka ini itu beliau hal keduanya tersebut demikian'),
}

/** Forms of "to be" and "to be called", which stand in definitions. */
export const copulas = folded(`
  is are was were means refers denotes called defined
  ist sind war waren bedeutet bezeichnet nennt heißt
  هو هي هم يعني تعني يعرف تعرف عبارة يسمى تسمى كان كانت
  adalah ialah merupakan yaitu yakni berarti disebut`)

/** Question words of all languages; the word behind them is what a question is about ("which river"). */
export const questionWords = folded(`
  what which who whom whose when where why how
  was welche welcher welches welchen welchem wer wen wem wessen wann wo wohin woher warum wieso wie
  ما ماذا من متى أين كيف كم لماذا أي
  apa apakah siapa siapakah kapan mana dimana berapa bagaimana mengapa kenapa`)

/** Words that introduce a reason. German "da" and "um" and Indonesian "untuk" also mean other things; a shade is enough here. */
export const reasonWords = folded(`
  because since due therefore cause caused causes reason reasons
  weil da damit aufgrund wegen um grund ursache deshalb
  لأن بسبب نتيجة لكي حتى لذلك بفضل
  karena sebab akibat agar untuk`)

/** What stands with a share in hundredths, besides the sign. */
export const percentWords = folded(
  'percent percentage prozent prozentsatz persen persentase نسبة المئة بالمئة المائة بالمائة',
)

/** Words that say what kind of answer is wanted and not what it is about, when such an answer is asked for. */
export const requestWords = folded(`
  list outline overview enumerate name compare contrast comparison difference differences between differ differs vs make create
  write main please all chapter section topic document
  liste gliedere gliederung skizziere überblick übersicht zähle vergleiche vergleich unterschied unterschiede zwischen erstelle
  mache wichtigsten alle kapitel abschnitt thema dokument über
  اذكر اسرد قائمة قارن الفرق الفروق مقارنة المقارنة الاختلاف مخطط مخططا ضع الخطوط العريضة لخص أهم الفصل فصل الموضوع حول
  daftar buat buatlah kerangka garis besar bandingkan perbandingan perbedaan antara utama semua saja bab topik dokumen mengenai`)

/** Words between the two sides of a comparison. In Arabic "and" is a letter of the word behind it. */
export const sideDividers = folded('and with from to versus vs or und mit von oder dan dengan و مع أو')

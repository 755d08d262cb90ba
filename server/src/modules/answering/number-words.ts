import { fold, type Language } from '#modules/language'

/** A number word's part in a number: added, multiplied by (a hundred, a thousand), or added to a digit (`belas`). */
export interface NumberWord {
  value: number
  role: 'add' | 'times' | 'teen'
  /** `third` and not `three`. */
  isRank?: boolean
}

type Lexicon = ReadonlyMap<string, NumberWord>

const entries = (kind: NumberWord['role'] | 'rank', written: string): [string, NumberWord][] =>
  written
    .trim()
    .split(/\s+/)
    .flatMap((item) => {
      const [words = '', value = ''] = item.split('=')
      return words
        .split('|')
        .map((word): [string, NumberWord] => [
          fold(word),
          kind === 'rank' ? { value: Number(value), role: 'add', isRank: true } : { value: Number(value), role: kind },
        ])
    })

const english: Lexicon = new Map([
  ...entries(
    'add',
    `zero=0 one=1 two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12 thirteen=13
    fourteen=14 fifteen=15 sixteen=16 seventeen=17 eighteen=18 nineteen=19 twenty=20 thirty=30 forty=40 fifty=50
    sixty=60 seventy=70 eighty=80 ninety=90 half=0.5 quarter=0.25 dozen=12`,
  ),
  ...entries(
    'rank',
    `first=1 second=2 third=3 fourth=4 fifth=5 sixth=6 seventh=7 eighth=8 ninth=9 tenth=10 eleventh=11 twelfth=12
    thirteenth=13 fourteenth=14 fifteenth=15 sixteenth=16 seventeenth=17 eighteenth=18 nineteenth=19 twentieth=20`,
  ),
  ...entries('times', 'hundred=100 thousand=1000 million|mio=1000000 billion|bn=1000000000 trillion=1000000000000'),
])

const germanOnes = entries(
  'add',
  `null=0 eins=1 zwei|zwo=2 drei=3 vier=4 fünf=5 sechs=6 sieben=7 acht=8 neun=9 zehn=10 elf=11 zwölf=12 dreizehn=13
  vierzehn=14 fünfzehn=15 sechzehn=16 siebzehn=17 achtzehn=18 neunzehn=19 zwanzig=20 dreißig=30 vierzig=40 fünfzig=50
  sechzig=60 siebzig=70 achtzig=80 neunzig=90`,
)

const german: Lexicon = new Map([
  ...germanOnes,
  ...entries('add', `hälfte|halb|halbe|halber|halbes|halben=0.5 viertel=0.25 dutzend=12`),
  ...entries(
    'rank',
    `erste|ersten|erster|erstes|erstem=1 zweite|zweiten|zweiter|zweites|zweitem=2 dritte|dritten|dritter|drittes|drittem=3
    siebte|siebten|siebter|siebtes=7 achte|achten|achter|achtes=8`,
  ),
  ...entries(
    'times',
    'hundert=100 tausend=1000 million|millionen|mio=1000000 milliarde|milliarden|mrd=1000000000 billion|billionen=1000000000000',
  ),
])

const arabic: Lexicon = new Map([
  ...entries(
    'add',
    `صفر=0 واحد|واحدة=1 اثنان|اثنين|اثنتان|اثنتين|اثنا|اثني|اثنتا|اثنتي=2 ثلاث|ثلاثة=3 أربع|أربعة=4 خمس|خمسة=5 ست|ستة=6
    سبع|سبعة=7 ثمان|ثماني|ثمانية=8 تسع|تسعة=9 عشرة=10 عشرون|عشرين=20 ثلاثون|ثلاثين=30 أربعون|أربعين=40 خمسون|خمسين=50
    ستون|ستين=60 سبعون|سبعين=70 ثمانون|ثمانين=80 تسعون|تسعين=90 مئتان|مئتين|مائتان|مائتين|مئتي|مائتي=200
    ثلاثمئة|ثلاثمائة=300 أربعمئة|أربعمائة=400 خمسمئة|خمسمائة=500 ستمئة|ستمائة=600 سبعمئة|سبعمائة=700
    ثمانمئة|ثمانمائة|ثمانيمائة=800 تسعمئة|تسعمائة=900 ألفان|ألفين|ألفي=2000 مليونان|مليونين|مليوني=2000000
    ملياران|مليارين=2000000000 نصف=0.5 ربع=0.25`,
  ),
  ...entries(
    'rank',
    `أول|أولى=1 ثاني|ثانية=2 ثالث|ثالثة=3 رابع|رابعة=4 خامس|خامسة=5 سادس|سادسة=6 سابع|سابعة=7 ثامن|ثامنة=8 تاسع|تاسعة=9
    عاشر|عاشرة=10 حادي|حادية=1`,
  ),
  ...entries('teen', 'عشر=10'),
  ...entries(
    'times',
    'مئة|مائة|مئات=100 ألف|آلاف=1000 مليون|ملايين=1000000 مليار|مليارات|بليون=1000000000 تريليون=1000000000000',
  ),
])

const indonesian: Lexicon = new Map([
  ...entries(
    'add',
    `nol=0 satu=1 dua=2 tiga=3 empat=4 lima=5 enam=6 tujuh=7
    delapan=8 sembilan=9 sepuluh=10 sebelas=11 seratus=100 seribu=1000
    setengah|separuh=0.5 seperempat=0.25 selusin=12`,
  ),
  ...entries(
    'rank',
    `pertama=1 kedua=2 ketiga=3 keempat=4 kelima=5 keenam=6 ketujuh=7 kedelapan=8 kesembilan=9 kesepuluh=10 kesebelas=11`,
  ),
  ...entries('teen', 'belas=10'),
  ...entries('times', 'puluh=10 ratus=100 ribu=1000 juta=1000000 miliar|milyar=1000000000 triliun=1000000000000'),
])

const lexicons: Record<Language, Lexicon> = { en: english, de: german, ar: arabic, id: indonesian }

const belowHundred = new Map(germanOnes.map(([word, { value }]) => [word, value]))
for (const [ones, one] of [['ein', 1] as const, ...[...belowHundred].filter(([, value]) => value > 1 && value < 10)]) {
  for (const [tens, ten] of [...belowHundred].filter(([, value]) => value >= 20)) {
    belowHundred.set(`${ones}und${tens}`, one + ten)
  }
}

const germanMultipliers = [
  ['tausend', 1_000],
  ['hundert', 100],
] as const

/** `zweihundertdreiundvierzig`: parts before and after the multiplier, each a number word of its own. */
const germanValue = (word: string): number | null => {
  if (word === '') return 0
  if (word === 'ein') return 1
  const multiplier = germanMultipliers.find(([name]) => word.includes(name))
  if (!multiplier) return belowHundred.get(word) ?? null
  const [name, times] = multiplier
  const at = word.indexOf(name)
  const head = at === 0 ? 1 : germanValue(word.slice(0, at))
  const tail = germanValue(word.slice(at + name.length).replace(/^und/, ''))
  return head === null || tail === null ? null : head * times + tail
}

const germanOrdinal = /(?:st|t)e[nrsm]?$/

const germanWord = (word: string): NumberWord | null => {
  const known = german.get(word)
  if (known) return known
  if (word.length < 6) return null
  const value = germanValue(word)
  if (value !== null && value !== 1) return { value, role: 'add' }
  const rank = germanValue(word.replace(germanOrdinal, ''))
  return rank === null || rank === 1 ? null : { value: rank, role: 'add', isRank: true }
}

const arabicPrefix = /^(?:[وفبلك]?ال|لل|[وفبلك])/

const arabicWord = (word: string): NumberWord | null => {
  const prefix = arabicPrefix.exec(word)?.[0] ?? ''
  return arabic.get(word) ?? arabic.get(word.slice(prefix.length)) ?? arabic.get(word.slice(1)) ?? null
}

/** What a folded word says as a number; null when it is none. */
export const numberWord = (word: string, language: Language | null): NumberWord | null => {
  if (language === 'de') return germanWord(word)
  if (language === 'ar') return arabicWord(word)
  return lexicons[language ?? 'en'].get(word) ?? null
}

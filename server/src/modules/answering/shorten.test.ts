import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Language, languages } from '#modules/language'
import { checkReceipt } from './index.ts'
import { shortenings } from './shorten.ts'
import { askPages } from './testing.ts'

const ways = (text: string, language: Language): string[] =>
  shortenings({ text, language, worthOf: (start, end) => (end - start) / text.length }).map((it) => it.text)

const clauses: [Language, sentence: string, shorter: string][] = [
  [
    'en',
    'The old harbour of Emden was dug by hand in 1847, which took eleven years of hard work, and still serves ships.',
    'The old harbour of Emden was dug by hand in 1847 … and still serves ships.',
  ],
  [
    'en',
    'The old harbour of Emden was dug by hand in 1847, serving the ships of many towns.',
    'The old harbour of Emden was dug by hand in 1847 …',
  ],
  [
    'en',
    'The harbour (the largest one on the coast) was dug by hand in 1847.',
    'The harbour … was dug by hand in 1847.',
  ],
  ['en', 'In the long summer of 1847, the people dug a harbour.', '… the people dug a harbour.'],
  [
    'en',
    'The market sells apples, red pears, ripe plums, sweet cherries, green figs, and old books.',
    'The market sells apples … green figs, and old books.',
  ],
  [
    'de',
    'Der alte Hafen von Emden wurde 1847 von Hand gegraben, der in elf Jahren entstand, und dient noch heute.',
    'Der alte Hafen von Emden wurde 1847 von Hand gegraben … und dient noch heute.',
  ],
  [
    'de',
    'Der Hafen (der größte an der Küste) wurde 1847 von Hand gegraben.',
    'Der Hafen … wurde 1847 von Hand gegraben.',
  ],
  [
    'ar',
    'تأسست جامعة القاهرة في عام 1925 على يد الملك فؤاد، التي تضم اليوم آلاف الطلاب من كل البلاد.',
    'تأسست جامعة القاهرة في عام 1925 على يد الملك فؤاد …',
  ],
  [
    'id',
    'Pelabuhan tua di kota Emden digali dengan tangan pada tahun 1847, yang memakan waktu sebelas tahun, dan masih dipakai.',
    'Pelabuhan tua di kota Emden digali dengan tangan pada tahun 1847 … dan masih dipakai.',
  ],
]
for (const [language, sentence, shorter] of clauses) {
  test(`says less: ${shorter}`, () => {
    assert.ok(ways(sentence, language).includes(shorter), ways(sentence, language).join(' | '))
    const receipt = { sentence: shorter, quote: sentence, pageText: sentence, start: 0, end: sentence.length, language }
    assert.equal(checkReceipt(receipt).verdict, 'supported')
  })
}

const whole: [string, Language, string][] = [
  ['a condition', 'en', 'The old harbour of the town is closed to ships, if the wind blows from the sea.'],
  ['a condition', 'de', 'Der alte Hafen der Stadt ist gesperrt, wenn der Wind vom Meer her weht.'],
  ['a condition', 'ar', 'يغلق ميناء المدينة القديم أبوابه أمام كل السفن، إذا هبت الريح من البحر.'],
  ['who did the next thing', 'en', 'Ann sang in the hall, and Bob the old baker played, danced all night.'],
  ['whom the next clause is about', 'en', 'Ann met in the hall, Bob the old baker, who fell.'],
  ['half of a number', 'en', 'The home team won the long game 24–10 with the last ball of all.'],
  ['half of a name', 'en', 'The old school lies in the quiet Longwood Medical and Academic Area.'],
]
for (const [what, language, sentence] of whole) {
  test(`leaves out no ${what}: ${sentence}`, () => assert.deepEqual(ways(sentence, language), []))
}

const words = 'cell,who,and,the,Paris,wall,1990,not,if,Ann,fell,(,),“,”,;,[1],— ,: ,die,und,الذي,و'.split(',')
const prose = fc
  .array(fc.constantFrom(...words, ', ', ', which ', '.'), { minLength: 8, maxLength: 60 })
  .map((parts) => `${parts.join(' ').replaceAll(' ,', ',')}.`)

test('whatever is left stands on the page in its order', () => {
  fc.assert(
    fc.property(prose, fc.constantFrom(...languages), (text, language) => {
      for (const it of shortenings({ text, language, worthOf: (start, end) => (end - start) / text.length })) {
        let at = 0
        for (const piece of it.text.split('…').map((part) => part.trim())) {
          const found = text.indexOf(piece, at)
          assert.ok(found >= at, `${piece} | ${text}`)
          at = found + piece.length
        }
        assert.equal(it.words, it.text.split(/\s+/).length)
      }
    }),
    { numRuns: 300 },
  )
})

const pairs: [Language, page: string, question: string, answer: RegExp][] = [
  [
    'en',
    'The harbour of Emden was dug by the people of the town in the long and cold winter of 1847, which many books tell about again and again in the words of the old men who had seen the work with their own eyes. The harbour of Emden was dug by machines for a second time in the dry summer of 1911, when larger ships came.',
    'When was the harbour of Emden dug?',
    /1847 … .*1911/s,
  ],
  [
    'de',
    'Der Hafen von Emden wurde von den Leuten der Stadt im langen und kalten Winter 1847 gegraben, wovon viele alte Bücher immer wieder mit den Worten der alten Männer erzählen, welche die ganze Arbeit noch mit ihren eigenen Augen gesehen hatten und niemals vergaßen. Der Hafen von Emden wurde im trockenen Sommer 1911 ein zweites Mal mit großen Maschinen gegraben, als größere Schiffe in die Stadt kamen.',
    'Wann wurde der Hafen von Emden gegraben?',
    /1847 gegraben.* … .*1911/s,
  ],
  [
    'ar',
    'حفر أهل المدينة ميناء عدن القديم بأيديهم في شتاء طويل وبارد من عام 1847، الذي تحكي عنه كتب كثيرة مرة بعد مرة بكلمات الرجال الكبار في السن الذين شاهدوا العمل كله بعيونهم من أوله حتى آخره في تلك السنة البعيدة. حفر العمال ميناء عدن القديم مرة ثانية بالآلات الكبيرة في صيف جاف من عام 1911 بعد وصول سفن أكبر إلى المدينة من البلاد البعيدة وراء البحر.',
    'متى حفر ميناء عدن القديم؟',
    /1847 … .*1911/s,
  ],
]
for (const [language, page, question, answer] of pairs) {
  test(`two sentences that are too long together are shortened: ${question}`, () => {
    const { sentences } = askPages([page], question, language)
    const text = sentences.map((it) => it.text).join(' ')
    assert.match(text, answer)
    assert.ok(text.split(/\s+/).length <= 60, text)
    for (const { quote, start, end } of sentences) assert.equal(page.slice(start, end), quote)
    for (const it of sentences) {
      const { quote, start, end } = it
      assert.equal(checkReceipt({ sentence: it.text, quote, pageText: page, start, end }).verdict, 'supported')
    }
  })
}

test('a pair that fits is said word for word', () => {
  const page =
    'The harbour of Emden was dug in 1847, which took eleven years of work. The harbour of Emden was dug again in 1911, when larger ships came.'
  for (const { text, quote } of askPages([page], 'When was the harbour of Emden dug?', 'en').sentences)
    assert.equal(text, quote)
})

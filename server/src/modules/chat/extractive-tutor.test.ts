import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import type { Citation, Source } from '@lyceum/contract/chat'
import { openTestApp, type TestApp } from '#testing/app.ts'
import { openTestDatabase, type TestDatabase } from '#testing/database.ts'
import { newPerson, type Person } from '#testing/people.ts'

/** Two sentences that answer, too long together for an answer; what both say must stay. */
const pages: [language: string, question: string, kept: RegExp, page: string][] = [
  [
    'en',
    'When was the harbour of Emden dug?',
    /1847 … .*1911/s,
    'The harbour of Emden was dug by the people of the town in the long and cold winter of 1847, which many books tell about again and again in the words of the old men who had seen the work with their own eyes. The harbour of Emden was dug by machines for a second time in the dry summer of 1911, when larger ships came.',
  ],
  [
    'de',
    'Wann wurde der Kanal von Kiel gegraben?',
    /1887.* … .*1911/s,
    'Der Kanal von Kiel wurde von den Leuten der Stadt im langen und kalten Winter 1887 gegraben, wovon viele alte Bücher immer wieder mit den Worten der alten Männer erzählen, welche die ganze Arbeit noch mit ihren eigenen Augen gesehen hatten und niemals vergaßen. Der Kanal von Kiel wurde im trockenen Sommer 1911 ein zweites Mal mit großen Maschinen gegraben, als größere Schiffe in die Stadt kamen.',
  ],
  [
    'ar',
    'متى حفر ميناء عدن القديم؟',
    /1847 … .*1911/s,
    'حفر أهل المدينة ميناء عدن القديم بأيديهم في شتاء طويل وبارد من عام 1847، الذي تحكي عنه كتب كثيرة مرة بعد مرة بكلمات الرجال الكبار في السن الذين شاهدوا العمل كله بعيونهم من أوله حتى آخره في تلك السنة البعيدة. حفر العمال ميناء عدن القديم مرة ثانية بالآلات الكبيرة في صيف جاف من عام 1911 بعد وصول سفن أكبر إلى المدينة من البلاد البعيدة وراء البحر.',
  ],
]

let database: TestDatabase
let test: TestApp
let ada: Person

before(async () => {
  database = await openTestDatabase(`lyceum_extractive_${randomUUID().replaceAll('-', '')}`)
  test = await openTestApp({ database })
  ada = await newPerson(test)
  for (const [language, , , page] of pages) await ada.read(`${language}.md`, page)
})
after(async () => {
  await test.close()
  await database.drop()
})

describe('an answer that would be too long', () => {
  for (const [language, question, kept] of pages) {
    it(`leaves clauses out and quotes the page whole, ${language}`, async () => {
      const { status, body } = await ada.call('POST', '/chat', { message: question })
      assert.equal(status, 200, JSON.stringify(body))
      assert.equal(body.refused, false)
      assert.match(body.text, kept)
      assert.ok(body.text.replace(/ \[\d\]/g, '').split(/\s+/).length <= 60, body.text)
      for (const { documentId, page, quote, start, end } of body.sources as Source[]) {
        const { body: there } = await ada.call('GET', `/documents/${documentId}/pages/${page}`)
        assert.equal(there.text.slice(start, end), quote)
        assert.ok(!quote.includes('…'))
      }
      const citations = body.citations as Citation[]
      assert.deepEqual(
        citations.map(({ source, verdict }) => [source, verdict]),
        [
          [1, 'supported'],
          [2, 'supported'],
        ],
      )
      assert.ok(citations.some(({ sentence: [from, to] }) => body.text.slice(from, to).includes('…')))
    })
  }
})

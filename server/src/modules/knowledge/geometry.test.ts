import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { testApp } from '#testing/app.ts'
import { newPerson } from '#testing/people.ts'
import { makePdf } from '../parsing/testing/pdf.ts'
import { packLines, unpackLines } from './geometry.ts'

const printed = [
  { x: 72, y: 740, size: 20, text: 'Tides and harbours' },
  { x: 72, y: 700, text: 'The moon pulls the water of the sea towards it.' },
  { x: 72, y: 640, text: 'The harbour is closed at night.' },
]

describe('where the lines of a page stand', () => {
  it('is told again as it was packed', () => {
    const lines = [
      { start: 0, end: 5, x: 0, y: 1, width: 0.0001, height: 0.9999 },
      { start: 70_000, end: 170_001, x: 0.1234, y: 0.5, width: 1, height: 0 },
    ]
    assert.deepEqual(unpackLines(packLines(lines)), lines)
    assert.deepEqual(unpackLines(packLines([])), [])
    assert.throws(() => unpackLines(Buffer.from([9]).toString('base64')), /geometry 9 cannot be read/)
  })

  it('is kept with the page: one place for each printed line, from top to bottom', async () => {
    const test = await testApp()
    const ada = await newPerson(test)
    const { body: document } = await ada.read('printed.pdf', makePdf([printed]))
    const { body: page } = await ada.call('GET', `/documents/${document.id}/pages/1`)
    const [found] = await test.admin.exec(`select geometry from pages where institution_id = '${ada.institutionId}'`)
    const lines = unpackLines(String(found?.rows[0]?.[0]))
    assert.deepEqual(
      lines.map(({ start, end }) => page.text.slice(start, end)),
      printed.map(({ text }) => text),
    )
    const [title, first] = lines
    assert.ok(title && first && title.y < first.y)
    assert.equal(title.x, first.x)
  })
})

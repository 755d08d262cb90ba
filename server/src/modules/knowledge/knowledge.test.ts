import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { testApp } from '#testing/app.ts'
import { newPerson } from '#testing/people.ts'

const tides = `# Tides

The moon pulls the water of the sea towards it. Spring tides happen twice a month, when sun and moon stand in one line.

# Harbours

The harbour of Emden was built in 1847. It is closed at night.
`

describe('a document', () => {
  it('is read, searched and shown page by page', async () => {
    const ada = await newPerson(await testApp())
    const { body: document } = await ada.read('tides.md', tides)
    assert.equal(document.status, 'ready')
    assert.equal(document.pageCount, 1)
    const { body: page } = await ada.call('GET', `/documents/${document.id}/pages/1`)
    const { body: found } = await ada.call('POST', '/search', { query: 'When was the harbour of Emden built?' })
    const [hit] = found.items
    assert.equal(hit.documentId, document.id)
    assert.equal(page.text.slice(hit.start, hit.end), hit.text)
    assert.match(hit.text, /1847/)
  })

  it('is answered from with a quote that stands on its page byte for byte', async () => {
    const ada = await newPerson(await testApp())
    const { body: document } = await ada.read('tides.md', tides)
    const { status, body: answer } = await ada.call('POST', '/chat', {
      message: 'When was the harbour of Emden built?',
    })
    assert.equal(status, 200)
    assert.equal(answer.refused, false)
    assert.match(answer.text, /1847/)
    const { body: page } = await ada.call('GET', `/documents/${document.id}/pages/${answer.sources[0].page}`)
    for (const { quote, start, end } of answer.sources) assert.equal(page.text.slice(start, end), quote)
  })

  it('is nobody else’s', async () => {
    const test = await testApp()
    const ada = await newPerson(test)
    const { body: document } = await ada.read('tides.md', tides)
    for (const other of [await newPerson(test), await newPerson(test, { institutionId: ada.institutionId })]) {
      assert.equal((await other.call('GET', `/documents/${document.id}`)).status, 404)
      assert.deepEqual((await other.call('POST', '/search', { query: 'harbour of Emden' })).body.items, [])
      assert.equal((await other.call('POST', '/chat', { message: 'When was the harbour built?' })).body.refused, true)
    }
  })
})

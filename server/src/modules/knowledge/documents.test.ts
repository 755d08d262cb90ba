import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { type TestApp, testApp } from '#testing/app.ts'
import { newPerson, type Person } from '#testing/people.ts'

const count = async ({ admin }: TestApp, table: string, where: string): Promise<number> =>
  Number((await admin.exec(`select count(*)::int from ${table} where ${where}`))[0]?.rows[0]?.[0])

/** Text that no other test has, so that its bytes are new. */
const newText = (): string => `The lighthouse ${randomUUID()} was built in 1911. It is 40 metres high.`

const filesOnDisk = ({ config }: TestApp, institutionId: string): number =>
  readdirSync(join(config.files.dir, institutionId), { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  ).length

const isFound = async (person: Person): Promise<boolean> =>
  (await person.call('POST', '/search', { query: 'When was the lighthouse built?' })).body.items.length > 0

describe('the same bytes', () => {
  it('again by the same person give the document that is there, with its job', async () => {
    const ada = await newPerson(await testApp())
    const text = newText()
    const { body: first } = await ada.read('tower.txt', text)
    const { status, body: again } = await ada.upload('other name.txt', text)
    assert.equal(status, 202)
    assert.equal(again.document.id, first.id)
    assert.equal((await ada.call('GET', `/jobs/${again.job.id}`)).body.state, 'done')
  })

  it('by two people of one institution are stored and read once, and are two documents', async () => {
    const test = await testApp()
    const ada = await newPerson(test)
    const bob = await newPerson(test, { institutionId: ada.institutionId })
    const text = newText()
    const [{ body: hers }, { body: his }] = [await ada.read('tower.txt', text), await bob.read('tower.txt', text)]
    assert.notEqual(hers.id, his.id)
    const own = `institution_id = '${ada.institutionId}'`
    assert.deepEqual(
      [await count(test, 'files', own), await count(test, 'readings', own), await count(test, 'documents', own)],
      [1, 1, 2],
    )
    assert.equal((await bob.call('GET', `/documents/${his.id}/pages/1`)).status, 200)
    assert.equal((await bob.call('GET', `/documents/${hers.id}/pages/1`)).status, 404)
  })

  it('in another institution are another file', async () => {
    const test = await testApp()
    const [ada, eve] = [await newPerson(test), await newPerson(test)]
    const text = newText()
    await ada.read('tower.txt', text)
    await eve.read('tower.txt', text)
    for (const { institutionId } of [ada, eve])
      assert.equal(await count(test, 'files', `institution_id = '${institutionId}'`), 1)
  })

  it('sent ten times at once are one document', async () => {
    const test = await testApp()
    const ada = await newPerson(test)
    const text = newText()
    const replies = await Promise.all(Array.from({ length: 10 }, () => ada.upload('tower.txt', text)))
    assert.equal(new Set(replies.map(({ body }) => body.document.id)).size, 1)
    assert.equal(await count(test, 'files', `institution_id = '${ada.institutionId}'`), 1)
  })
})

describe('deleting', () => {
  it('takes a document out of search, answers, lists and pages at once', async () => {
    const test = await testApp()
    const ada = await newPerson(test)
    const { body: document } = await ada.read('tower.txt', newText())
    assert.equal(await isFound(ada), true)
    assert.equal((await ada.call('DELETE', `/documents/${document.id}`)).status, 204)
    assert.equal(await isFound(ada), false)
    assert.equal((await ada.call('POST', '/chat', { message: 'When was the lighthouse built?' })).body.refused, true)
    assert.deepEqual((await ada.call('GET', '/documents')).body.items, [])
    for (const path of ['', '/pages/1', '/file', '/versions'])
      assert.equal((await ada.call('GET', `/documents/${document.id}${path}`)).status, 404)
    const own = `institution_id = '${ada.institutionId}'`
    for (const table of ['chunks', 'lexical_segments', 'lexical_postings'])
      assert.equal(await count(test, table, own), 0, table)
    assert.equal((await ada.call('DELETE', `/documents/${document.id}`)).status, 404)
  })

  it('for ever takes the file too, unless somebody else has the same', async () => {
    const test = await testApp()
    const ada = await newPerson(test)
    const bob = await newPerson(test, { institutionId: ada.institutionId })
    const text = newText()
    const [{ body: hers }, { body: his }] = [await ada.read('tower.txt', text), await bob.read('tower.txt', text)]
    await eraseForEver(test, ada, hers.id)
    assert.equal(filesOnDisk(test, ada.institutionId), 1)
    assert.equal(await isFound(bob), true)
    await eraseForEver(test, bob, his.id)
    assert.equal(filesOnDisk(test, ada.institutionId), 0)
    const own = `institution_id = '${ada.institutionId}'`
    for (const table of ['documents', 'document_versions', 'files', 'readings', 'pages', 'chunks']) {
      assert.equal(await count(test, table, own), 0, table)
    }
  })
})

/** Resolves when the erasing job is over. */
const eraseForEver = async (test: TestApp, person: Person, id: string): Promise<void> => {
  const done = Promise.withResolvers<void>()
  const isOver = async (): Promise<boolean> =>
    (await count(test, 'jobs', `kind = 'document.erase' and state = 'done' and payload->>'documentId' = '${id}'`)) === 1
  const stop = test.platform.bus.subscribe('job.changed', () => {
    isOver().then((over) => over && done.resolve(), done.reject)
  })
  assert.equal((await person.call('DELETE', `/documents/${id}?forever=true`)).status, 204)
  if (!(await isOver())) await done.promise
  stop()
}

describe('a document that cannot be read', () => {
  it('says why, is searched by nobody, and stays downloadable', async () => {
    const test = await testApp()
    const ada = await newPerson(test)
    const { body: document } = await ada.read('torn.pdf', '%PDF-1.7\ngarbage')
    assert.equal(document.status, 'failed')
    assert.equal(document.failure.code, 'document_corrupt')
    assert.ok(document.failure.message.length > 20)
    assert.equal(document.chunkCount, 0)
    assert.equal((await ada.call('GET', `/jobs/${document.jobId}`)).body.failure.code, 'document_corrupt')
    const { status, body } = await ada.call('GET', `/documents/${document.id}/file`)
    assert.equal(status, 200)
    assert.equal(body, '%PDF-1.7\ngarbage')
    assert.equal(await count(test, 'readings', `institution_id = '${ada.institutionId}'`), 0)
  })

  it('because it is a picture is kept, and names the setting that would read it', async () => {
    const ada = await newPerson(await testApp())
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    )
    const { body: document } = await ada.read('photo.png', png)
    assert.equal(document.status, 'stored')
    assert.deepEqual(document.notice, { code: 'engine_not_configured', setting: 'OCR_ENGINE' })
  })
})

describe('a document of a conversation', () => {
  it('is asked there, in no other conversation, and only by who owns it', async () => {
    const test = await testApp()
    const ada = await newPerson(test)
    const { body: first } = await ada.call('POST', '/chat', { message: 'Anything?' })
    const { conversationId } = first
    const eve = await newPerson(test, { institutionId: ada.institutionId })
    assert.equal((await eve.upload('tower.txt', newText(), { conversationId })).status, 404)
    await ada.read('tower.txt', newText(), { conversationId })
    const message = 'When was the lighthouse built?'
    const { body: other } = await ada.call('POST', '/chat', { message: 'Something else?' })
    const isRefused = async (scope: object): Promise<boolean> =>
      (await ada.call('POST', '/chat', { message, ...scope })).body.refused
    assert.equal(await isRefused({ conversationId }), false)
    assert.equal(await isRefused({ conversationId: other.conversationId }), true)
    assert.equal(await isRefused({}), false, 'without a scope all that the person may read is asked')
  })
})

/** Search by meaning, with an engine on loopback that knows a few synonyms. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { systemActor } from '#platform/actor.ts'
import { openTestApp, type TestApp } from '#testing/app.ts'
import { openTestDatabase, type TestDatabase } from '#testing/database.ts'
import { type EmbeddingServer, sendJson, startEmbeddingServer } from '#testing/embedding-server.ts'
import { newPerson, type Person, type Reply, request } from '#testing/people.ts'
import type { FoundPassage } from './passages.ts'
import { findPassages } from './search.ts'

const paraphrase = 'The physician examined the automobile.'
const question = 'doctor car'

let engine: EmbeddingServer
let database: TestDatabase
let test: TestApp

/** A start on the database of this file, as no other test's documents are to be embedded here. */
const start = (env: Record<string, string> = {}): Promise<TestApp> =>
  openTestApp({
    database,
    env: { EMBEDDING_BASE_URL: engine.url, EMBEDDING_MODEL: 'meanings', EMBEDDING_API_KEY: 'secret', ...env },
  })

before(async () => {
  engine = await startEmbeddingServer()
  database = await openTestDatabase(`lyceum_vectors_${randomUUID().replaceAll('-', '')}`)
  test = await start()
})
afterEach(() => {
  engine.script = null
  engine.dimensions.clear()
})
after(async () => {
  await test.close()
  await database.drop()
  await engine.close()
})

const count = async (table: string, where: string): Promise<number> =>
  Number((await database.admin.exec(`select count(*)::int from ${table} where ${where}`))[0]?.rows[0]?.[0])

/** Resolves once it is so: looked up now, and whenever a document or a job has changed. */
const until = async (on: TestApp, isSo: () => Promise<boolean>): Promise<void> => {
  const done = Promise.withResolvers<void>()
  const look = (): Promise<void> => isSo().then((so) => (so ? done.resolve() : undefined), done.reject)
  const stops = (['document.changed', 'job.changed'] as const).map((topic) =>
    on.platform.bus.subscribe(topic, () => void look()),
  )
  await look()
  await done.promise
  for (const stop of stops) stop()
}

const isReady = (id: string) => async (): Promise<boolean> =>
  (await count('documents', `id = '${id}' and status = 'ready'`)) === 1

/** Uploads and waits for words and vectors; answers the document's id. */
const readWhole = async (person: Person, text: string): Promise<string> => {
  const { body } = await person.read(`${randomUUID()}.txt`, text)
  await until(test, isReady(body.id))
  return body.id
}

/** A search on any app of the same database. */
const searchOn = (on: TestApp, { token }: Person, body: object): Promise<Reply> =>
  request(on, { method: 'POST', path: '/search', body, headers: { authorization: `Bearer ${token}` } })

/** Holds the engine's calls that name a text, from the next one on. */
const holdCallsWith = (text: string, at = engine) => {
  const [arrived, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  at.script = async ({ input }) => {
    if (!input.some((one) => one.includes(text))) return false
    arrived.resolve()
    await gate.promise
    return false
  }
  return { arrived: arrived.promise, release: gate.resolve }
}

/** The recurring look for documents without vectors, as if its time had come. */
const sweep = async (on: TestApp): Promise<void> => {
  await database.admin.exec(
    `update schedules set next_due_at = now() - interval '1 minute' where name = 'knowledge.embed'`,
  )
  await on.platform.cron.tick()
}

describe('a search with vectors', () => {
  let ada: Person
  let [paraphrased, agreed] = ['', '']
  before(async () => {
    ada = await newPerson(test)
    paraphrased = await readWhole(ada, paraphrase)
    agreed = await readWhole(ada, 'A doctor has a car.')
    await readWhole(ada, 'The doctor of philosophy wrote about grammar.')
  })

  it('finds a paraphrase that shares no word with the question', async () => {
    const { body } = await ada.call('POST', '/search', { query: 'medic vehicle' })
    assert.equal(body.degraded, false)
    const hit = body.items.find(({ documentId }: { documentId: string }) => documentId === paraphrased)
    assert.deepEqual(Object.keys(hit.stages), ['vector'])
    assert.ok(hit.stages.vector > 0.9)
  })

  it('puts first what words and vectors agree on', async () => {
    const { body } = await ada.call('POST', '/search', { query: `${question} car` })
    assert.equal(body.items.length, 3)
    assert.equal(body.items[0].documentId, agreed)
    assert.deepEqual(Object.keys(body.items[0].stages), ['lexical', 'vector', 'rerank'])
    const scores: number[] = body.items.map(({ score }: { score: number }) => score)
    assert.deepEqual(
      scores,
      scores.toSorted((a, b) => b - a),
    )
  })

  it('asks only the stages that are set', async () => {
    for (const stages of [['lexical'], ['vector'], ['lexical', 'rerank'], ['lexical', 'vector']]) {
      const only = await start({ SEARCH_STAGES: stages.join() })
      const { body } = await searchOn(only, ada, { query: question })
      assert.deepEqual(Object.keys(body.items[0].stages), stages)
      assert.equal(body.degraded, false)
      await only.close()
    }
  })

  it('sees nothing of what others have, and takes it no hit away', async () => {
    const ada = await newPerson(test)
    const [fellow, stranger] = [await newPerson(test, { institutionId: ada.institutionId }), await newPerson(test)]
    const hers = await readWhole(ada, paraphrase)
    for (const other of [fellow, stranger]) {
      const own = await readWhole(other, 'Somebody wrote about grammar.')
      const { body } = await other.call('POST', '/search', { query: question })
      assert.deepEqual(
        body.items.map(({ documentId }: { documentId: string }) => documentId),
        [own],
      )
      const named = await other.call('POST', '/search', { query: question, documentIds: [hers] })
      assert.equal(named.status, 404)
    }
  })

  it('finds a deleted document no more, and keeps none of its vectors', async () => {
    const ada = await newPerson(test)
    const id = await readWhole(ada, paraphrase)
    const own = `institution_id = '${ada.institutionId}'`
    assert.deepEqual([await count('chunk_vectors', own), await count('embedded_documents', own)], [1, 1])
    await ada.call('DELETE', `/documents/${id}`)
    assert.deepEqual([await count('chunk_vectors', own), await count('embedded_documents', own)], [0, 0])
    assert.deepEqual((await ada.call('POST', '/search', { query: question })).body, { items: [], degraded: false })
  })

  it('keeps one vector a chunk when a document is read again', async () => {
    const ada = await newPerson(test)
    const id = await readWhole(ada, paraphrase)
    const { body } = await ada.call('POST', `/documents/${id}/reindex`)
    await until(test, async () => (await count('jobs', `id = '${body.job.id}' and state = 'done'`)) === 1)
    await until(test, isReady(id))
    assert.equal(await count('chunk_vectors', `document_id = '${id}'`), 1)
    assert.equal((await ada.call('POST', '/search', { query: question })).body.items[0].documentId, id)
  })
})

describe('a document', () => {
  it('can be asked by its words while its vectors are made', async () => {
    const ada = await newPerson(test)
    const held = holdCallsWith('automobile')
    const { body: document } = await ada.read('visit.txt', paraphrase)
    await held.arrived
    assert.equal((await ada.call('GET', `/documents/${document.id}`)).body.status, 'embedding')
    const { body } = await ada.call('POST', '/search', { query: 'physician', documentIds: [document.id] })
    assert.deepEqual(Object.keys(body.items[0].stages), ['lexical', 'rerank'])
    assert.equal((await ada.call('POST', '/chat', { message: 'What did the physician examine?' })).body.refused, false)
    held.release()
    await until(test, isReady(document.id))
    assert.equal((await ada.call('GET', `/jobs/${document.jobId}`)).body.kind, 'knowledge.embed')
  })

  it('with a passage that the engine refuses has the vectors of the others', async () => {
    const ada = await newPerson(test)
    engine.script = ({ input }, reply) =>
      input.some((text) => text.includes('forbidden')) && sendJson(reply, 422, { error: 'no' })
    const filler = 'Grammar is about words and how they stand together in a sentence of some length. '.repeat(30)
    const id = await readWhole(ada, `${paraphrase}\n\n${filler}\n\nThis is forbidden.`)
    const chunks = await count('chunks', `document_id = '${id}'`)
    assert.ok(chunks > 1)
    assert.equal(await count('chunk_vectors', `document_id = '${id}'`), chunks - 1)
  })

  it('whose vectors were half made goes on where it stopped, after a restart', async () => {
    const ada = await newPerson(test)
    const paragraph = (at: number): string =>
      `Paragraph number ${at}. ${`Words about grammar, part ${at}. `.repeat(60)}`
    const text = Array.from({ length: 80 }, (_, at) => paragraph(at)).join('\n\n')
    const held = holdCallsWith('Paragraph number 79')
    const { body: document } = await ada.read('long.txt', text)
    await held.arrived
    const stored = await count('chunk_vectors', `document_id = '${document.id}'`)
    const chunks = await count('chunks', `document_id = '${document.id}'`)
    assert.ok(stored >= 32 && stored < chunks, `${stored} of ${chunks}`)
    // As after kill -9: the row says that it runs, and nobody renews the lease.
    await database.admin.exec(
      `update jobs set lease_holder = 'dead', lease_until = now() - interval '1 minute' where id = '${document.jobId}'`,
    )
    const before = engine.calls.length
    // Before the next process starts: it takes the job up at once.
    engine.script = null
    const next = await start()
    await until(next, isReady(document.id))
    held.release()
    assert.equal(await count('chunk_vectors', `document_id = '${document.id}'`), chunks)
    const askedAgain = engine.calls.slice(before).reduce((sum, { input }) => sum + input.length, 0)
    assert.ok(askedAgain <= chunks - stored + 1, `${askedAgain} texts for ${chunks - stored} chunks`)
    await next.close()
  })
})

describe('an engine that is away', () => {
  it('leaves search to the words, which says so; the vectors follow when it is back', async () => {
    const ada = await newPerson(test)
    engine.script = (_, reply) => Boolean(reply.destroy())
    const id = await readWhole(ada, paraphrase)
    const { body: alone } = await ada.call('POST', '/search', { query: 'physician' })
    assert.equal(alone.degraded, true)
    assert.deepEqual(Object.keys(alone.items[0].stages), ['lexical', 'rerank'])
    await sweep(test)
    assert.equal(await count('chunk_vectors', `document_id = '${id}'`), 0)
    engine.script = null
    await sweep(test)
    await until(test, async () => (await count('chunk_vectors', `document_id = '${id}'`)) === 1)
    const { body } = await ada.call('POST', '/search', { query: question })
    assert.deepEqual([body.degraded, body.items[0].documentId], [false, id])
  })

  it('is not awaited when nothing is there to be found', async () => {
    engine.script = (_, reply) => Boolean(reply.destroy())
    const ada = await newPerson(test)
    assert.deepEqual((await ada.call('POST', '/search', { query: question })).body, { items: [], degraded: false })
  })

  it('or that changed its dimensions is not believed', async () => {
    const ada = await newPerson(test)
    await readWhole(ada, 'Somebody wrote about grammar.')
    engine.dimensions.set('meanings', 9)
    const id = await readWhole(ada, paraphrase)
    const { body: document } = await ada.call('GET', `/documents/${id}`)
    await until(test, async () => (await count('jobs', `id = '${document.jobId}' and state = 'failed'`)) === 1)
    const { body: job } = await ada.call('GET', `/jobs/${document.jobId}`)
    assert.equal(job.failure.code, 'engine_mismatch')
    assert.equal(await count('chunk_vectors', `document_id = '${id}'`), 0)
    const { body } = await ada.call('POST', '/search', { query: 'physician' })
    assert.deepEqual([body.degraded, body.items[0].documentId], [true, id])
  })
})

describe('another model', () => {
  /** As when the settings are changed: no process is left that has the old ones. */
  const restart = async (env: Record<string, string> = {}): Promise<void> => {
    await test.close()
    test = await start(env)
  }
  beforeEach(() => restart())
  after(() => restart())

  it('takes over when all is embedded anew; until then the old one serves', async () => {
    const ada = await newPerson(test)
    const bob = await newPerson(test, { institutionId: ada.institutionId })
    const id = await readWhole(ada, paraphrase)
    await readWhole(bob, 'The vehicle of the medic.')
    const own = `institution_id = '${ada.institutionId}'`
    engine.dimensions.set('other', 9)
    const held = holdCallsWith('vehicle')
    await restart({ EMBEDDING_MODEL: 'other' })
    await held.arrived
    await until(test, async () => (await count('embedded_documents', `${own} and completed_at is not null`)) === 3)
    const during = await searchOn(test, ada, { query: question })
    assert.deepEqual([during.body.degraded, during.body.items[0].documentId], [false, id])
    assert.equal(engine.calls.at(-1)?.model, 'meanings')
    held.release()
    const isSwitched = async (): Promise<boolean> =>
      (await count('embedding_spaces', `${own} and model = 'other' and state = 'serving'`)) === 1 &&
      (await count('embedding_spaces', own)) === 1
    await until(test, isSwitched)
    const afterwards = await searchOn(test, ada, { query: question })
    assert.deepEqual([afterwards.body.degraded, afterwards.body.items[0].documentId], [false, id])
    assert.equal(engine.calls.at(-1)?.model, 'other')
    const [dimensions] = await database.admin.exec(
      `select distinct vector_dims(embedding) from chunk_vectors where ${own}`,
    )
    assert.deepEqual(dimensions?.rows, [[9]])
  })

  it('or none at all leaves no document waiting for vectors', async () => {
    const ada = await newPerson(test)
    const held = holdCallsWith('automobile')
    const { body: document } = await ada.read('visit.txt', paraphrase)
    await held.arrived
    await restart({ SEARCH_STAGES: 'lexical' })
    held.release()
    await until(test, isReady(document.id))
    assert.equal(await count('chunk_vectors', `document_id = '${document.id}'`), 0)
  })

  it('on another engine serves at once with what it has: the old one is not called any more', async () => {
    const ada = await newPerson(test)
    const id = await readWhole(ada, paraphrase)
    await readWhole(ada, 'The vehicle of the medic.')
    const own = `institution_id = '${ada.institutionId}'`
    const elsewhere = await startEmbeddingServer()
    const held = holdCallsWith('vehicle', elsewhere)
    const before = engine.calls.length
    await restart({ EMBEDDING_BASE_URL: elsewhere.url, EMBEDDING_MODEL: 'other' })
    await held.arrived
    await until(test, async () => (await count('embedded_documents', `${own} and completed_at is not null`)) === 3)
    const { body } = await searchOn(test, ada, { query: question })
    assert.deepEqual([body.degraded, body.items[0].documentId], [false, id])
    held.release()
    await until(test, async () => (await count('embedding_spaces', `${own} and engine like '${elsewhere.url}%'`)) === 1)
    assert.equal(engine.calls.length, before)
    assert.ok(elsewhere.calls.every(({ model }) => model === 'other'))
    await elsewhere.close()
  })
})

describe('neighbours', () => {
  it('widen each passage by the chunks beside it on its page, and those that meet are one', async () => {
    const ada = await newPerson(test)
    const part = (at: number): string => `Part ${at} 😀. ${`It is about the harbour, as is ${at}. `.repeat(40)}`
    const id = await readWhole(ada, Array.from({ length: 30 }, (_, at) => part(at)).join('\n\n'))
    const actor = systemActor({ institutionId: ada.institutionId, personId: ada.id }, 'test')
    const needs = { db: test.platform.db }
    const search = { query: 'the harbour of part 7', scope: { documentIds: [id] }, limit: 12 }
    const { passages: narrow } = await findPassages(needs, actor, search)
    const { passages: wide } = await findPassages(needs, actor, { ...search, neighbours: true })
    assert.ok(wide.length > 0 && wide.length < narrow.length, `${wide.length} of ${narrow.length}`)
    for (const { page, start, end, text } of wide) {
      const { body } = await ada.call('GET', `/documents/${id}/pages/${page}`)
      assert.equal(body.text.slice(start, end), text)
    }
    const [beside] = await database.admin.exec(`select c.page, min(n.start), max(n."end") from chunks c
      join chunks n on n.version_id = c.version_id and n.page = c.page and n.ord between c.ord - 1 and c.ord + 1
      where c.id in (${narrow.map(({ chunkId }) => `'${chunkId}'`).join()}) group by c.id, c.page`)
    const ranges = (beside?.rows ?? []).map((row) => row.map(Number))
    for (const [page = 0, from = 0, to = 0] of ranges)
      assert.ok(
        wide.some((one) => one.page === page && one.start <= from && to <= one.end),
        'covered',
      )
    for (const { page, start, end } of wide) {
      assert.ok(
        ranges.some(([on, from]) => on === page && from === start),
        'begins with a chunk beside one found',
      )
      assert.ok(
        ranges.some(([on, , to]) => on === page && to === end),
        'ends with one',
      )
    }
    assert.ok(wide.every((one, at) => !wide.slice(at + 1).some((other) => doMeet(one, other))))
  })
})

const doMeet = (a: FoundPassage, b: FoundPassage): boolean => a.page === b.page && a.start <= b.end && b.start <= a.end

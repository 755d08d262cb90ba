import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { type Database, openDatabase } from '#platform/db/index.ts'
import { migrate } from '#platform/db/migrate.ts'
import { openTestDatabase, type TestDatabase } from '#testing/database.ts'
import { buildSegments, createRowCache, indexVersion, mergeAudience, searchIndex } from './index.ts'

describe('rows that are kept', () => {
  const row = (length: number): Uint8Array => new Uint8Array(length).fill(7)

  it('are given again, and what a segment does not have is known as well', () => {
    const cache = createRowCache()
    cache.keep(1, 2, row(3))
    cache.keep(1, 3, null)
    assert.deepEqual(
      [cache.get(1, 2), cache.get(1, 3), cache.get(2, 2), cache.get(1, 4)],
      [row(3), null, undefined, undefined],
    )
  })

  it('give way to newer ones, those first that were not used for longest', () => {
    const cache = createRowCache(4_000)
    for (const bucket of [1, 2, 3]) cache.keep(1, bucket, row(1_000))
    assert.ok(cache.get(1, 1))
    cache.keep(1, 4, row(1_000))
    assert.deepEqual(
      [1, 2, 3, 4].map((bucket) => cache.get(1, bucket) !== undefined),
      [true, false, true, true],
    )
    cache.keep(2, 1, row(5_000))
    assert.equal(cache.get(2, 1), undefined, 'more than there is room for')
  })
})

describe('a search with kept rows', () => {
  let opened: TestDatabase
  let database: Database
  before(async () => {
    opened = await openTestDatabase(`kept_${randomUUID().replaceAll('-', '')}`)
    await migrate(opened.driver, 'apply')
    database = openDatabase(opened.driver)
  })
  after(() => opened.drop())

  const addDocument = async (scope: { institutionId: string; personId: string }, text: string): Promise<string> => {
    const documentId = randomUUID()
    const segments = buildSegments([{ ord: 0, text, headingPath: [], language: 'en' }])
    const { institutionId, personId: ownerId } = scope
    await database.as(scope, (db) =>
      indexVersion(db, { institutionId, ownerId, audienceId: ownerId, documentId, versionId: randomUUID(), segments }),
    )
    return documentId
  }
  const newScope = () => ({ institutionId: randomUUID(), personId: randomUUID() })

  /** The database, and how often posting rows were read through it. */
  const counted = (): { through: Database; reads: () => number } => {
    let reads = 0
    const through: Database = {
      ...database,
      batch: (entry, statements) => {
        reads += statements.filter(({ text }) => text.includes('lexical_postings')).length
        return database.batch(entry, statements)
      },
    }
    return { through, reads: () => reads }
  }

  it('reads each row once', async () => {
    const scope = newScope()
    const documentIds = [await addDocument(scope, 'The harbour of Emden is closed at night.')]
    const { through, reads } = counted()
    const cache = createRowCache()
    const search = { scope, documentIds, query: 'When is the harbour closed?', limit: 5 }
    const first = await searchIndex(through, search, cache)
    assert.equal(first.hits.length, 1)
    assert.deepEqual(await searchIndex(through, search, cache), first)
    assert.equal(reads(), 1)
    await searchIndex(through, { ...search, query: 'night in Emden' }, cache)
    assert.equal(reads(), 2)
  })

  it('shows nothing to those who may not read it', async () => {
    const scope = newScope()
    const documentIds = [await addDocument(scope, 'The harbour of Emden is closed at night.')]
    const cache = createRowCache()
    const search = { documentIds, query: 'harbour of Emden', limit: 5 }
    assert.equal((await searchIndex(database, { ...search, scope }, cache)).hits.length, 1)
    const other = { ...scope, personId: randomUUID() }
    assert.deepEqual((await searchIndex(database, { ...search, scope: other }, cache)).hits, [])
  })

  it('keeps nothing of a segment that a merge took away while it was read', async () => {
    const scope = newScope()
    const documentIds: string[] = []
    for (let number = 0; number < 8; number += 1)
      documentIds.push(await addDocument(scope, `Volcano number ${number}.`))
    let isMerged = false
    const through: Database = {
      ...database,
      batch: async (entry, statements) => {
        if (!isMerged && statements.some(({ text }) => text.includes('lexical_postings'))) {
          isMerged = true
          const request = { scope, audienceId: scope.personId }
          assert.equal((await mergeAudience(database, request, new AbortController().signal)).merged, 1)
        }
        return database.batch(entry, statements)
      },
    }
    const cache = createRowCache()
    const search = { scope, documentIds, query: 'volcano', limit: 50 }
    const { hits } = await searchIndex(through, search, cache)
    assert.equal(hits.length, 8)
    assert.deepEqual((await searchIndex(database, search)).hits, hits)
    assert.deepEqual((await searchIndex(database, search, cache)).hits, hits)
  })
})

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, test } from 'node:test'
import { sql } from 'drizzle-orm'
import { type Database, openDatabase, rows } from '#platform/db/index.ts'
import { migrate } from '#platform/db/migrate.ts'
import { openTestDatabase, type TestDatabase } from '#testing/database.ts'
import { buildSegments, createRowCache, dropFromIndex, type IndexedChunk, indexVersion, searchIndex } from './index.ts'

let opened: TestDatabase
let database: Database
const cache = createRowCache()
before(async () => {
  opened = await openTestDatabase(`retrieval_${randomUUID().replaceAll('-', '')}`)
  await migrate(opened.driver, 'apply')
  database = openDatabase(opened.driver)
})
after(() => opened.drop())

const chunk = (ord: number, text: string): IndexedChunk => ({ ord, text, headingPath: [], language: 'en' })

interface Made {
  institutionId: string
  documentId: string
  versionId: string
}

const addDocument = async (texts: string[], into: Partial<Made> & { ownerId?: string } = {}): Promise<Made> => {
  const made = { institutionId: randomUUID(), documentId: randomUUID(), versionId: randomUUID(), ...into }
  const ownerId = into.ownerId ?? null
  await database.as({ institutionId: made.institutionId, personId: ownerId }, (db) =>
    indexVersion(db, {
      ...made,
      ownerId,
      audienceId: ownerId ?? made.institutionId,
      segments: buildSegments(texts.map((text, ord) => chunk(ord, text))),
    }),
  )
  return made
}

const find = (institutionId: string, documentIds: string[], query: string, personId: string | null = null) =>
  searchIndex(database, { scope: { institutionId, personId }, documentIds, query, limit: 5 }, cache)

const postingRows = async (institutionId: string): Promise<number> => {
  const counted = await database.as({ institutionId, personId: null }, (db) =>
    rows<{ n: number }>(db, sql`select count(*)::int as n from lexical_postings`),
  )
  return counted[0]?.n ?? -1
}

test('what was indexed is found, best first, with its place and its scores', async () => {
  const { institutionId, documentId, versionId } = await addDocument(['Plants grow.', 'Cells divide often.', 'A cell.'])
  const { hits, weights } = await find(institutionId, [documentId], 'When does a cell divide?')
  assert.deepEqual(
    hits.map(({ ord }) => ord),
    [1, 2],
  )
  assert.equal(hits[0]?.documentId, documentId)
  assert.equal(hits[0]?.versionId, versionId)
  const families = hits[0]?.families ?? { stems: 0, grams: 0, bigrams: 0 }
  assert.ok(Math.abs((hits[0]?.score ?? 0) - (families.stems + 0.2 * families.grams + 0.2 * families.bigrams)) < 1e-9)
  assert.ok(weights.total > 0)
})

test('only the documents in scope are searched, and small and large ones together', async () => {
  const { institutionId, documentId: small } = await addDocument(['The cell divides.'])
  const many = Array.from({ length: 300 }, (_, at) => `Paragraph ${at} about topic${at} and the cell number ${at}.`)
  const { documentId: large } = await addDocument(many, { institutionId })
  const both = await find(institutionId, [small, large], 'cell topic7')
  assert.deepEqual([both.hits[0]?.documentId, both.hits[0]?.ord], [large, 7])
  assert.ok(both.hits.length === 5)
  const one = await find(institutionId, [small], 'cell topic7')
  assert.deepEqual(
    one.hits.map(({ documentId }) => documentId),
    [small],
  )
  assert.deepEqual((await find(institutionId, [], 'cell')).hits, [])
  assert.deepEqual((await find(institutionId, [randomUUID()], 'cell')).hits, [])
  assert.deepEqual((await find(institutionId, [small, large], '?')).hits, [])
})

test('another institution, or another person, finds nothing even by id', async () => {
  const ownerId = randomUUID()
  const mine = await addDocument(['My secret diary about cells.'], { ownerId })
  assert.equal((await find(mine.institutionId, [mine.documentId], 'secret cells', ownerId)).hits.length, 1)
  assert.equal((await find(mine.institutionId, [mine.documentId], 'secret cells', randomUUID())).hits.length, 0)
  assert.equal((await find(randomUUID(), [mine.documentId], 'secret cells', ownerId)).hits.length, 0)
})

test('a new version takes the place of the old one, and a dropped document leaves nothing behind', async () => {
  const old = await addDocument(['Old wording about volcanoes.'])
  const { institutionId, documentId } = old
  const other = await addDocument(['Volcanoes elsewhere.'], { institutionId })
  const before = await postingRows(institutionId)
  const next = await addDocument(['New wording about glaciers.'], { institutionId, documentId })
  assert.deepEqual((await find(institutionId, [documentId], 'volcanoes')).hits, [])
  assert.equal((await find(institutionId, [documentId], 'glaciers')).hits[0]?.versionId, next.versionId)
  assert.ok(before > 0)
  for (const id of [documentId, other.documentId]) {
    await database.as({ institutionId, personId: null }, (db) => dropFromIndex(db, { institutionId, documentId: id }))
  }
  assert.equal(await postingRows(institutionId), 0)
})

/** Merging changes what a search costs and nothing that it finds, whatever happens in between. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { type SQL, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { type Database, openDatabase, rows, type Scope } from '#platform/db/index.ts'
import { migrate } from '#platform/db/migrate.ts'
import { openTestDatabase, type TestDatabase } from '#testing/database.ts'
import {
  buildSegments,
  createRowCache,
  dropFromIndex,
  dropPersonFromIndex,
  indexVersion,
  mergeAudience,
  searchIndex,
} from './index.ts'
import { chooseSources, type MergeCandidate } from './merge.ts'
import { type MergeSource, mergeSegments, type Run } from './merge-segments.ts'
import { decodeChunkTable } from './postings.ts'
import { planQuery } from './query.ts'
import { type SegmentView, scoreSegments } from './score.ts'
import type { EncodedSegment } from './segment.ts'

const encode = (texts: readonly string[]): EncodedSegment[] =>
  buildSegments(texts.map((text, ord) => ({ ord, text, headingPath: [], language: 'en' })))

describe('merged bytes', () => {
  const word = fc.constantFrom('cell', 'cells', 'wall', 'divide', 'energy', 'plants', 'of', 'the', '2016', 'volcano')
  const text = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(' '))
  const document = fc.record({ texts: fc.array(text, { minLength: 1, maxLength: 5 }), isDeleted: fc.boolean() })

  const viewOf = (segment: EncodedSegment): SegmentView => ({
    language: segment.language,
    bits: segment.bits,
    table: decodeChunkTable(segment.chunkTable),
    row: (bucket) => segment.rows.get(bucket),
  })
  const sourceOf = (segment: EncodedSegment, runs: Run[]): MergeSource => ({
    bits: segment.bits,
    chunkTable: segment.chunkTable,
    rows: Buffer.concat(
      [...segment.rows].map(([bucket, bytes]) => {
        const head = Buffer.alloc(8)
        head.writeInt32BE(bucket, 0)
        head.writeInt32BE(bytes.length, 4)
        return Buffer.concat([head, bytes])
      }),
    ),
    runs,
  })
  const shown = (segments: EncodedSegment[], query: string): string[] =>
    scoreSegments(planQuery(query, 'en'), segments.map(viewOf), 100)
      .hits.map(({ ord, score }) => `${ord} ${score.toFixed(9)}`)
      .toSorted()

  it('score as the segments did that they were made of, without what was deleted', () => {
    fc.assert(
      fc.property(fc.array(document, { minLength: 1, maxLength: 9 }), text, (documents, query) => {
        const made = documents.flatMap(({ texts, isDeleted }) =>
          encode(texts).map((segment) => ({ segment, isDeleted })),
        )
        const sources = made.map(({ segment, isDeleted }) =>
          sourceOf(segment, isDeleted ? [] : [{ firstOrdinal: 0, chunkCount: segment.chunkCount }]),
        )
        const left = made.filter(({ isDeleted }) => !isDeleted).map(({ segment }) => segment)
        const merged = mergeSegments({ language: 'en', sources })
        assert.equal(
          merged.chunkCount,
          left.reduce((sum, { chunkCount }) => sum + chunkCount, 0),
        )
        assert.deepEqual(shown([merged], query), shown(left, query))
        // And once more: what was merged is a source like any other.
        const [half, rest] = [Math.floor(merged.chunkCount / 2), Math.ceil(merged.chunkCount / 2)]
        const runs = [
          { firstOrdinal: 0, chunkCount: half },
          { firstOrdinal: half, chunkCount: rest },
        ]
        assert.deepEqual(mergeSegments({ language: 'en', sources: [sourceOf(merged, runs)] }), merged)
      }),
    )
  })
})

describe('what is merged', () => {
  const some = (count: number, chunkCount: number, rest: Partial<MergeCandidate> = {}): MergeCandidate[] =>
    Array.from({ length: count }, (_, at) => ({ id: at + 1, language: 'en', chunkCount, deadCount: 0, ...rest }))

  it('are eight or more of one size and language, as many as fit', () => {
    assert.deepEqual(chooseSources(some(7, 300)), [])
    assert.deepEqual(chooseSources(some(8, 300)), [1, 2, 3, 4, 5, 6, 7, 8])
    assert.equal(chooseSources(some(40, 300)).length, 27)
    assert.equal(chooseSources(some(500, 1)).length, 64)
    assert.deepEqual(chooseSources(some(8, 3_000)), [1, 2])
    assert.deepEqual(chooseSources(some(50, 4_096)), [])
    assert.deepEqual(chooseSources([...some(7, 300), ...some(7, 300, { language: 'de' }), ...some(7, 5)]), [])
  })

  it('is one by itself once a quarter of it is dead, or anything after an erasure', () => {
    assert.deepEqual(chooseSources(some(1, 100, { deadCount: 24 })), [])
    assert.deepEqual(chooseSources(some(1, 100, { deadCount: 25 })), [1])
    assert.deepEqual(chooseSources(some(1, 100, { deadCount: 1 }), 0), [1])
    assert.deepEqual(chooseSources(some(1, 100), 0), [])
  })
})

describe('an index that is merged', () => {
  let opened: TestDatabase
  let database: Database
  const cache = createRowCache()
  before(async () => {
    opened = await openTestDatabase(`merge_${randomUUID().replaceAll('-', '')}`)
    await migrate(opened.driver, 'apply')
    database = openDatabase(opened.driver)
  })
  after(() => opened.drop())

  interface Shelf {
    scope: Scope & { personId: string }
    audienceId: string
    documentIds: string[]
  }

  const add = async ({ scope, audienceId, documentIds }: Shelf, texts: string[], ownerId: string | null) => {
    const documentId = randomUUID()
    documentIds.push(documentId)
    const { institutionId } = scope
    await database.as(scope, (db) =>
      indexVersion(db, {
        institutionId,
        ownerId,
        audienceId,
        documentId,
        versionId: randomUUID(),
        segments: encode(texts),
      }),
    )
  }
  /** Somebody's documents, each of three chunks that name its number. */
  const makeShelf = async (count: number, institutionId: string = randomUUID()): Promise<Shelf> => {
    const personId = randomUUID()
    const shelf: Shelf = { scope: { institutionId, personId }, audienceId: personId, documentIds: [] }
    for (let number = 0; number < count; number += 1) {
      await add(shelf, [`Volume topic${number}.`, 'Plants and cells.', `The wall of topic${number}.`], personId)
    }
    return shelf
  }
  const merge = ({ scope, audienceId }: Shelf, leastDead?: number, through: Database = database) =>
    mergeAudience(
      through,
      { scope, audienceId, ...(leastDead !== undefined && { leastDead }) },
      new AbortController().signal,
    )
  const find = async ({ scope, documentIds }: Shelf, query: string, among = documentIds): Promise<string[]> => {
    const search = { scope, documentIds: among, query, limit: 50 }
    const { hits } = await searchIndex(database, search)
    const { hits: kept } = await searchIndex(database, search, cache)
    assert.deepEqual(kept, hits, 'rows that are kept say the same')
    return hits.map(({ documentId, ord, score }) => `${documentId} ${ord} ${score.toFixed(9)}`).toSorted()
  }
  const drop = ({ scope }: Shelf, documentId: string | undefined) =>
    database.as(scope, (db) => dropFromIndex(db, { institutionId: scope.institutionId, documentId: documentId ?? '' }))
  const read = async <T>({ scope }: Shelf, statement: SQL): Promise<T[]> =>
    database.as(scope, (db) => rows<T>(db, statement))
  const segments = (shelf: Shelf) =>
    read<{ chunks: number; dead: number }>(
      shelf,
      sql`select chunk_count as chunks, dead_count as dead from lexical_segments order by id`,
    )
  const postingRows = async (shelf: Shelf): Promise<number> =>
    (await read<{ n: number }>(shelf, sql`select count(*)::int as n from lexical_postings`))[0]?.n ?? -1
  const holds = (found: string[], documentId: string | undefined): boolean =>
    found.some((hit) => hit.startsWith(documentId ?? '?'))
  const questions = ['topic3', 'wall of cells', 'volume', 'topic11 plants']

  it('finds the same, at the same scores, in any scope', async () => {
    const shelf = await makeShelf(12)
    const scopes = [shelf.documentIds, shelf.documentIds.slice(3, 4), shelf.documentIds.slice(2, 9)]
    const ask = () => Promise.all(scopes.flatMap((among) => questions.map((query) => find(shelf, query, among))))
    const unmerged = await ask()
    assert.deepEqual(await merge(shelf), { merged: 1 })
    assert.deepEqual(await segments(shelf), [{ chunks: 36, dead: 0 }])
    assert.deepEqual(await ask(), unmerged)
    assert.ok(unmerged.flat().length > 40)
    assert.deepEqual(await merge(shelf), { merged: 0 })
  })

  it('forgets a deleted document at once, and its words when a quarter is dead', async () => {
    const shelf = await makeShelf(12)
    await merge(shelf)
    for (const documentId of shelf.documentIds.slice(0, 2)) await drop(shelf, documentId)
    assert.deepEqual(await segments(shelf), [{ chunks: 36, dead: 6 }])
    assert.equal(holds(await find(shelf, 'topic1'), shelf.documentIds[1]), false)
    assert.equal(holds(await find(shelf, 'topic1'), shelf.documentIds[2]), true)
    assert.deepEqual(await merge(shelf), { merged: 0 })
    const before = await find(shelf, 'wall of topic7')
    await drop(shelf, shelf.documentIds[2])
    const expected = await find(shelf, 'wall of topic7')
    assert.notDeepEqual(expected, before)
    assert.deepEqual(await merge(shelf), { merged: 1 })
    assert.deepEqual(await segments(shelf), [{ chunks: 27, dead: 0 }])
    assert.deepEqual(await find(shelf, 'wall of topic7'), expected)
    for (const documentId of shelf.documentIds) await drop(shelf, documentId)
    assert.deepEqual([await segments(shelf), await postingRows(shelf)], [[], 0])
  })

  it('is rewritten at once after an erasure', async () => {
    const shelf = await makeShelf(12)
    await merge(shelf)
    await drop(shelf, shelf.documentIds[5])
    assert.deepEqual(await merge(shelf, 0), { merged: 1 })
    assert.deepEqual(await segments(shelf), [{ chunks: 33, dead: 0 }])
    await database.as(shelf.scope, (db) => dropPersonFromIndex(db, shelf.scope))
    assert.deepEqual([await segments(shelf), await postingRows(shelf)], [[], 0])
  })

  it('takes in a new version of a document, and gives up the old one', async () => {
    const shelf = await makeShelf(8)
    await merge(shelf)
    const [documentId = ''] = shelf.documentIds
    const { institutionId, personId: ownerId } = shelf.scope
    const version = { institutionId, ownerId, audienceId: shelf.audienceId, documentId, versionId: randomUUID() }
    await database.as(shelf.scope, (db) => indexVersion(db, { ...version, segments: encode(['All about glaciers.']) }))
    assert.equal(holds(await find(shelf, 'topic0'), documentId), false)
    assert.equal(holds(await find(shelf, 'glaciers'), documentId), true)
    assert.deepEqual(await segments(shelf), [
      { chunks: 24, dead: 3 },
      { chunks: 1, dead: 0 },
    ])
  })

  it('never mixes people, nor what is theirs with what is shared, nor institutions', async () => {
    const ada = await makeShelf(7)
    const { institutionId } = ada.scope
    const fellow = await makeShelf(7, institutionId)
    const shared: Shelf = { scope: ada.scope, audienceId: institutionId, documentIds: [] }
    for (let number = 0; number < 7; number += 1) await add(shared, [`Volume topic${number}.`], null)
    for (const shelf of [ada, fellow, shared]) assert.deepEqual(await merge(shelf), { merged: 0 })
    await add(ada, ['Volume topic7.'], ada.scope.personId)
    // Whoever may not see the rows merges nothing of them.
    assert.deepEqual(await merge({ ...ada, scope: fellow.scope }), { merged: 0 })
    assert.deepEqual(await merge(ada), { merged: 1 })
    assert.deepEqual(await find({ ...ada, scope: fellow.scope }, 'volume'), [])
    assert.equal((await find(ada, 'volume')).length, 8)
    const owners = await read<{ kind: string }>(
      ada,
      sql`select distinct case when p.owner_id is null then 'shared' else 'own' end as kind from lexical_postings p
        join lexical_segments s on s.id = p.segment_id and s.owner_id is not distinct from p.owner_id order by 1`,
    )
    assert.deepEqual(owners, [{ kind: 'own' }, { kind: 'shared' }])
  })

  /** The database, but `act` comes before the transaction in which the merged segment is stored. */
  const beforeSwap = (act: () => Promise<unknown>): Database => {
    let entered = 0
    return {
      ...database,
      as: async (scope, run) => {
        entered += 1
        if (entered === 2) await act()
        return database.as(scope, run)
      },
    }
  }

  it('is what it was when the process dies before the swap', async () => {
    const shelf = await makeShelf(9)
    const unmerged = await find(shelf, 'wall of topic4')
    const died = new Error('died')
    await assert.rejects(
      merge(
        shelf,
        undefined,
        beforeSwap(() => Promise.reject(died)),
      ),
      died,
    )
    assert.equal((await segments(shelf)).length, 9)
    assert.deepEqual(await find(shelf, 'wall of topic4'), unmerged)
    assert.deepEqual(await merge(shelf), { merged: 1 })
    assert.deepEqual(await find(shelf, 'wall of topic4'), unmerged)
  })

  it('does not bring back what was deleted while it was merged', async () => {
    const shelf = await makeShelf(9)
    await merge(
      shelf,
      undefined,
      beforeSwap(() => drop(shelf, shelf.documentIds[4])),
    )
    // The segment of a lone document goes with it: the merge came too late for its sources, and was begun anew.
    assert.equal(holds(await find(shelf, 'topic4'), shelf.documentIds[4]), false)
    await merge(shelf)
    assert.deepEqual(await segments(shelf), [{ chunks: 24, dead: 0 }])
    // What shares a segment with others is dead in the new one from the start.
    for (const documentId of shelf.documentIds.slice(0, 2)) await drop(shelf, documentId)
    await merge(
      shelf,
      undefined,
      beforeSwap(() => drop(shelf, shelf.documentIds[2])),
    )
    assert.deepEqual(await segments(shelf), [{ chunks: 18, dead: 3 }])
    assert.equal(holds(await find(shelf, 'topic2'), shelf.documentIds[2]), false)
    assert.equal(holds(await find(shelf, 'topic3'), shelf.documentIds[3]), true)
  })

  it('is merged once when two begin, and answers in full all the while', async () => {
    const shelf = await makeShelf(20)
    const unmerged = await find(shelf, 'volume topic5')
    let isDone = false
    const merging = Promise.all([merge(shelf), merge(shelf), merge(shelf)]).finally(() => {
      isDone = true
    })
    while (!isDone) assert.deepEqual(await find(shelf, 'volume topic5'), unmerged)
    assert.equal(
      (await merging).reduce((sum, { merged }) => sum + merged, 0),
      1,
    )
    assert.deepEqual(await segments(shelf), [{ chunks: 60, dead: 0 }])
  })

  it('is read by its key under row-level security', async () => {
    const shelf = await makeShelf(0)
    const { institutionId } = shelf.scope
    // Enough for the planner to care, and counted.
    await opened.admin.exec(`insert into lexical_postings (institution_id, bits, bucket, segment_id, owner_id, bytes)
      select '${institutionId}', 10, bucket, -segment, '${shelf.audienceId}', '\\x02'
      from generate_series(0, 1023) bucket, generate_series(1, 20) segment; analyze lexical_postings`)
    const plan = await read<Record<string, string>>(
      shelf,
      sql`explain select bytes from lexical_postings where institution_id = ${institutionId}::uuid and bits = 10::smallint
        and bucket = any(array[1, 2, 3]) and segment_id = any(array[-1, -2])`,
    )
    const text = plan.map((line) => Object.values(line)[0]).join('\n')
    assert.match(text, /Index Cond: .*bits.*bucket.*segment_id/)
    assert.doesNotMatch(text, /SubPlan|Seq Scan/)
  })
})

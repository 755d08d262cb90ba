/**
 * A search of 50,000 chunks beside PostgreSQL's own: `npm run bench -- search [--chunks 50000]`. Ours works under
 * row-level security, with words, 4-grams and pairs; PostgreSQL's `tsvector` with a GIN index and `ts_rank` has words
 * alone and runs past row-level security, under which it would not use its index.
 */
import pg from 'pg'
import { createRowCache, mergeAudience, type RowCache, searchIndex } from '../server/src/modules/retrieval/index.ts'
import { type Database, openDatabase } from '../server/src/platform/db/index.ts'
import { openTestApp, type TestApp } from '../server/src/testing/app.ts'
import { openTestDatabase, type TestDatabase } from '../server/src/testing/database.ts'
import { newPerson, type Person } from '../server/src/testing/people.ts'
import { loadDocuments, type MadeDocument, makeDocuments, makeQuestions } from './search-data.ts'

const chunksPerDocument = 300
const courseChunks = 20_000
const smallDocuments = 2_000
const chunksOfSmall = 5
const questionCount = 60
const limit = 10

export const benchSearch = async (chunks: number): Promise<void> => {
  if (!(chunks >= chunksPerDocument)) throw new RangeError(`--chunks takes a number from ${chunksPerDocument}`)
  const documents = makeDocuments(chunks, chunksPerDocument)
  const small = makeDocuments(smallDocuments * chunksOfSmall, chunksOfSmall)
  const hasServer = process.env.LYCEUM_TEST_DATABASE_URL !== undefined
  if (hasServer) await benchShape('server', { documents, small })
  else say('PostgreSQL: skipped, LYCEUM_TEST_DATABASE_URL is not set (scripts/services.sh)')
  await benchShape('embedded', { documents, small })
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)

interface Material {
  documents: MadeDocument[]
  small: MadeDocument[]
}

interface Bench {
  test: TestApp
  db: Database
  person: Person
  documents: MadeDocument[]
}

const benchShape = async (shape: 'embedded' | 'server', { documents, small }: Material): Promise<void> => {
  process.env.LYCEUM_TEST_SHAPE = shape
  const database = await openTestDatabase(`lyceum_bench_${process.pid}`)
  const test = await openTestApp({
    database: { ...database, driver: { ...database.driver, close: async () => undefined } },
    env: { RATE_LIMITS: 'off' },
  })
  const db = openDatabase(database.driver)
  try {
    const bench = { test, db, person: await newPerson(test), documents }
    await fill(shape, database, bench)
    const baseline = shape === 'server' ? await openBaseline(database, documents) : null
    await compare(bench, baseline)
    await baseline?.close()
    await benchSmall(shape, database, { ...bench, person: await newPerson(test), documents: small })
  } finally {
    await test.close()
    await database.drop()
  }
}

const fill = async (shape: string, { admin }: TestDatabase, bench: Bench): Promise<void> => {
  const { db, person, documents } = bench
  const chunks = documents.reduce((sum, { texts }) => sum + texts.length, 0)
  const loadSeconds = await secondsOf(() => loadDocuments(db, person, documents))
  const mergeSeconds = await secondsOf(() => mergeAll(bench))
  await admin.exec('vacuum analyze')
  const [found] = await admin.exec(`select count(*), sum(octet_length(bytes)) from lexical_postings`)
  const [segments] = await admin.exec('select count(*) from lexical_segments')
  const bytes = Number(found?.rows[0]?.[1]) / chunks
  say(
    `### ${shape}\n\n${chunks} chunks in ${documents.length} documents: stored in ${loadSeconds.toFixed(0)} s, merged into ${segments?.rows[0]?.[0]} segments in ${mergeSeconds.toFixed(1)} s; ${bytes.toFixed(0)} bytes of postings a chunk\n`,
  )
}

const mergeAll = ({ db, person }: Bench): Promise<unknown> =>
  mergeAudience(
    db,
    { scope: { institutionId: person.institutionId, personId: person.id }, audienceId: person.id },
    new AbortController().signal,
  )

const secondsOf = async (run: () => Promise<unknown>): Promise<number> => {
  const before = performance.now()
  await run()
  return (performance.now() - before) / 1000
}

type Ask = (question: string) => Promise<unknown>

interface Scope {
  name: string
  documentIds: string[]
  /** What the endpoint is sent: nothing named for everything, and no more than it takes. */
  named: string[] | undefined
}

const scopesOf = ({ documents }: Bench): Scope[] => {
  const ids = documents.map(({ id }) => id)
  const course = ids.slice(0, Math.ceil(courseChunks / chunksPerDocument))
  return [
    { name: 'one document', documentIds: ids.slice(0, 1), named: ids.slice(0, 1) },
    { name: `a course (${course.length} documents)`, documentIds: course, named: course },
    { name: 'everything', documentIds: ids, named: undefined },
  ]
}

/** PostgreSQL's own search on the same rows. */
interface Baseline {
  search(question: string, documentIds: string[] | null): Promise<unknown>
  close(): Promise<void>
}

const compare = async (bench: Bench, baseline: Baseline | null): Promise<void> => {
  const head = '| scope | the index, nothing kept, p50 / p95 ms | the index | POST /search |'
  say(
    baseline
      ? `${head} PostgreSQL's own | nothing kept / own, p50 / p95 | index / own | endpoint / own |\n|---|---|---|---|---|---|---|---|`
      : `${head}\n|---|---|---|---|`,
  )
  for (const scope of scopesOf(bench)) {
    const [cold, ours, called, theirs] = await interleave([
      indexOf(bench, scope.documentIds),
      indexOf(bench, scope.documentIds, createRowCache()),
      endpointOf(bench, scope.named),
      ...(baseline ? [(question: string) => baseline.search(question, scope.named ?? null)] : []),
    ])
    const all = [cold, ours, called]
    const cells = [scope.name, ...all.map((spread) => pair(spread, 1))]
    if (theirs) cells.push(pair(theirs, 1), ...all.map((spread) => pair(over(spread, theirs), 2)))
    say(`| ${cells.join(' | ')} |`)
  }
}

/** With a cache as the product has one, or without, as when nothing was asked of these documents for long. */
const indexOf =
  ({ db, person }: Bench, documentIds: string[], cache?: RowCache): Ask =>
  (query) => {
    const scope = { institutionId: person.institutionId, personId: person.id }
    return searchIndex(db, { scope, documentIds, query, language: 'en', limit }, cache)
  }

const endpointOf =
  ({ test, person }: Bench, documentIds: string[] | undefined): Ask =>
  async (query) => {
    const response = await fetch(`${test.url}/api/v1/search`, {
      method: 'POST',
      headers: { authorization: `Bearer ${person.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query, limit, ...(documentIds && { documentIds }) }),
    })
    const { items } = (await response.json()) as { items?: unknown[] }
    if (!items) throw new Error(`the endpoint answered ${response.status}`)
    return items
  }

/** Middle and 95th percentile. */
type Spread = [p50: number, p95: number]

const spreadOf = (times: number[]): Spread => {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  return [at(0.5), at(0.95)]
}

const over = (ours: Spread | undefined, theirs: Spread): Spread => [
  (ours?.[0] ?? 0) / theirs[0],
  (ours?.[1] ?? 0) / theirs[1],
]

const pair = (spread: Spread | undefined, digits: number): string =>
  (spread ?? []).map((value) => value.toFixed(digits)).join(' / ')

const warmUp = 10

/** Puts each question to each in turn, so that a busy moment of the machine meets all of them. None is put twice. */
const interleave = async (asks: Ask[]): Promise<Spread[]> => {
  const times = asks.map((): number[] => [])
  for (const [number, question] of makeQuestions(warmUp + questionCount).entries()) {
    for (const [at, ask] of asks.entries()) {
      const seconds = await secondsOf(() => ask(question))
      if (number >= warmUp) times[at]?.push(seconds * 1000)
    }
  }
  return times.map(spreadOf)
}

/** A table as its users make it: the text, its `tsvector`, a GIN index. Past row-level security. */
const openBaseline = async ({ url }: TestDatabase, documents: MadeDocument[]): Promise<Baseline> => {
  const superuser = Object.assign(new URL(process.env.LYCEUM_TEST_SUPERUSER_URL ?? ''), {
    pathname: new URL(url ?? '').pathname,
  })
  const pool = new pg.Pool({ connectionString: superuser.href, max: 1 })
  const seconds = await secondsOf(async () => {
    await pool.query(`create table own_search as
      select document_id, ord, text, to_tsvector('english', text) as words from chunks`)
    await pool.query(`create index on own_search using gin (words); `)
    await pool.query(`create index on own_search (document_id)`)
    await pool.query('vacuum analyze own_search')
  })
  say(`PostgreSQL's own: ${documents.length} documents indexed in ${seconds.toFixed(0)} s\n`)
  const words = (question: string): string => question.split(/\W+/).filter(Boolean).join(' | ')
  return {
    search: async (question, documentIds) => {
      const { rows } = await pool.query(
        `select document_id, ord, ts_rank(words, asked) as score from own_search, to_tsquery('english', $1) asked
         where words @@ asked ${documentIds ? 'and document_id = any($2)' : ''} order by score desc limit ${limit}`,
        [words(question), ...(documentIds ? [documentIds] : [])],
      )
      return rows
    },
    close: () => pool.end(),
  }
}

/** What merging is for: thousands of small documents, before and after. */
const benchSmall = async (shape: string, { admin }: TestDatabase, bench: Bench): Promise<void> => {
  const { db, person, documents } = bench
  await loadDocuments(db, person, documents)
  await admin.exec('vacuum analyze')
  const ask = indexOf(
    bench,
    documents.map(({ id }) => id),
  )
  const [before] = await interleave([ask])
  const seconds = await secondsOf(() => mergeAll(bench))
  await admin.exec('vacuum analyze')
  const [after, endpoint] = await interleave([ask, endpointOf(bench, undefined)])
  say(
    `\n${shape}, ${documents.length} documents of ${chunksOfSmall} chunks, p50 / p95 ms: unmerged ${pair(before, 1)}; merged in ${seconds.toFixed(1)} s ${pair(after, 1)}, POST /search ${pair(endpoint, 1)}\n`,
  )
}

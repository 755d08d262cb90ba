/** The material of the search bench: documents with their chunks and their encoded index, and how it gets into a database. */
import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { buildSegments, type EncodedSegment, indexVersion } from '../server/src/modules/retrieval/index.ts'
import type { Database } from '../server/src/platform/db/index.ts'
import type { Person } from '../server/src/testing/people.ts'
import { createVocabulary, createWriter } from './text.ts'

export interface MadeDocument {
  id: string
  versionId: string
  texts: string[]
  segments: EncodedSegment[]
}

const wordsPerChunk = 250
const vocabulary = createVocabulary(1)

/** Documents of so many chunks each, the last one of what is left. */
export const makeDocuments = (chunks: number, chunksEach: number): MadeDocument[] =>
  Array.from({ length: Math.ceil(chunks / chunksEach) }, (_, number) => {
    const writer = createWriter(vocabulary, 100 + number)
    const count = Math.min(chunksEach, chunks - number * chunksEach)
    const texts = Array.from({ length: count }, () => writer.passage(wordsPerChunk))
    const language = 'en' as const
    const segments = buildSegments(texts.map((text, ord) => ({ ord, text, headingPath: [], language })))
    return { id: randomUUID(), versionId: randomUUID(), texts, segments }
  })

/** Questions about the first documents. */
export const makeQuestions = (count: number): string[] =>
  Array.from({ length: count }, (_, number) =>
    createWriter(vocabulary, 100 + (number % 10) + 1_000 * number).question(),
  )

/** Stores documents as the product does, all a person's own: their rows, their chunks, and a segment each. */
export const loadDocuments = async (
  db: Database,
  person: Person,
  documents: readonly MadeDocument[],
): Promise<void> => {
  const { institutionId, id: ownerId } = person
  const scope = { institutionId, personId: ownerId }
  const fileId = randomUUID()
  await db.as(scope, (db) =>
    db.execute(sql`insert into files (id, institution_id, sha256, size_bytes, media_type, storage_key)
      values (${fileId}, ${institutionId}, ${fileId}, 1, 'text/plain', 'bench')`),
  )
  for (const { id, versionId, texts, segments } of documents) {
    await db.as(scope, async (db) => {
      await db.execute(sql`insert into documents
        (id, institution_id, owner_id, reach, created_by, title, file_name, media_type, size_bytes, status, page_count, chunk_count, language)
        values (${id}, ${institutionId}, ${ownerId}, 'person', ${ownerId}, 'Bench', 'bench.txt', 'text/plain', 1, 'ready',
          ${texts.length}, ${texts.length}, 'en')`)
      await db.execute(sql`insert into document_versions (id, institution_id, owner_id, document_id, number, file_id)
        values (${versionId}, ${institutionId}, ${ownerId}, ${id}, 1, ${fileId})`)
      await db.execute(sql`insert into chunks
        (id, institution_id, owner_id, document_id, version_id, ord, page, start, "end", heading_path, text, token_count, language)
        select gen_random_uuid(), ${institutionId}, ${ownerId}, ${id}, ${versionId}, part.at - 1, part.at, 0,
          length(part.text), '[]', part.text, ${wordsPerChunk}, 'en'
        from unnest(${sql.param(texts)}::text[]) with ordinality as part (text, at)`)
      await indexVersion(db, { institutionId, ownerId, audienceId: ownerId, documentId: id, versionId, segments })
    })
  }
}

/**
 * The inverted index: ordinary b-tree rows, as row-level security would turn a GIN index into a sequential
 * scan (docs/measurements.md, "Index"). Segments and postings are written once and deleted, never changed.
 */
import { index, integer, pgTable, primaryKey, smallint, text, uuid } from 'drizzle-orm/pg-core'
import { bytea, createdAt } from '#platform/db/columns.ts'

/** A run of up to 8,192 chunks in one language, of documents that the same people may read. */
export const lexicalSegments = pgTable(
  'lexical_segments',
  {
    /** An integer, as it stands in the key of every posting row. */
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    institutionId: uuid().notNull(),
    /** Set when its documents belong to one person and not to the institution. */
    ownerId: uuid(),
    /** Whom its documents are for: the person, course, semester, faculty or institution. Segments of one audience are merged. */
    audienceId: uuid().notNull(),
    /** The language its stems were made for; null: words as they are. */
    language: text({ enum: ['en', 'de', 'ar', 'id'] }),
    /** Its rows are numbered from 0 to 2^bits - 1. */
    bits: smallint().notNull(),
    chunkCount: integer().notNull(),
    /** Chunks that no document claims any more; the segment is written anew when they are a quarter. */
    deadCount: integer().notNull().default(0),
    /** Place in the document and lengths of each chunk, see `encodeChunkTable`. Already packed: store it `external`. */
    chunkTable: bytea().notNull(),
    createdAt: createdAt(),
  },
  (t) => [index().on(t.institutionId, t.audienceId), index().on(t.ownerId)],
)

/** Which chunks of a segment are a document's. Once the row is gone they count nowhere, whatever the postings hold. */
export const lexicalDocuments = pgTable(
  'lexical_documents',
  {
    documentId: uuid().notNull(),
    segmentId: integer().notNull(),
    institutionId: uuid().notNull(),
    ownerId: uuid(),
    versionId: uuid().notNull(),
    /** Its chunks have the numbers from here on, `chunkCount` of them. */
    firstOrdinal: integer().notNull(),
    chunkCount: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.documentId, t.segmentId] }), index().on(t.segmentId), index().on(t.institutionId)],
)

/** The terms of a segment whose hashes share their low bits, see `encodeRow`. Already packed: store it `external`. */
export const lexicalPostings = pgTable(
  'lexical_postings',
  {
    institutionId: uuid().notNull(),
    bits: smallint().notNull(),
    bucket: integer().notNull(),
    segmentId: integer().notNull(),
    /** The segment's owner: row-level security must not have to look it up for each row. */
    ownerId: uuid(),
    bytes: bytea().notNull(),
  },
  (t) => [primaryKey({ columns: [t.institutionId, t.bits, t.bucket, t.segmentId] })],
)

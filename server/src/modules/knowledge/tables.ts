/**
 * Documents apart from files apart from versions: a file is bytes, a version says which bytes a document had when,
 * a reading is what a parser made of bytes. Same bytes are stored and read once in an institution.
 */
import { sql } from 'drizzle-orm'
import {
  bigint,
  customType,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { institutions, users } from '#modules/identity'
import { createdAt, id, moment, rowVersion } from '#platform/db/columns.ts'

const institutionId = () =>
  uuid()
    .notNull()
    .references(() => institutions.id)

/** Who may reach it. Copied from the document to its chunks, so that search filters inside the index. */
const reachColumns = () => ({
  institutionId: institutionId(),
  /** The person whose own it is; null when it belongs to a course, faculty, semester or the institution. */
  ownerId: uuid().references(() => users.id),
  conversationId: uuid(),
  courseId: uuid(),
  facultyId: uuid(),
  semesterId: uuid(),
})

export const files = pgTable(
  'files',
  {
    id: id(),
    institutionId: institutionId(),
    sha256: text().notNull(),
    sizeBytes: bigint({ mode: 'number' }).notNull(),
    mediaType: text().notNull(),
    storageKey: text().notNull(),
    createdAt: createdAt(),
  },
  (t) => [unique('files_content').on(t.institutionId, t.sha256)],
)

export const documents = pgTable(
  'documents',
  {
    id: id(),
    ...reachColumns(),
    reach: text({ enum: ['person', 'conversation', 'course', 'faculty', 'semester', 'institution'] }).notNull(),
    createdBy: uuid()
      .notNull()
      .references(() => users.id),
    title: text().notNull(),
    fileName: text().notNull(),
    mediaType: text().notNull(),
    sizeBytes: bigint({ mode: 'number' }).notNull(),
    status: text({ enum: ['stored', 'parsing', 'chunking', 'embedding', 'ready', 'failed'] }).notNull(),
    failure: jsonb().$type<{ code: string; message: string }>(),
    notice: jsonb().$type<{ code: string; setting: string }>(),
    pageCount: integer().notNull().default(0),
    chunkCount: integer().notNull().default(0),
    language: text({ enum: ['en', 'de', 'ar', 'id'] }),
    /** Number of the version that is read now. */
    versionNumber: integer().notNull().default(1),
    jobId: uuid(),
    version: rowVersion(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
    deletedAt: moment(),
  },
  (t) => [
    index().on(t.institutionId, t.ownerId, t.createdAt),
    index().on(t.ownerId),
    index().on(t.createdBy),
    index().on(t.conversationId),
    index().on(t.courseId),
  ],
)
export type DocumentRow = typeof documents.$inferSelect

export const documentVersions = pgTable(
  'document_versions',
  {
    id: id(),
    institutionId: institutionId(),
    ownerId: uuid().references(() => users.id),
    documentId: uuid()
      .notNull()
      .references(() => documents.id, { onDelete: 'cascade' }),
    number: integer().notNull(),
    fileId: uuid()
      .notNull()
      .references(() => files.id),
    /** What was read from it; null until it has been. */
    readingId: uuid().references(() => readings.id),
    createdAt: createdAt(),
  },
  (t) => [
    unique('document_versions_number').on(t.documentId, t.number),
    index().on(t.institutionId),
    index().on(t.ownerId),
    index().on(t.fileId),
    index().on(t.readingId),
  ],
)

/** What one version of the parser made of one file. It counts once it is complete; a half-written one is begun anew. */
export const readings = pgTable(
  'readings',
  {
    id: id(),
    institutionId: institutionId(),
    fileId: uuid()
      .notNull()
      .references(() => files.id),
    parser: text().notNull(),
    title: text(),
    language: text({ enum: ['en', 'de', 'ar', 'id'] }),
    pageCount: integer().notNull(),
    createdAt: createdAt(),
    completedAt: moment(),
  },
  (t) => [
    uniqueIndex('readings_complete').on(t.fileId, t.parser).where(sql`completed_at is not null`),
    index().on(t.fileId),
    index().on(t.institutionId),
  ],
)

export interface Heading {
  text: string
  level: number
  start: number
  end: number
}

/** The text of a page as it was read once and for all: receipts point into it by offset. */
export const pages = pgTable(
  'pages',
  {
    readingId: uuid()
      .notNull()
      .references(() => readings.id, { onDelete: 'cascade' }),
    number: integer().notNull(),
    institutionId: institutionId(),
    text: text().notNull(),
    headings: jsonb().$type<Heading[]>().notNull(),
    /** Where lines stand on the page, for the boxes on the original, see `packLines`; null for formats without pages. */
    geometry: jsonb().$type<string>(),
  },
  (t) => [primaryKey({ columns: [t.readingId, t.number] }), index().on(t.institutionId)],
)

export const chunks = pgTable(
  'chunks',
  {
    id: id(),
    ...reachColumns(),
    documentId: uuid()
      .notNull()
      .references(() => documents.id, { onDelete: 'cascade' }),
    versionId: uuid()
      .notNull()
      .references(() => documentVersions.id, { onDelete: 'cascade' }),
    /** Place in the version, from 0; the index speaks of chunks by it. */
    ord: integer().notNull(),
    page: integer().notNull(),
    start: integer().notNull(),
    end: integer().notNull(),
    headingPath: jsonb().$type<string[]>().notNull(),
    text: text().notNull(),
    tokenCount: smallint().notNull(),
    language: text({ enum: ['en', 'de', 'ar', 'id'] }),
  },
  (t) => [
    unique('chunks_ord').on(t.versionId, t.ord),
    index().on(t.documentId),
    index().on(t.institutionId),
    index().on(t.ownerId),
  ],
)

/** Without a fixed dimension: the vectors of one space are alike, those of the next need not be. */
const vector = customType<{ data: string }>({ dataType: () => 'vector' })

/** Vectors that may be compared: of one model of one engine. Search asks one space of an institution at a time. */
export const embeddingSpaces = pgTable(
  'embedding_spaces',
  {
    id: id(),
    institutionId: institutionId(),
    /** The engine's address without credentials. */
    engine: text().notNull(),
    model: text().notNull(),
    dimension: integer().notNull(),
    /** The first one serves at once; a later one is built beside it, takes its place when it is whole, and retires it. */
    state: text({ enum: ['building', 'serving', 'retired'] }).notNull(),
    createdAt: createdAt(),
  },
  (t) => [uniqueIndex('embedding_spaces_state').on(t.institutionId, t.state).where(sql`state <> 'retired'`)],
)
export type EmbeddingSpace = typeof embeddingSpaces.$inferSelect

/**
 * How far a document is in a space. The institution's, as it says nothing of the content: a space of all its people
 * is whole, or taken away, without looking into what is theirs.
 */
export const embeddedDocuments = pgTable(
  'embedded_documents',
  {
    spaceId: uuid()
      .notNull()
      .references(() => embeddingSpaces.id, { onDelete: 'cascade' }),
    documentId: uuid()
      .notNull()
      .references(() => documents.id, { onDelete: 'cascade' }),
    institutionId: institutionId(),
    /** The work that is on it; an older one has no say any more. */
    jobId: uuid().notNull(),
    completedAt: moment(),
  },
  (t) => [primaryKey({ columns: [t.spaceId, t.documentId] }), index().on(t.documentId), index().on(t.institutionId)],
)

export const chunkVectors = pgTable(
  'chunk_vectors',
  {
    chunkId: uuid()
      .notNull()
      .references(() => chunks.id, { onDelete: 'cascade' }),
    spaceId: uuid().notNull(),
    documentId: uuid().notNull(),
    ...reachColumns(),
    /** Of length 1. */
    embedding: vector().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.chunkId, t.spaceId] }),
    foreignKey({
      columns: [t.spaceId, t.documentId],
      foreignColumns: [embeddedDocuments.spaceId, embeddedDocuments.documentId],
      name: 'chunk_vectors_document',
    }).onDelete('cascade'),
    index().on(t.spaceId, t.documentId),
    index().on(t.institutionId),
    index().on(t.ownerId),
  ],
)

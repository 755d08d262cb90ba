import { z } from 'zod'
import { ById, Id, Timestamp } from './ids.ts'
import { Failure } from './jobs.ts'

import { PageQuery, pageOf } from './pages.ts'
import { empty, file, json, jsonBody, multipart, route } from './route.ts'

export const DocumentStatus = z.enum(['stored', 'parsing', 'chunking', 'embedding', 'ready', 'failed'])
export const Language = z.enum(['en', 'de', 'ar', 'id'])
export type Language = z.infer<typeof Language>

export const Document = z.object({
  id: Id,
  title: z.string(),
  fileName: z.string(),
  status: DocumentStatus,
  /** Why reading ended, when `status` is `failed`. */
  failure: Failure.optional(),
  /** What is missing for more, when the file is kept but not read. */
  notice: z.object({ code: z.string(), setting: z.string() }).optional(),
  mediaType: z.string(),
  sizeBytes: z.int(),
  pageCount: z.int(),
  chunkCount: z.int(),
  language: Language.nullable(),
  /** Number of the file's version that is read now. */
  version: z.int(),
  /** The last piece of work on it. */
  jobId: Id.nullable(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
})
export type Document = z.infer<typeof Document>

export const NewDocument = z.object({ courseId: Id.optional(), conversationId: Id.optional() })
export const Uploaded = z.object({ document: Document, job: z.object({ id: Id }) })
export type Uploaded = z.infer<typeof Uploaded>

export const DocumentPage = z.object({
  number: z.int(),
  text: z.string(),
  headings: z.array(z.object({ text: z.string(), level: z.int(), start: z.int(), end: z.int() })),
})
export type DocumentPage = z.infer<typeof DocumentPage>
export const DocumentVersion = z.object({
  number: z.int(),
  contentHash: z.string(),
  parser: z.string().nullable(),
  pageCount: z.int(),
  createdAt: Timestamp,
})
export type DocumentVersion = z.infer<typeof DocumentVersion>

const PageParams = z.object({ id: Id, n: z.coerce.number().int().min(1).max(1_000_000) })
const PageVersion = z.object({ version: z.coerce.number().int().min(1).max(1_000_000).optional() })
/** Lists in the order of a number, which is their cursor. */
const NumberedQuery = PageQuery.extend({
  cursor: z
    .string()
    .regex(/^\d{1,9}$/, 'Use a nextCursor of this list, unchanged.')
    .optional(),
})

const read = { auth: 'signed_in', scope: 'documents:read' } as const
const write = { auth: 'signed_in', scope: 'documents:write' } as const
export const documentsRoutes = {
  upload: route({
    ...write,
    id: 'uploadDocument',
    method: 'POST',
    path: '/documents',
    audit: 'document.uploaded',
    idempotent: true,
    summary: 'Store a file and read it',
    body: multipart(NewDocument),
    reply: json(Uploaded, 202),
  }),
  list: route({
    ...read,
    id: 'listDocuments',
    method: 'GET',
    path: '/documents',
    summary: 'Documents in reach, newest first',
    query: PageQuery,
    reply: json(pageOf(Document)),
  }),
  get: route({
    ...read,
    id: 'getDocument',
    method: 'GET',
    path: '/documents/:id',
    summary: 'One document',
    params: ById,
    reply: json(Document),
  }),
  page: route({
    ...read,
    id: 'getPage',
    method: 'GET',
    path: '/documents/:id/pages/:n',
    summary: 'The text of one page',
    params: PageParams,
    query: PageVersion,
    reply: json(DocumentPage),
  }),
  content: route({
    ...read,
    id: 'listPages',
    method: 'GET',
    path: '/documents/:id/content',
    summary: 'Pages in order',
    params: ById,
    query: NumberedQuery,
    reply: json(pageOf(DocumentPage)),
  }),
  versions: route({
    ...read,
    id: 'listVersions',
    method: 'GET',
    path: '/documents/:id/versions',
    summary: 'Versions of the file',
    params: ById,
    query: NumberedQuery,
    reply: json(pageOf(DocumentVersion)),
  }),
  file: route({
    ...read,
    id: 'getFile',
    method: 'GET',
    path: '/documents/:id/file',
    summary: 'The original file',
    params: ById,
    reply: file,
  }),
  reindex: route({
    ...write,
    id: 'reindexDocument',
    method: 'POST',
    path: '/documents/:id/reindex',
    audit: 'document.reindexed',
    idempotent: true,
    summary: 'Read the file again',
    params: ById,
    reply: json(Uploaded, 202),
  }),
  remove: route({
    ...write,
    id: 'deleteDocument',
    method: 'DELETE',
    path: '/documents/:id',
    audit: 'document.deleted',
    summary: 'Delete; with `forever` the file too',
    params: ById,
    query: z.object({ forever: z.stringbool().default(false) }),
    reply: empty(),
  }),
}

export const SearchRequest = z.object({
  query: z.string().trim().min(1).max(2000),
  documentIds: z.array(Id).max(200).optional(),
  courseId: Id.optional(),
  limit: z.int().min(1).max(50).default(8),
})
export type SearchRequest = z.infer<typeof SearchRequest>

export const SearchHit = z.object({
  chunkId: Id,
  documentId: Id,
  title: z.string(),
  page: z.int(),
  headingPath: z.array(z.string()),
  text: z.string(),
  /** Where the text stands on the page, in UTF-16 code units. */
  start: z.int(),
  end: z.int(),
  /** What the hits are ordered by: the ranks that the stages gave it, fused. */
  score: z.number(),
  /** The score of each stage that found it: weighted BM25, cosine, and the re-ranker's. */
  stages: z.object({ lexical: z.number().optional(), vector: z.number().optional(), rerank: z.number().optional() }),
})
export type SearchHit = z.infer<typeof SearchHit>
export const SearchResult = z.object({ items: z.array(SearchHit), degraded: z.boolean() })

export const searchRoutes = {
  search: route({
    ...read,
    id: 'search',
    method: 'POST',
    path: '/search',
    audit: 'material.searched',
    summary: 'Passages that match a question',
    body: jsonBody(SearchRequest),
    reply: json(SearchResult),
  }),
}

import type { Document, DocumentPage } from '@lyceum/contract/documents'
import type { DocumentRow, Heading } from './tables.ts'

/** A document as its readers see it. */
export const presentDocument = (row: DocumentRow): Document => ({
  id: row.id,
  title: row.title,
  fileName: row.fileName,
  status: row.status,
  ...(row.failure && { failure: row.failure }),
  ...(row.notice && { notice: row.notice }),
  mediaType: row.mediaType,
  sizeBytes: row.sizeBytes,
  pageCount: row.pageCount,
  chunkCount: row.chunkCount,
  language: row.language,
  version: row.versionNumber,
  jobId: row.jobId,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
})

export const presentPage = ({
  number,
  text,
  headings,
}: {
  number: number
  text: string
  headings: Heading[]
}): DocumentPage => ({
  number,
  text,
  headings,
})

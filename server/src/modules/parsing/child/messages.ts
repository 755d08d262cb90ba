import type { ParsedOutcome, ParsedPage, ReadableType } from '../types.ts'

/** What the parent asks of a child, once. */
export interface ParseRequest {
  path: string
  fileName: string
  mediaType: ReadableType
  maxPages: number
}

/** What the parent sends: the request, then one `next` for each page that it has taken. */
export type ToChild = { type: 'parse'; request: ParseRequest } | { type: 'next' }

/** How a child ends that could not load its own code: a fault of the installation, not of the document. */
export const brokenInstallation = 70

/** What a child sends: how many pages, each page when the one before was taken, the outcome. */
export type FromChild =
  | { type: 'start'; pageCount: number }
  | { type: 'page'; page: ParsedPage }
  | { type: 'end'; outcome: ParsedOutcome }

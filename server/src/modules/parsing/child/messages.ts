import type { ParsedOutcome, ParsedPage, ReadableType } from '../types.ts'

/** What the parent asks of a child, once. */
export interface ParseRequest {
  path: string
  fileName: string
  mediaType: ReadableType
  maxPages: number
}

/** What the parent sends: the request, then one `next` each time that it has taken the pages of a message. */
export type ToChild = { type: 'parse'; request: ParseRequest } | { type: 'next' }

/** How a child ends that could not load its own code: a fault of the installation, not of the document. */
export const brokenInstallation = 70

/** What a child sends: how many pages, the next pages when those before were taken, the outcome. */
export type FromChild =
  | { type: 'start'; pageCount: number }
  | { type: 'pages'; pages: ParsedPage[] }
  | { type: 'end'; outcome: ParsedOutcome }

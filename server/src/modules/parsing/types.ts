import type { DocumentFailure } from '@lyceum/contract/errors'

/** A heading inside a page: `text` is `page.text.slice(start, end)`. */
export interface ParsedHeading {
  text: string
  /** 1 (chapter) to 6. */
  level: number
  start: number
  end: number
}

/** Where a printed line of a PDF stands: fractions (0..1) of the page's width and height, origin top left. */
export interface ParsedLine {
  start: number
  end: number
  x: number
  y: number
  width: number
  height: number
}

/** One page as it stays for ever. Offsets are UTF-16 code units of `text`. */
export interface ParsedPage {
  /** From 1: PDF page, slide, EPUB spine item; other formats are cut near 3,000 characters. */
  number: number
  /** NFC, no control characters but tab and newline, ligatures resolved; a blank line parts paragraphs. */
  text: string
  headings: ParsedHeading[]
  /** Only PDF pages have geometry. */
  lines?: ParsedLine[]
}

/** The four languages that the tutor has word lists for; null for any other. */
export type DocumentLanguage = 'en' | 'de' | 'ar' | 'id'

export type ParsedOutcome =
  | {
      ok: true
      title: string | null
      language: DocumentLanguage | null
      pageCount: number
    }
  | ParseFailure

export interface ParseFailure {
  ok: false
  failure: DocumentFailure
  /** For the reader: what happened and what to do. */
  message: string
  /** For the log: what the parser said. */
  detail?: string
}

/** The kinds of file whose text is read. */
export const readableTypes = [
  'application/pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  'application/vnd.oasis.opendocument.text',
  'application/epub+zip',
  'text/html',
  'text/markdown',
  'text/plain',
] as const
export type ReadableType = (typeof readableTypes)[number]

/** The zip kinds among them; an archive is weighed before anything in it is unpacked. */
export type ArchiveType = Exclude<ReadableType, 'application/pdf' | `text/${string}`>

export interface ParseLimits {
  maxPages: number
  memoryLimitMb: number
  timeLimitMs: number
}

export const defaultLimits: ParseLimits = {
  maxPages: 5000,
  memoryLimitMb: 512,
  timeLimitMs: 120_000,
}

/** What a format's reader is given. `pages` must be told before the first page is sent. */
export interface ReaderContext {
  path: string
  fileName: string
  maxPages: number
  /** Says how many pages there will be; throws `document_too_long` over the limit. */
  start: (pageCount: number) => void
  /** Sends one page and waits until the parent has taken it. */
  send: (page: ParsedPage) => Promise<void>
}

/** What a format's reader knows at the end. `languageHint` is what the file itself declares. */
export interface ReaderResult {
  title: string | null
  languageHint?: string | null
}

export type Reader = (context: ReaderContext) => Promise<ReaderResult>

import type { DocumentFailure } from '@lyceum/contract/errors'
import type { ParseFailure } from './types.ts'

/** Thrown by readers for a file that cannot be read; caught at the edge of the child and made a `ParseFailure`. */
export class UnreadableFile extends Error {
  readonly failure: DocumentFailure

  constructor(failure: DocumentFailure, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'UnreadableFile'
    this.failure = failure
  }
}

/** The sentences that readers of a failed document see, where several places say the same. */
export const sentences = {
  empty: 'The file is empty (0 bytes). Upload it again; the first upload may have been cut off.',
  blank: 'The file holds no content. Upload a file with text in it.',
  noText: 'No text was found, only pictures or blank pages. Upload a version with selectable text, or one made by OCR.',
  locked: 'Locked with a password. Save a copy without the password and upload it again.',
  damaged:
    'The file is damaged or incomplete and cannot be read. Save it again in its own program and upload that copy.',
  memory: 'Reading this file needed more memory than is allowed. Split it into smaller files and upload those.',
  unsupported:
    'This kind of file cannot be read. Upload PDF, DOCX, PPTX, ODT, EPUB, HTML, Markdown or plain text (UTF-8).',
} as const

/** What a thrown thing means for the document. A reader's own bug counts as damage: the file stays downloadable. */
export const toFailure = (error: unknown): ParseFailure => {
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  if (error instanceof UnreadableFile) {
    const cause = error.cause instanceof Error ? { detail: error.cause.message } : {}
    return {
      ok: false,
      failure: error.failure,
      message: error.message,
      ...cause,
    }
  }
  return {
    ok: false,
    failure: 'document_corrupt',
    message: sentences.damaged,
    detail,
  }
}

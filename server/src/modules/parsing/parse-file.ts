import { realpath } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { runInChild } from './child/run-child.ts'
import { defaultLimits, type ParsedOutcome, type ParsedPage, type ParseLimits, type ReadableType } from './types.ts'

const childEntry = fileURLToPath(new URL('child/main.ts', import.meta.url))

export interface FileToParse {
  path: string
  mediaType: ReadableType
  fileName: string
}

/**
 * Reads a document page by page in a process of its own that is limited in memory and time and sees none of the
 * server's settings or files. `onPage` is awaited before the next page is sent; `onStart` comes before the first.
 * A file that cannot be read is an outcome and not an error. Throws what `onPage` throws, and the reason of `signal`.
 */
export const parseFile = async (
  file: FileToParse,
  limits: Partial<ParseLimits>,
  onPage: (page: ParsedPage) => Promise<void> | void,
  onStart?: (start: { pageCount: number }) => void,
  signal?: AbortSignal,
): Promise<ParsedOutcome> => {
  const path = await realpath(file.path)
  const { maxPages, ...bounds } = { ...defaultLimits, ...limits }
  return runInChild({
    request: {
      path,
      mediaType: file.mediaType,
      fileName: file.fileName,
      maxPages,
    },
    limits: { maxPages, ...bounds },
    onPage,
    onStart,
    signal,
    entry: childEntry,
  })
}

import type { Document } from '@lyceum/contract/documents'
import { fold } from '../../lib/fold.ts'
import { isAskable, isUnfinished } from './queries.ts'
import type { Upload } from './uploads.tsx'

/** Documents and files on their way, by what a person can do about them. */
export interface Sorted {
  sending: Upload[]
  refused: Upload[]
  /** Files whose bytes are there already. */
  twins: Upload[]
  reading: Document[]
  unread: Document[]
  /** Can be asked about, though some may still be made findable by meaning. */
  ready: Document[]
}

const isUnread = ({ status, notice }: Document): boolean => status === 'failed' || notice !== undefined

/** @param search a part of the name; case, accents and the marks of Arabic letters do not count */
export const sortDocuments = (documents: readonly Document[], uploads: readonly Upload[], search = ''): Sorted => {
  const part = fold(search.trim())
  const there = documents.filter(({ title, fileName }) => fold(title).includes(part) || fold(fileName).includes(part))
  const coming = uploads.filter(({ file }) => fold(file.name).includes(part))
  return {
    sending: coming.filter(({ failure, twin }) => !failure && !twin),
    refused: coming.filter(({ failure }) => failure),
    twins: coming.filter(({ twin }) => twin),
    reading: there.filter((document) => isUnfinished(document) && !isAskable(document)),
    unread: there.filter(isUnread),
    ready: there.filter(isAskable),
  }
}

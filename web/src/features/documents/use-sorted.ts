import type { Document } from '@lyceum/contract/documents'
import { useRemovals } from '../../ui/undo.tsx'
import { type Sorted, sortDocuments } from './sorted.ts'
import { useUploads } from './uploads.tsx'

/** Without what is about to be deleted. */
export const useSorted = (documents: readonly Document[], search?: string): Sorted => {
  const { isGone } = useRemovals()
  const { list } = useUploads()
  return sortDocuments(
    documents.filter(({ id }) => !isGone(id)),
    list,
    search,
  )
}

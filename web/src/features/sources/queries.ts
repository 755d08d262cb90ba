import { type Document, type DocumentPage, documentsRoutes } from '@lyceum/contract/documents'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { Api } from '../../lib/api.ts'

export interface PageAddress {
  documentId: string
  /** The version that the answer was read on. */
  version: number
  page: number
}

/** A version's page never changes. */
export const pageQuery = (api: Api, { documentId, version, page }: PageAddress) =>
  queryOptions({
    queryKey: ['page', documentId, version, page],
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }): Promise<DocumentPage> =>
      api.call(documentsRoutes.page, { params: { id: documentId, n: page }, query: { version }, signal }),
  })

export const documentQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: ['document', id],
    queryFn: ({ signal }): Promise<Document> => api.call(documentsRoutes.get, { params: { id }, signal }),
  })

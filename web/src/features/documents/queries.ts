import { type Document, documentsRoutes } from '@lyceum/contract/documents'
import { type Job, jobsRoutes } from '@lyceum/contract/jobs'
import type { Page } from '@lyceum/contract/pages'
import {
  type InfiniteData,
  infiniteQueryOptions,
  type QueryClient,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { type Api, useApi } from '../../lib/api.ts'

export type Documents = InfiniteData<Page<Document>, string | undefined>

const key = ['documents'] as const

/** How often unfinished work is looked at. Words that change more often cannot be read. */
const pollMs = 1000
/** How often what waits in line is: a hundred files may. */
const queuedPollMs = 4000

export const documentsQuery = (api: Api) =>
  infiniteQueryOptions({
    queryKey: key,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }): Promise<Page<Document>> =>
      api.call(documentsRoutes.list, { query: { limit: 100, cursor: pageParam }, signal }),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  })

export const useDocuments = () => {
  const query = useInfiniteQuery(documentsQuery(useApi()))
  return { query, documents: query.data?.pages.flatMap(({ items }) => items) ?? [] }
}

/** Its pages are there and are found by their words; by their meaning a little later. */
export const isAskable = ({ status }: Pick<Document, 'status'>): boolean => status === 'ready' || status === 'embedding'

/** Being read, or waiting for it. A stored file with a notice waits for an engine, and is not polled. */
export const isUnfinished = ({ status, notice }: Document): boolean =>
  status !== 'ready' && status !== 'failed' && !notice

const isOver = (job: Job): boolean => job.state === 'done' || job.state === 'failed' || job.state === 'cancelled'

/** The work on a document, until it is over; then the list is read anew. */
export const jobQuery = (api: Api, queries: QueryClient, id: string | null) =>
  queryOptions({
    queryKey: ['job', id],
    enabled: id !== null,
    staleTime: 0,
    queryFn: async ({ signal }): Promise<Job> => {
      const job = await api.call(jobsRoutes.get, { params: { id: id ?? '' }, signal })
      if (isOver(job)) await queries.invalidateQueries({ queryKey: key })
      return job
    },
    refetchInterval: ({ state }) => (state.data?.state === 'queued' ? queuedPollMs : pollMs),
  })

/** Says whether it was there before: the same bytes again give the same document. */
export const addToList = (queries: QueryClient, document: Document): boolean => {
  const listed = queries.getQueryData<Documents>(key)?.pages.flatMap(({ items }) => items) ?? []
  // One that is not in the part of the list that is loaded has been worked on since it was added.
  const wasThere = listed.some(({ id }) => id === document.id) || document.updatedAt !== document.createdAt
  queries.setQueryData<Documents>(key, (data) => {
    const [first, ...others] = data?.pages ?? []
    if (!data || !first) return data
    const items = [document, ...first.items.filter(({ id }) => id !== document.id)]
    return { ...data, pages: [{ ...first, items }, ...others] }
  })
  void queries.invalidateQueries({ queryKey: key })
  return wasThere
}

/** Reads a file again, as after a setting has changed. */
export const useReadAgain = (id: string) => {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => api.call(documentsRoutes.reindex, { params: { id } }),
    onSuccess: ({ document }) => void addToList(queries, document),
  })
}

export const useDeleteDocument = () => {
  const api = useApi()
  const queries = useQueryClient()
  return async (id: string): Promise<void> => {
    queries.setQueryData<Documents>(key, (data) => data && without(data, id))
    try {
      await api.call(documentsRoutes.remove, { params: { id }, keepalive: true })
    } finally {
      void queries.invalidateQueries({ queryKey: key })
    }
  }
}

const without = (data: Documents, id: string): Documents => ({
  ...data,
  pages: data.pages.map((page) => ({ ...page, items: page.items.filter((document) => document.id !== id) })),
})

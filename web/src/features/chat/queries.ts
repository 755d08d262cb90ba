import { type Conversation, chatRoutes, type Message } from '@lyceum/contract/chat'
import type { Page } from '@lyceum/contract/pages'
import {
  type InfiniteData,
  infiniteQueryOptions,
  queryOptions,
  useInfiniteQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { type Api, useApi } from '../../lib/api.ts'

type Conversations = InfiniteData<Page<Conversation>, string | undefined>

export const conversationsKey = ['conversations'] as const
export const messagesKey = (conversationId: string) => ['messages', conversationId] as const

export const conversationsQuery = (api: Api) =>
  infiniteQueryOptions({
    queryKey: conversationsKey,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }): Promise<Page<Conversation>> =>
      api.call(chatRoutes.conversations, { query: { cursor: pageParam }, signal }),
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  })

export const useConversations = () => {
  const query = useInfiniteQuery(conversationsQuery(useApi()))
  return { query, conversations: query.data?.pages.flatMap(({ items }) => items) ?? [] }
}

export const conversationQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: [...conversationsKey, id],
    queryFn: ({ signal }): Promise<Conversation> => api.call(chatRoutes.conversation, { params: { id }, signal }),
  })

/** All messages, oldest first. */
export const messagesQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: messagesKey(id),
    queryFn: async ({ signal }): Promise<Message[]> => {
      const messages: Message[] = []
      let cursor: string | undefined
      do {
        const page = await api.call(chatRoutes.messages, { params: { id }, query: { limit: 200, cursor }, signal })
        messages.push(...page.items)
        cursor = page.nextCursor ?? undefined
      } while (cursor)
      return messages
    },
  })

export const useDeleteConversation = () => {
  const api = useApi()
  const queries = useQueryClient()
  return async (id: string): Promise<void> => {
    queries.setQueryData<Conversations>(conversationsKey, (data) => data && without(data, id))
    try {
      await api.call(chatRoutes.removeConversation, { params: { id }, keepalive: true })
    } finally {
      void queries.invalidateQueries({ queryKey: conversationsKey })
    }
  }
}

const without = (data: Conversations, id: string): Conversations => ({
  ...data,
  pages: data.pages.map((page) => ({ ...page, items: page.items.filter((conversation) => conversation.id !== id) })),
})

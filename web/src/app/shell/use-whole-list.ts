import { useEffect } from 'react'

interface Paged {
  hasNextPage: boolean
  isFetchingNextPage: boolean
  isError: boolean
  fetchNextPage: () => unknown
}

/** Loads the rest of a list, page by page: what is searched by name must be there. */
export const useWholeList = ({ hasNextPage, isFetchingNextPage, isError, fetchNextPage }: Paged): void => {
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !isError) void fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, isError, fetchNextPage])
}

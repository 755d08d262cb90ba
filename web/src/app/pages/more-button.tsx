import { useTranslation } from 'react-i18next'

interface Paged {
  hasNextPage: boolean
  isFetchingNextPage: boolean
  fetchNextPage: () => unknown
}

export const MoreButton = ({ query }: { query: Paged }) => {
  const { t } = useTranslation()
  if (!query.hasNextPage) return null
  return (
    <p className="more">
      <button type="button" className="btn line" onClick={() => void query.fetchNextPage()}>
        {t(query.isFetchingNextPage ? 'state.loading' : 'action.more')}
      </button>
    </p>
  )
}

import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ConversationList } from '../../features/chat/conversation-list.tsx'
import { useConversations } from '../../features/chat/queries.ts'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useTitle } from '../../ui/use-title.ts'
import { MoreButton } from './more-button.tsx'

export const ConversationsPage = () => {
  const { t } = useTranslation()
  const { query, conversations } = useConversations()
  useTitle(t('shell.conversations'))
  return (
    <main className="main sheet" id="main" tabIndex={-1}>
      <div className="body narrow">
        <h1 className="page-title">{t('shell.conversations')}</h1>
        {query.isPending && <Skeleton />}
        {query.error && <ProblemNote error={query.error} onRetry={() => void query.refetch()} />}
        {query.isSuccess && conversations.length === 0 && (
          <p className="empty">
            {t('conversations.empty')} <Link to="/">{t('conversations.ask')}</Link>
          </p>
        )}
        <ConversationList conversations={conversations} />
        <MoreButton query={query} />
      </div>
    </main>
  )
}

import { getRouteApi, Link } from '@tanstack/react-router'
import { Lock } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useConversations } from '../../features/chat/queries.ts'
import { DocumentGroups } from '../../features/documents/document-groups.tsx'
import { isUnfinished, useDocuments } from '../../features/documents/queries.ts'
import { useSorted } from '../../features/documents/use-sorted.ts'
import { small } from '../../ui/icon.ts'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { useTitle } from '../../ui/use-title.ts'
import { RowKeys } from '../shell/row-keys.tsx'
import { HomeAsk } from './home-ask.tsx'
import { Specimen } from './specimen.tsx'

const readyAtMost = 5
const route = getRouteApi('/app/')

/** The first minute, and every one after it: ask, or drop a document. */
export const HomePage = () => {
  const { t } = useTranslation()
  const { document } = route.useSearch()
  const { query, documents } = useDocuments()
  const { query: talks, conversations } = useConversations()
  const sorted = useSorted(documents)
  useTitle('')
  const isEmpty = documents.length === 0 && sorted.sending.length === 0
  const isComing = sorted.sending.length > 0 || documents.some(isUnfinished)
  const isReading = isComing && sorted.ready.length === 0
  // Until the first question: what is being read then must not be moved away by what has been read.
  const isFirst = talks.isSuccess && conversations.length === 0
  return (
    <main className="main" id="main" tabIndex={-1}>
      <RowKeys />
      <div className="first">
        <h1>{t(isFirst ? 'home.first' : 'home.again')}</h1>
        <p className="sub">{t(isFirst ? 'home.sub' : 'home.subAgain')}</p>
        <HomeAsk documentId={document} isEmpty={isEmpty} isReading={isReading} only={onlyTitle(documents)} />
        {query.error && <ProblemNote error={query.error} onRetry={() => void query.refetch()} />}
        <DocumentGroups sorted={sorted} readyAtMost={readyAtMost} />
        {sorted.ready.length > readyAtMost && (
          <p className="more">
            <Link to="/documents">{t('home.allDocuments')}</Link>
          </p>
        )}
        {isFirst && query.isSuccess && sorted.ready.length === 0 && <Specimen />}
        <p className="foot">
          <Lock {...small} />
          {t('home.stays')}
        </p>
      </div>
    </main>
  )
}

/** The title of the only document that can be asked about. */
const onlyTitle = (documents: readonly { title: string; status: string }[]): string | undefined => {
  const [first, ...others] = documents.filter(({ status }) => status !== 'failed')
  return others.length === 0 ? first?.title : undefined
}

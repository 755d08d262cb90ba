import { limits } from '@lyceum/contract/limits'
import { getRouteApi } from '@tanstack/react-router'
import { Upload } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ChooseFiles } from '../../features/documents/choose-files.tsx'
import { DocumentGroups } from '../../features/documents/document-groups.tsx'
import { useDocuments } from '../../features/documents/queries.ts'
import type { Sorted } from '../../features/documents/sorted.ts'
import { useSorted } from '../../features/documents/use-sorted.ts'
import { useFormat } from '../../lib/format.ts'
import { medium } from '../../ui/icon.ts'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useTitle } from '../../ui/use-title.ts'
import { RowKeys } from '../shell/row-keys.tsx'
import { useWholeList } from '../shell/use-whole-list.ts'
import { DocumentTabs, type Tab } from './document-tabs.tsx'
import { FindField } from './find-field.tsx'
import { useFind } from './use-find.ts'

const route = getRouteApi('/app/documents')

/** Only what the tab is about. */
const narrow = (sorted: Sorted, show: Tab | undefined): Sorted => ({
  ...sorted,
  ...(show && show !== 'reading' && { sending: [], reading: [] }),
  ...(show && show !== 'unread' && { refused: [], unread: [] }),
  ...(show && show !== 'ready' && { ready: [] }),
})

export const DocumentsPage = () => {
  const { t } = useTranslation()
  const format = useFormat()
  const { show, q } = route.useSearch()
  const navigate = route.useNavigate()
  const { query, documents } = useDocuments()
  useWholeList(query)
  const { text, find } = useFind(
    q,
    (q) => void navigate({ search: (all) => ({ ...all, q }), replace: true, resetScroll: false }),
  )
  const sorted = useSorted(documents, text)
  const shown = narrow(sorted, show)
  const isShown = Object.values(shown).some((list) => list.length > 0)
  useTitle(t('shell.documents'))
  return (
    <main className="main sheet" id="main" tabIndex={-1}>
      <RowKeys />
      <div className="body">
        <div className="top">
          <h1 className="page-title">{t('documents.title')}</h1>
          {documents.length > 0 && (
            <FindField label={t('documents.find', { count: documents.length })} value={text} onFind={find} />
          )}
        </div>
        {documents.length > 0 && <DocumentTabs sorted={sorted} show={show} />}
        <div className="drop-line">
          <Upload {...medium} />
          <span>
            {t('documents.dropHere')}{' '}
            <span className="hint">{t('documents.upTo', { size: format.bytes(limits.uploadBytes) })}</span>
          </span>
          <span>
            <ChooseFiles look="line" />
          </span>
        </div>
        {query.isPending && <Skeleton />}
        {query.error && <ProblemNote error={query.error} onRetry={() => void query.refetch()} />}
        {query.isSuccess && documents.length === 0 && <p className="empty">{t('documents.empty')}</p>}
        {documents.length > 0 && !isShown && <p className="empty">{t('documents.noneFits')}</p>}
        <DocumentGroups sorted={shown} />
        {query.hasNextPage && !query.error && (
          <p className="more" role="status">
            {t('documents.soFar', { count: documents.length })}
          </p>
        )}
      </div>
    </main>
  )
}

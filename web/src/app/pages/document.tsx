import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { ForeEdge } from '../../features/sources/fore-edge.tsx'
import { PageBar } from '../../features/sources/page-bar.tsx'
import { PageView } from '../../features/sources/page-view.tsx'
import { documentQuery } from '../../features/sources/queries.ts'
import { useApi } from '../../lib/api.ts'
import { textProps } from '../../lib/direction.ts'
import { medium } from '../../ui/icon.ts'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { useTitle } from '../../ui/use-title.ts'

const route = getRouteApi('/app/documents/$id')
const nothingMarked = { open: null, others: [] }
const nothingUsed: ReadonlySet<number> = new Set()

/** A document's pages, one at a time, as they were read. */
export const DocumentPage = () => {
  const { t } = useTranslation()
  const { id } = route.useParams()
  const { page = 1 } = route.useSearch()
  const navigate = route.useNavigate()
  const heading = useRef<HTMLHeadingElement>(null)
  const { data: document, error, refetch } = useQuery(documentQuery(useApi(), id))
  useTitle(document?.title ?? '')
  const direction = textProps(document?.title ?? '', document?.language).lang === 'ar' ? 'rtl' : 'ltr'
  const turn = (to: number): void => void navigate({ search: { page: to }, replace: true })
  return (
    <main className="main reader" id="main" tabIndex={-1}>
      <header className="bar">
        <Link to="/documents" className="btn icon small" aria-label={t('documents.back')} title={t('documents.back')}>
          <ArrowLeft {...medium} className="turns" />
        </Link>
        <h1>
          <bdi className="name">{document?.title}</bdi>
        </h1>
        <span className="bar-end">
          {document && (
            <Link
              to="/"
              search={{ document: id }}
              state={{ wantsAsk: true }}
              className="btn small"
              aria-label={t('documents.askAbout', { title: document.title })}
            >
              {t('documents.ask')}
            </Link>
          )}
        </span>
      </header>
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {document && (
        <div className="reader-pages">
          <PageBar
            page={page}
            pageCount={document.pageCount}
            direction={direction}
            headingRef={heading}
            onTurn={turn}
            tools={null}
          />
          <ForeEdge direction={direction} page={page} pageCount={document.pageCount} used={nothingUsed} onTurn={turn} />
          <PageView
            address={{ documentId: id, version: document.version, page }}
            title={document.title}
            language={document.language}
            marks={nothingMarked}
            proves={false}
          />
        </div>
      )}
    </main>
  )
}

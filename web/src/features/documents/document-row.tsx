import { addressOf } from '@lyceum/contract/client'
import { type Document, documentsRoutes } from '@lyceum/contract/documents'
import { Link } from '@tanstack/react-router'
import { Download, Lock, Trash2, TriangleAlert } from 'lucide-react'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../lib/format.ts'
import { medium, small } from '../../ui/icon.ts'
import { useRemovals } from '../../ui/undo.tsx'
import { FailureText } from './failure.tsx'
import { iconOf, kindOf } from './file-kind.ts'
import { isAskable, isUnfinished, useDeleteDocument } from './queries.ts'
import { ReadingProgress } from './reading-progress.tsx'

const lookOf = (document: Document): string => {
  if (document.status === 'failed') return 'doc failed'
  return isUnfinished(document) && !isAskable(document) ? 'doc reading' : 'doc'
}

/** One document: what it is, how far it is, and what can be done with it. A long list draws anew only what changed. */
export const DocumentRow = memo(({ document }: { document: Document }) => {
  const { t } = useTranslation()
  const { status, notice, failure } = document
  const Icon = failure ? (failure.code === 'document_encrypted' ? Lock : TriangleAlert) : iconOf(document.mediaType)
  return (
    <li className={lookOf(document)}>
      <Icon {...medium} />
      <div className="doc-name">
        <DocumentTitle document={document} />
        <DocumentMeta document={document} />
      </div>
      <div className="doc-state">
        {isUnfinished(document) && <ReadingProgress document={document} />}
        {(failure || notice) && <FailureText document={document} />}
        {status === 'ready' && <span className="num">{t('documents.pagesRead', { count: document.pageCount })}</span>}
      </div>
      <div className="doc-acts">
        {isAskable(document) && <AskLink document={document} />}
        <DownloadLink document={document} />
        <DeleteButton document={document} />
      </div>
    </li>
  )
})

/** Leads to its pages, once there are any. */
const DocumentTitle = ({ document }: { document: Document }) => {
  const { id, title } = document
  return isAskable(document) ? (
    <Link to="/documents/$id" params={{ id }} className="name" title={title}>
      <bdi>{title}</bdi>
    </Link>
  ) : (
    <bdi className="name" title={title}>
      {title}
    </bdi>
  )
}

const DocumentMeta = ({ document }: { document: Document }) => {
  const { t } = useTranslation()
  const format = useFormat()
  const facts = [
    t(`kind.${kindOf(document.mediaType)}`),
    format.bytes(document.sizeBytes),
    format.language(document.language),
    format.day(document.createdAt),
  ].filter((fact) => fact !== null)
  return (
    <span className="doc-meta num">
      {facts.map((fact) => (
        <bdi key={fact}>{fact}</bdi>
      ))}
    </span>
  )
}

/** To the box, with this document alone as its scope. */
const AskLink = ({ document: { id, title } }: { document: Document }) => {
  const { t } = useTranslation()
  return (
    <Link
      to="/"
      search={{ document: id }}
      state={{ wantsAsk: true }}
      className="btn small"
      aria-label={t('documents.askAbout', { title })}
    >
      {t('documents.ask')}
    </Link>
  )
}

const DownloadLink = ({ document: { id, title } }: { document: Document }) => {
  const { t } = useTranslation()
  const label = t('documents.download', { title })
  return (
    <a
      className="btn icon small"
      href={addressOf(documentsRoutes.file, { params: { id } })}
      download
      aria-label={label}
      title={label}
    >
      <Download {...small} />
    </a>
  )
}

const DeleteButton = ({ document: { id, title } }: { document: Document }) => {
  const { t } = useTranslation()
  const { remove } = useRemovals()
  const deleteDocument = useDeleteDocument()
  const label = t('documents.delete', { title })
  return (
    <button
      type="button"
      className="btn icon small"
      aria-label={label}
      title={label}
      onClick={() => remove({ id, text: t('documents.deleted', { title }), commit: () => deleteDocument(id) })}
    >
      <Trash2 {...small} />
    </button>
  )
}

import type { Citation, Source } from '@lyceum/contract/chat'
import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../lib/api.ts'
import { directionOf } from '../../lib/direction.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { small } from '../../ui/icon.ts'
import { ForeEdge } from './fore-edge.tsx'
import { PageBar } from './page-bar.tsx'
import { marksOn } from './page-segments.ts'
import { PageView } from './page-view.tsx'
import { documentQuery } from './queries.ts'
import { Receipt } from './receipt.tsx'
import { SourceList } from './source-list.tsx'

export interface LeafProps {
  sources: readonly Source[]
  /** The open one. */
  source: Source
  /** What the checker found about the sentence that it was opened from; null after a refusal. */
  citation: Citation | null
  weak: ReadonlySet<number>
  hrefOf: (source: number) => string
  onOpen: (source: number) => void
  onClose: () => void
}

/** The page that an answer was read on, beside it. */
export const Leaf = ({ sources, source, citation, weak, hrefOf, onOpen, onClose }: LeafProps) => {
  const { t } = useTranslation()
  const heading = useRef<HTMLHeadingElement>(null)
  // Turning pages starts anew with each source that is opened.
  const [turned, setTurned] = useState({ from: source, page: source.page })
  const page = turned.from === source ? turned.page : source.page
  const { data: document } = useQuery(documentQuery(useApi(), source.documentId))
  const address = { documentId: source.documentId, version: source.version, page }
  const proves = citation !== null && citation.verdict !== 'unsupported'
  const direction = directionOf(source.quote)
  const turnTo = (to: number): void => setTurned({ from: source, page: to })
  const passage = passageOf(source, citation)
  const used = new Set(sources.filter(({ documentId }) => documentId === source.documentId).map((it) => it.page))
  // biome-ignore lint/correctness/useExhaustiveDependencies: the page's heading takes the focus when a source is opened
  useEffect(() => {
    heading.current?.focus({ preventScroll: true })
  }, [source.documentId, source.n])
  return (
    <>
      <header className="bar">
        <h1>
          {t('sources.title')} <span className="num">{sources.length}</span>
        </h1>
        <span className="bar-end">
          <button type="button" className="btn icon small" aria-label={t('sources.close')} onClick={onClose}>
            <X {...small} />
          </button>
        </span>
      </header>
      <SourceList sources={sources} current={source.n} weak={weak} proves={proves} hrefOf={hrefOf} onOpen={onOpen} />
      <Receipt citation={citation} />
      <PageBar
        page={page}
        pageCount={document?.pageCount}
        direction={direction}
        headingRef={heading}
        onTurn={turnTo}
        tools={<CopyButton what="passage" text={() => source.quote} />}
      />
      {document && document.pageCount > 1 ? (
        <ForeEdge direction={direction} page={page} pageCount={document.pageCount} used={used} onTurn={turnTo} />
      ) : (
        // Its place, so that the page does not move when it is known how many there are.
        <div className="edge still" />
      )}
      {document && document.version !== source.version && <p className="changed">{t('sources.changed')}</p>}
      <PageView
        address={address}
        title={source.title}
        language={document?.language ?? null}
        marks={marksOn(address, sources, passage)}
        proves={proves}
      />
    </>
  )
}

/** The run of the page that the sentence was held against, which may be less than what was quoted. */
const passageOf = (source: Source, citation: Citation | null): Source => {
  const [start, end] = citation?.span ?? [source.start, source.end]
  return { ...source, start, end }
}

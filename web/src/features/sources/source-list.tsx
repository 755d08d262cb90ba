import type { Source } from '@lyceum/contract/chat'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useSwipe } from './use-swipe.ts'

interface Props {
  sources: readonly Source[]
  current: number
  weak: ReadonlySet<number>
  proves: boolean
  hrefOf: (source: number) => string
  onOpen: (source: number) => void
}

export const SourceList = ({ sources, current, weak, proves, hrefOf, onOpen }: Props) => {
  const { t } = useTranslation()
  const list = useRef<HTMLUListElement>(null)
  const swipe = useSwipe((by) => {
    const next = sources[sources.findIndex(({ n }) => n === current) + by]
    if (next) onOpen(next.n)
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: brings the open one into sight when another is opened
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [current])
  return (
    <ul className="sources" ref={list} {...swipe}>
      {sources.map(({ n, title, page }) => (
        <li key={n}>
          <a
            href={hrefOf(n)}
            aria-current={n === current ? 'true' : undefined}
            onClick={(event) => {
              event.preventDefault()
              onOpen(n)
            }}
          >
            <span className={chipClass(weak.has(n))} aria-current={proves && n === current ? 'true' : undefined}>
              {n}
            </span>
            <bdi className="name">{title}</bdi>
            <span className="where num">
              {t('sources.page', { page })}
              {weak.has(n) && ` · ${t('proof.isWeak')}`}
            </span>
          </a>
        </li>
      ))}
    </ul>
  )
}

const chipClass = (isWeak: boolean): string => (isWeak ? 'cite weak' : 'cite')

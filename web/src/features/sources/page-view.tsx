import { useQuery } from '@tanstack/react-query'
import { useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../lib/api.ts'
import { textProps } from '../../lib/direction.ts'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import type { Marks } from './page-segments.ts'
import { PageText } from './page-text.tsx'
import { type PageAddress, pageQuery } from './queries.ts'

interface Props {
  address: PageAddress
  title: string
  language: string | null
  marks: Marks
  proves: boolean
}

/** The page as it lies on the desk, scrolled to where the passage stands a third down. */
export const PageView = ({ address, title, language, marks, proves }: Props) => {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(pageQuery(useApi(), address))
  const scroll = useRef<HTMLElement>(null)
  const isShown = data?.number === address.page
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each page and passage that is opened
  useLayoutEffect(() => {
    if (isShown && scroll.current) showPassage(scroll.current)
  }, [isShown, address.documentId, address.page, marks.open?.start])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and so must take the focus
    <section className="page-scroll" ref={scroll} tabIndex={0} aria-label={t('sources.pageText')}>
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton />}
      {data && (
        <article className="page" {...textProps(data.text, language)} key={`${address.documentId}:${data.number}`}>
          <p className="page-head">
            <bdi>{title}</bdi>
            <span className="num">{data.number}</span>
          </p>
          {data.text.trim() === '' && <p>{t('sources.emptyPage')}</p>}
          <PageText page={data} marks={isShown ? marks : { open: null, others: [] }} proves={proves} />
        </article>
      )}
    </section>
  )
}

const showPassage = (scroll: HTMLElement): void => {
  const passage = scroll.querySelector('[data-passage="start"]')
  const top = passage ? passage.getBoundingClientRect().top - scroll.getBoundingClientRect().top : -scroll.scrollTop
  scroll.scrollTop += passage ? top - scroll.clientHeight / 3 : top
}

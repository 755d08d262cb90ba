import type { DocumentPage } from '@lyceum/contract/documents'
import { useTranslation } from 'react-i18next'
import { type Marks, type Paragraph, paragraphsOf, type Segment } from './page-segments.ts'

interface Props {
  page: DocumentPage
  marks: Marks
  /** Yellow is for proof; the nearest passage of a refusal is only underlined. */
  proves: boolean
}

/** The page's own text, with the passage marked in place. */
export const PageText = ({ page, marks, proves }: Props) => {
  const paragraphs = paragraphsOf(page, marks)
  const marked = paragraphs.flatMap(({ segments }) => segments).filter(({ isMarked }) => isMarked)
  const [first, last] = [marked[0]?.start, marked.at(-1)?.start]
  const renderSegment = (segment: Segment) => {
    if (!segment.isMarked)
      return segment.isOther ? (
        <mark key={segment.start} className="other">
          {segment.text}
        </mark>
      ) : (
        segment.text
      )
    return (
      <MarkedText
        key={segment.start}
        segment={segment}
        n={marks.open?.n ?? 0}
        proves={proves}
        isFirst={segment.start === first}
        isLast={segment.start === last}
      />
    )
  }
  const render = ({ level, start, segments }: Paragraph) => {
    const Tag = level === null ? 'p' : 'h3'
    return <Tag key={start}>{segments.map(renderSegment)}</Tag>
  }
  return paragraphs.map(render)
}

interface MarkedProps {
  segment: Segment
  n: number
  proves: boolean
  isFirst: boolean
  isLast: boolean
}

const MarkedText = ({ segment, n, proves, isFirst, isLast }: MarkedProps) => {
  const { t } = useTranslation()
  return (
    <mark className={proves ? 'drawn' : 'other'} data-passage={isFirst ? 'start' : undefined}>
      {isFirst && (
        <>
          <span className="sr">{t('sources.passageStart', { n })}</span>
          {proves && (
            <span className="in-margin" aria-hidden="true">
              <span className="cite" aria-current="true">
                {n}
              </span>
            </span>
          )}
        </>
      )}
      {segment.text}
      {isLast && <span className="sr">{t('sources.passageEnd', { n })}</span>}
    </mark>
  )
}

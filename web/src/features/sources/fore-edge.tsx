import { type KeyboardEvent, type PointerEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Direction } from '../../lib/direction.ts'
import { markCount, markOf, pageAfterKey, pageOf } from './fore-edge-marks.ts'

interface Props {
  direction: Direction
  page: number
  pageCount: number
  /** Pages that the answer used. */
  used: ReadonlySet<number>
  onTurn: (page: number) => void
}

/** The edge of the closed book, to turn to any page: those that the answer used stand up, the open one is blue. */
export const ForeEdge = ({ direction, page, pageCount, used, onTurn }: Props) => {
  const { t } = useTranslation()
  const edge = useRef<HTMLDivElement>(null)
  const usedMarks = new Set([...used].map((number) => markOf(number, pageCount)))
  const here = markOf(page, pageCount)
  const look = (mark: number): string | undefined => {
    if (mark === here) return 'here'
    return usedMarks.has(mark) ? 'used' : undefined
  }
  const turnTo = (to: number): void => {
    if (to !== page) onTurn(to)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const to = pageAfterKey(event.key, { page, pageCount, direction })
    if (to === null) return
    event.preventDefault()
    turnTo(to)
  }
  const follow = ({ clientX }: PointerEvent): void => {
    const box = edge.current?.getBoundingClientRect()
    const marks = edge.current?.querySelectorAll('i')
    const [first, last] = [marks?.[0]?.getBoundingClientRect(), marks?.[marks.length - 1]?.getBoundingClientRect()]
    if (!box || !first || !last) return
    const [from, to] = direction === 'rtl' ? [first.right, last.left] : [first.left, last.right]
    turnTo(pageOf((clientX - from) / (to - from), pageCount))
  }
  const of = t('sources.pageOf', { page, total: pageCount })
  return (
    <div
      ref={edge}
      className="edge"
      dir={direction}
      role="slider"
      tabIndex={0}
      aria-label={t('sources.foreEdge')}
      aria-valuemin={1}
      aria-valuemax={pageCount}
      aria-valuenow={page}
      aria-valuetext={used.has(page) ? t('sources.pageUsed', { page: of }) : of}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        follow(event)
      }}
      onPointerMove={(event) => event.currentTarget.hasPointerCapture(event.pointerId) && follow(event)}
    >
      {Array.from({ length: markCount(pageCount) }, (_, mark) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a mark is its place
        <i key={mark} className={look(mark)} />
      ))}
    </div>
  )
}

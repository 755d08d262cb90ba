import { ChevronLeft, ChevronRight } from 'lucide-react'
import type { ReactNode, Ref } from 'react'
import { useTranslation } from 'react-i18next'
import type { Direction } from '../../lib/direction.ts'
import { small } from '../../ui/icon.ts'

interface Props {
  page: number
  pageCount: number | undefined
  /** The way that the book turns, whatever the interface does. */
  direction: Direction
  headingRef: Ref<HTMLHeadingElement>
  onTurn: (page: number) => void
  tools: ReactNode
}

/** Where we are in the document, and a page on or back. */
export const PageBar = ({ page, pageCount, direction, headingRef, onTurn, tools }: Props) => {
  const { t } = useTranslation()
  const isLast = pageCount === undefined || page >= pageCount
  return (
    <div className="page-bar">
      <h2 className="num" tabIndex={-1} ref={headingRef}>
        {pageCount ? t('sources.pageOf', { page, total: pageCount }) : t('sources.pageAlone', { page })}
      </h2>
      <span className="bar-end">
        <span className="page-turns" dir={direction}>
          <TurnButton label={t('sources.pageBefore')} isOff={page <= 1} onClick={() => onTurn(page - 1)}>
            <ChevronLeft {...small} className="turns" />
          </TurnButton>
          <TurnButton label={t('sources.nextPage')} isOff={isLast} onClick={() => onTurn(page + 1)}>
            <ChevronRight {...small} className="turns" />
          </TurnButton>
        </span>
        {tools}
      </span>
    </div>
  )
}

interface TurnProps {
  label: string
  isOff: boolean
  onClick: () => void
  children: ReactNode
}

/** Off, it keeps the focus: the next press of the other one must not have to find its way back. */
const TurnButton = ({ label, isOff, onClick, children }: TurnProps) => (
  <button
    type="button"
    className="btn icon small"
    aria-label={label}
    title={label}
    aria-disabled={isOff}
    onClick={() => !isOff && onClick()}
  >
    {children}
  </button>
)

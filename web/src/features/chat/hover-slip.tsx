import type { Source } from '@lyceum/contract/chat'
import { useLayoutEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { textProps } from '../../lib/direction.ts'
import { shorten } from './shorten.ts'
import type { Peek } from './use-peek.ts'

const longestQuote = 240
const gapPx = 6

/** Where a number comes from, beside it while the pointer rests there. Its link says the same to who does not point. */
export const HoverSlip = ({ peek, sources }: { peek: Peek; sources: readonly Source[] }) => {
  const { t } = useTranslation()
  const slip = useRef<HTMLDivElement>(null)
  const { peeked } = peek
  const source = sources.find(({ n }) => n === peeked?.source)
  useLayoutEffect(() => {
    if (slip.current && peeked) placeBeside(slip.current, peeked.chip)
  }, [peeked])
  if (!peeked || !source) return null
  const quote = shorten(source.quote, longestQuote)
  return (
    <div className="hover-slip" role="tooltip" ref={slip} onPointerEnter={peek.onStay} onPointerLeave={peek.onLeave}>
      <p className="from">
        <bdi>{source.title}</bdi> · <span className="num">{t('sources.page', { page: source.page })}</span>
      </p>
      <blockquote {...textProps(quote)}>{quote}</blockquote>
    </div>
  )
}

/** Under the chip, or above it where there is no room; never over the window's edge. */
const placeBeside = (slip: HTMLElement, chip: HTMLElement): void => {
  const at = chip.getBoundingClientRect()
  const { width, height } = slip.getBoundingClientRect()
  const isRoomBelow = at.bottom + gapPx + height < innerHeight
  const inline = Math.max(gapPx, Math.min(at.x + at.width / 2 - width / 2, innerWidth - width - gapPx))
  const block = isRoomBelow ? at.bottom + gapPx : at.y - gapPx - height
  slip.style.transform = `translate(${Math.round(inline)}px, ${Math.round(block)}px)`
}

import { ArrowDown } from 'lucide-react'
import { type RefObject, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { small } from '../../ui/icon.ts'

interface Props {
  scroll: RefObject<HTMLElement | null>
  isMaking: boolean
}

/** Back to the words that are being written, for who has scrolled away from them. */
export const NewestButton = ({ scroll, isMaking }: Props) => {
  const { t } = useTranslation()
  const [isAway, setAway] = useState(false)
  useEffect(() => {
    if (!isMaking || !scroll.current) return setAway(false)
    const { current } = scroll
    const look = (): void => setAway(endOf(current) > 0)
    const timer = setInterval(look, 500)
    current.addEventListener('scroll', look, { passive: true })
    look()
    return () => {
      clearInterval(timer)
      current.removeEventListener('scroll', look)
    }
  }, [isMaking, scroll])
  if (!isAway) return null
  return (
    <button
      type="button"
      className="btn line small newest"
      onClick={() => {
        const { current } = scroll
        if (current) current.scrollTop += endOf(current) + current.clientHeight / 3
      }}
    >
      <ArrowDown {...small} />
      {t('answer.newest')}
    </button>
  )
}

/** How far the last words stand below the window, in px; not positive when they are in sight. */
const endOf = (scroll: HTMLElement): number => {
  const last = scroll.querySelector('.turn:last-of-type > :last-child')
  return last ? last.getBoundingClientRect().bottom - scroll.getBoundingClientRect().bottom : 0
}

import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

/** Nothing for 300 ms, then still lines where the text will be. */
export const Skeleton = () => {
  const { t } = useTranslation()
  const [isLate, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className="skeleton" role="status" aria-busy="true">
      {isLate && (
        <>
          <span className="sr">{t('state.loading')}</span>
          <span className="line" />
          <span className="line" />
          <span className="line" />
        </>
      )}
    </div>
  )
}

import { type ErrorComponentProps, Link, useRouter } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { useTitle } from '../../ui/use-title.ts'

export const NotFoundPage = () => {
  const { t } = useTranslation()
  useTitle(t('notFound.title'))
  return (
    <main className="door" id="main">
      <h1>{t('notFound.title')}</h1>
      <p className="lead">{t('notFound.lead')}</p>
      <p>
        <Link to="/" className="btn pen">
          {t('notFound.home')}
        </Link>
      </p>
    </main>
  )
}

/** When a page cannot be shown at all. */
export const CrashPage = ({ error, reset }: ErrorComponentProps) => {
  const { t } = useTranslation()
  const router = useRouter()
  const again = (): void => {
    reset()
    void router.invalidate()
  }
  return (
    <main className="door" id="main">
      <h1>{t('crash.title')}</h1>
      <ProblemNote error={error} onRetry={again} />
    </main>
  )
}

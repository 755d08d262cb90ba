import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { explain } from '../lib/problems.ts'
import { small } from './icon.ts'

interface Props {
  error: unknown
  onRetry?: (() => void) | undefined
}

/** An error, where it happened: what, what to do, and the id under which the server logged it. */
export const ProblemNote = ({ error, onRetry }: Props) => {
  const { t } = useTranslation()
  const { title, advice, requestId } = explain(error, t)
  return (
    <div className="problem" role="alert">
      <TriangleAlert {...small} />
      <p>
        <strong>{title}</strong> <bdi>{advice}</bdi>
      </p>
      {(onRetry || requestId) && (
        <p className="after">
          {onRetry && (
            <button type="button" className="btn line small" onClick={onRetry}>
              {t('action.tryAgain')}
            </button>
          )}
          {requestId && (
            <span>
              {t('problem.requestId')} <code>{requestId}</code>
            </span>
          )}
        </p>
      )}
    </div>
  )
}

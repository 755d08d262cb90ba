import type { Source } from '@lyceum/contract/chat'
import { useTranslation } from 'react-i18next'
import { textProps } from '../../lib/direction.ts'
import type { Opened } from './reading-context.ts'

interface Props {
  sources: readonly Source[]
  onOpen: (opened: Opened) => void
  hrefOf: (source: number) => string
}

/** No claim, no chips, no yellow: the nearest passages prove nothing. */
export const Refusal = ({ sources, onOpen, hrefOf }: Props) => {
  const { t } = useTranslation()
  return (
    <div className="refusal">
      <p className="lead">{t('refusal.lead')}</p>
      <p className="why">{t(sources.length > 0 ? 'refusal.nearest' : 'refusal.nothing')}</p>
      {sources.length > 0 && (
        <ul className="near">
          {sources.map(({ n, title, page, quote }) => (
            <li key={n}>
              <a
                href={hrefOf(n)}
                data-cite={`:${n}`}
                onClick={(event) => {
                  event.preventDefault()
                  onOpen({ source: n, sentence: null })
                }}
              >
                <bdi>{title}</bdi> {t('sources.page', { page })}
              </a>
              <blockquote {...textProps(quote)}>{quote}</blockquote>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

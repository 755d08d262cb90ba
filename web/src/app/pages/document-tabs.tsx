import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Sorted } from '../../features/documents/sorted.ts'
import { useFormat } from '../../lib/format.ts'

export type Tab = 'reading' | 'ready' | 'unread'

/** Which documents are shown: in the address, so that the back button knows. */
export const DocumentTabs = ({ sorted, show }: { sorted: Sorted; show: Tab | undefined }) => {
  const { t } = useTranslation()
  const format = useFormat()
  const reading = sorted.sending.length + sorted.reading.length
  const unread = sorted.refused.length + sorted.unread.length
  const ready = sorted.ready.length
  const tabs: { tab: Tab | undefined; title: string; count: number }[] = [
    { tab: undefined, title: t('documents.all'), count: reading + unread + ready },
    { tab: 'reading', title: t('documents.beingRead'), count: reading },
    { tab: 'ready', title: t('documents.ready'), count: ready },
    { tab: 'unread', title: t('documents.notRead'), count: unread },
  ]
  return (
    <nav className="tabs" aria-label={t('documents.show')}>
      {tabs.map(({ tab, title, count }) => (
        <Link
          key={title}
          to="/documents"
          search={(all) => ({ ...all, show: tab })}
          resetScroll={false}
          aria-current={tab === show ? 'page' : undefined}
        >
          {title} <span className="count">{format.number(count)}</span>
        </Link>
      ))}
    </nav>
  )
}

import { Link, useRouterState } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { medium } from '../../ui/icon.ts'
import { isPlace, places } from './places.ts'
import { useOverlays } from './use-overlays.ts'

/** The places of the spine and the search, under the thumb. */
export const Tabbar = () => {
  const { t } = useTranslation()
  const { show } = useOverlays()
  const path = useRouterState({ select: ({ location }) => location.pathname })
  return (
    <nav className="tabbar" aria-label={t('shell.main')}>
      {places.map((place) => (
        <Link key={place.to} to={place.to} aria-current={isPlace(place, path) ? 'page' : undefined}>
          <place.icon {...medium} />
          <span>{t(`shell.${place.name}`)}</span>
        </Link>
      ))}
      <button type="button" onClick={() => show('palette')}>
        <Search {...medium} />
        <span>{t('palette.search')}</span>
      </button>
    </nav>
  )
}

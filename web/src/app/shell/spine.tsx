import { useQuery } from '@tanstack/react-query'
import { Link, useRouterState } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useConversations } from '../../features/chat/queries.ts'
import { meQuery } from '../../features/identity/session.ts'
import { useApi } from '../../lib/api.ts'
import { Logo, productName } from '../../ui/brand.tsx'
import { medium, small } from '../../ui/icon.ts'
import { Keys } from '../../ui/keys.tsx'
import { useRemovals } from '../../ui/undo.tsx'
import { isPlace, places } from './places.ts'
import { useOverlays } from './use-overlays.ts'

export const Spine = () => {
  const { t } = useTranslation()
  const { show, prepare } = useOverlays()
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const { data: me } = useQuery(meQuery(useApi()))
  return (
    <header className="spine">
      <Link to="/" className="brand" aria-label={productName}>
        <Logo />
        <bdi className="long">{productName}</bdi>
      </Link>
      <button
        type="button"
        className="jump"
        title={t('palette.jump')}
        onPointerEnter={prepare}
        onFocus={prepare}
        onClick={() => show('palette')}
      >
        <Search {...small} />
        <span className="long label">{t('palette.jump')}</span>
        <span className="long keys">
          <Keys keys="mod+k" />
        </span>
      </button>
      <nav className="nav" aria-label={t('shell.main')}>
        <ul>
          {places.map((place) => (
            <li key={place.to}>
              <Link
                to={place.to}
                aria-current={isPlace(place, path) ? 'page' : undefined}
                title={t(`shell.${place.name}`)}
              >
                <place.icon {...medium} />
                <span className="long">{t(`shell.${place.name}`)}</span>
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Lately path={path} />
      <div className="spine-foot">
        <p className="long">{t('shell.stays')}</p>
        {me && (
          <p className="who">
            <span className="face" aria-hidden="true">
              {initialsOf(me.name || me.email)}
            </span>
            <bdi className="long name">{me.name || me.email}</bdi>
          </p>
        )}
      </div>
    </header>
  )
}

const lastTalks = 6

const Lately = ({ path }: { path: string }) => {
  const { t } = useTranslation()
  const { isGone } = useRemovals()
  const { conversations } = useConversations()
  const recent = conversations.filter(({ id }) => !isGone(id)).slice(0, lastTalks)
  if (recent.length === 0) return null
  return (
    <nav className="nav lately long" aria-labelledby="lately">
      <h2 id="lately">{t('shell.lately')}</h2>
      <ul>
        {recent.map(({ id, title }) => (
          <li key={id}>
            <Link
              to="/c/$id"
              params={{ id }}
              className="talk"
              title={title}
              aria-current={path === `/c/${id}` ? 'page' : undefined}
            >
              <bdi className="name">{title}</bdi>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** 'Mara Lind' is 'ML'. */
const initialsOf = (name: string): string =>
  name
    .split(/\s+/)
    .map((word) => word.slice(0, 1))
    .slice(0, 2)
    .join('')
    .toUpperCase()

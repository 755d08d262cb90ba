import { Wifi, WifiOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../lib/api.ts'
import type { Reach } from '../../lib/reach.ts'
import { useStore } from '../../lib/store.ts'
import { useOnline } from '../../lib/use-media.ts'
import { tiny } from '../../ui/icon.ts'

/** That there is no network or no server, what still works, and that it is back. */
export const ReachBadge = () => {
  const { t } = useTranslation()
  const isOnline = useOnline()
  const reach = useStore(useApi().reach)
  const text = textOf(isOnline, reach)
  const Icon = text === 'back' ? Wifi : WifiOff
  return (
    <div className="reach" role="status">
      {text && (
        <p className={text}>
          <Icon {...tiny} />
          {t(`shell.${text}`)}
        </p>
      )}
    </div>
  )
}

const textOf = (isOnline: boolean, reach: Reach): 'offline' | 'away' | 'back' | null => {
  if (!isOnline) return 'offline'
  return reach === 'here' ? null : reach
}

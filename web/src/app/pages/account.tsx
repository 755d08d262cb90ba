import { useQuery } from '@tanstack/react-query'
import { LogOut } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { meQuery, useSignOut } from '../../features/identity/session.ts'
import { useApi } from '../../lib/api.ts'
import { small } from '../../ui/icon.ts'
import { LanguageSelect } from '../../ui/language-select.tsx'
import { LettersSetting } from '../../ui/letters-setting.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { ThemeSelect } from '../../ui/theme-select.tsx'
import { useTitle } from '../../ui/use-title.ts'

export const AccountPage = () => {
  const { t } = useTranslation()
  const { data: me } = useQuery(meQuery(useApi()))
  const signOut = useSignOut()
  useTitle(t('shell.account'))
  return (
    <main className="main sheet" id="main" tabIndex={-1}>
      <div className="body narrow">
        <h1 className="page-title">{t('shell.account')}</h1>
        {me && (
          <dl className="facts">
            <dt>{t('account.name')}</dt>
            <dd>
              <bdi>{me.name || t('account.noName')}</bdi>
            </dd>
            <dt>{t('account.email')}</dt>
            <dd>
              <bdi>{me.email}</bdi>
            </dd>
            <dt>{t('account.role')}</dt>
            <dd>{t(`role.${me.role}`)}</dd>
            <dt>{t('language.label')}</dt>
            <dd>
              <LanguageSelect />
            </dd>
            <dt>{t('theme.label')}</dt>
            <dd>
              <ThemeSelect />
            </dd>
            <dt>{t('shortcuts.title')}</dt>
            <dd>
              <LettersSetting />
            </dd>
          </dl>
        )}
        <p>
          <button type="button" className="btn line" aria-disabled={signOut.isPending} onClick={() => signOut.mutate()}>
            <LogOut {...small} className="turns" />
            {t('account.signOut')}
          </button>
        </p>
        {signOut.error && <ProblemNote error={signOut.error} onRetry={() => signOut.mutate()} />}
      </div>
    </main>
  )
}

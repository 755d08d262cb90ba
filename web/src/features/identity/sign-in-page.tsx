import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { codeOf } from '../../lib/problems.ts'
import { CredentialsForm } from './credentials-form.tsx'
import { Door } from './door.tsx'
import { useSignIn } from './session.ts'

export const SignInPage = ({ onDone, hasEnded }: { onDone: () => void; hasEnded: boolean }) => {
  const { t } = useTranslation()
  const signIn = useSignIn(onDone)
  /** How often the code of a second factor was asked for: the first time is no fault of anybody. */
  const [asked, setAsked] = useState(0)
  const asksForCode = (error: unknown): boolean => codeOf(error) === 'second_factor_required'
  return (
    <Door title={t('signIn.title')} lead={t(hasEnded ? 'signIn.ended' : 'signIn.lead')}>
      <CredentialsForm
        isNew={false}
        submitLabel={t('signIn.submit')}
        isBusy={signIn.isPending}
        error={asked === 1 && asksForCode(signIn.error) ? null : signIn.error}
        codeHint={asked > 0 ? t('account.codeHint') : undefined}
        onSubmit={({ email, password, code }) =>
          signIn.mutate(
            { email, password, ...(code && { totp: code }) },
            { onError: (error) => setAsked((count) => count + (asksForCode(error) ? 1 : 0)) },
          )
        }
      />
      <p className="aside">
        {t('signIn.noAccount')} <Link to="/register">{t('register.title')}</Link>
      </p>
    </Door>
  )
}

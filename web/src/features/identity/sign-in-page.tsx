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
  const [hasSecondFactor, setHasSecondFactor] = useState(false)
  return (
    <Door title={t('signIn.title')} lead={t(hasEnded ? 'signIn.ended' : 'signIn.lead')}>
      <CredentialsForm
        isNew={false}
        submitLabel={t('signIn.submit')}
        isBusy={signIn.isPending}
        error={signIn.error}
        codeHint={hasSecondFactor ? t('account.codeHint') : undefined}
        onSubmit={({ email, password, code }) =>
          signIn.mutate(
            { email, password, ...(code && { totp: code }) },
            { onError: (error) => setHasSecondFactor((had) => had || codeOf(error) === 'second_factor_required') },
          )
        }
      />
      <p className="aside">
        {t('signIn.noAccount')} <Link to="/register">{t('register.title')}</Link>
      </p>
    </Door>
  )
}

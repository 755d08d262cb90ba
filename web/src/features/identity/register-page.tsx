import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { codeOf } from '../../lib/problems.ts'
import { CredentialsForm } from './credentials-form.tsx'
import { Door } from './door.tsx'
import { useRegister, useRequestCode } from './session.ts'

export const RegisterPage = ({ onDone }: { onDone: () => void }) => {
  const { t } = useTranslation()
  const register = useRegister(onDone)
  const requestCode = useRequestCode()
  /** The address that a code was sent to. */
  const [codeFor, setCodeFor] = useState<string | null>(null)
  const sendCode = (email: string) => requestCode.mutate(email, { onSuccess: () => setCodeFor(email) })
  return (
    <Door title={t('register.title')} lead={t('register.lead')}>
      <CredentialsForm
        isNew
        submitLabel={t('register.submit')}
        isBusy={register.isPending}
        error={codeFor && codeOf(register.error) === 'code_required' ? null : (requestCode.error ?? register.error)}
        codeHint={codeFor ? t('account.mailedCodeHint') : undefined}
        onSubmit={(account) =>
          register.mutate(account, {
            onError: (error) => codeOf(error) === 'code_required' && sendCode(account.email),
          })
        }
      />
      <p className="aside">
        {t('register.hasAccount')} <Link to="/sign-in">{t('signIn.title')}</Link>
      </p>
    </Door>
  )
}

import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { CredentialsForm } from './credentials-form.tsx'
import { Door } from './door.tsx'
import { useSignIn } from './session.ts'

export const SignInPage = ({ onDone, hasEnded }: { onDone: () => void; hasEnded: boolean }) => {
  const { t } = useTranslation()
  const signIn = useSignIn(onDone)
  return (
    <Door title={t('signIn.title')} lead={t(hasEnded ? 'signIn.ended' : 'signIn.lead')}>
      <CredentialsForm
        isNew={false}
        submitLabel={t('signIn.submit')}
        isBusy={signIn.isPending}
        error={signIn.error}
        onSubmit={({ email, password }) => signIn.mutate({ email, password })}
      />
      <p className="aside">
        {t('signIn.noAccount')} <Link to="/register">{t('register.title')}</Link>
      </p>
    </Door>
  )
}

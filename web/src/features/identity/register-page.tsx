import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { CredentialsForm } from './credentials-form.tsx'
import { Door } from './door.tsx'
import { useRegister } from './session.ts'

export const RegisterPage = ({ onDone }: { onDone: () => void }) => {
  const { t } = useTranslation()
  const register = useRegister(onDone)
  return (
    <Door title={t('register.title')} lead={t('register.lead')}>
      <CredentialsForm
        isNew
        submitLabel={t('register.submit')}
        isBusy={register.isPending}
        error={register.error}
        onSubmit={(account) => register.mutate(account)}
      />
      <p className="aside">
        {t('register.hasAccount')} <Link to="/sign-in">{t('signIn.title')}</Link>
      </p>
    </Door>
  )
}

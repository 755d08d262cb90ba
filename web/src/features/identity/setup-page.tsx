import { useTranslation } from 'react-i18next'
import { CredentialsForm } from './credentials-form.tsx'
import { Door } from './door.tsx'
import { useRegister } from './session.ts'

/** Makes the first account, with the code of the link that the server printed. */
export const SetupPage = ({ code, onDone }: { code: string | undefined; onDone: () => void }) => {
  const { t } = useTranslation()
  const register = useRegister(onDone)
  if (!code) return <Door title={t('setup.title')} lead={t('setup.noCode')} />
  return (
    <Door title={t('setup.title')} lead={t('setup.lead')}>
      <CredentialsForm
        isNew
        submitLabel={t('setup.submit')}
        isBusy={register.isPending}
        error={register.error}
        onSubmit={(account) => register.mutate({ ...account, code })}
      />
    </Door>
  )
}

import { ApiError } from '@lyceum/contract/client'
import { Email, Password } from '@lyceum/contract/identity'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { codeOf } from '../../lib/problems.ts'
import { Field } from '../../ui/field.tsx'
import { PasswordField } from '../../ui/password-field.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import type { NewAccount } from './session.ts'

interface Props {
  /** A new account asks for a name and tells what a password must be. */
  isNew: boolean
  submitLabel: string
  isBusy: boolean
  error: unknown
  /** Where the code that is asked for is to be found; without it none is asked for. */
  codeHint?: string | undefined
  onSubmit: (account: NewAccount) => void
}

const entryOf = (form: FormData, name: string): string => String(form.get(name) ?? '')

const accountOf = (form: FormData): NewAccount => {
  const [name, code] = [entryOf(form, 'name').trim(), entryOf(form, 'code').trim()]
  const email = entryOf(form, 'email').trim()
  return { email, password: entryOf(form, 'password'), ...(name && { name }), ...(code && { code }) }
}

/** Which fields cannot be sent like this. */
const checkFields = ({ email, password }: NewAccount, isNew: boolean): { email: boolean; password: boolean } => ({
  email: !Email.safeParse(email).success,
  password: isNew ? !Password.safeParse(password).success : password === '',
})

/** The server may refuse more than the form knows, such as passwords that many people use. */
const refusedFields = (error: unknown): string[] =>
  error instanceof ApiError ? (error.problem.errors ?? []).map(({ path }) => path) : []

export const CredentialsForm = ({ isNew, submitLabel, isBusy, error, codeHint, onSubmit }: Props) => {
  const { t } = useTranslation()
  const [wrong, setWrong] = useState({ email: false, password: false })
  const refused = refusedFields(error)
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    if (isBusy) return
    const account = accountOf(new FormData(event.currentTarget))
    const found = checkFields(account, isNew)
    setWrong(found)
    const first = found.email ? 'email' : found.password ? 'password' : null
    if (!first) return onSubmit(account)
    const field = event.currentTarget.elements.namedItem(first)
    if (field instanceof HTMLElement) field.focus()
  }
  const isEmailWrong = wrong.email || refused.includes('email')
  const isPasswordWrong = wrong.password || refused.includes('password')
  return (
    <form className="credentials" onSubmit={submit} noValidate>
      {isNew && (
        <Field label={t('account.name')} hint={t('account.nameHint')} name="name" autoComplete="name" maxLength={200} />
      )}
      <Field
        label={t('account.email')}
        name="email"
        type="email"
        autoComplete={isNew ? 'email' : 'username'}
        required
        dir="ltr"
        error={isEmailWrong ? t('account.emailWrong') : null}
      />
      <PasswordField
        label={t('account.password')}
        name="password"
        autoComplete={isNew ? 'new-password' : 'current-password'}
        required
        dir="ltr"
        hint={isNew ? t('account.passwordRule') : undefined}
        error={isPasswordWrong ? t(isNew ? 'account.passwordRefused' : 'account.passwordMissing') : null}
      />
      <CodeField hint={codeHint} />
      <button type="submit" className="btn pen" aria-disabled={isBusy}>
        {isBusy ? t('account.busy') : submitLabel}
      </button>
      {/* Below all: nothing that one is about to press moves away. */}
      {Boolean(error) && codeOf(error) !== 'input_invalid' && <ProblemNote error={error} />}
    </form>
  )
}

const CodeField = ({ hint }: { hint: string | undefined }) => {
  const { t } = useTranslation()
  if (hint === undefined) return null
  const look = { dir: 'ltr', maxLength: 100, autoComplete: 'one-time-code' } as const
  return <Field {...look} label={t('account.code')} hint={hint} name="code" required autoFocus />
}

import type { Document } from '@lyceum/contract/documents'
import { type DocumentFailure, documentFailures } from '@lyceum/contract/errors'
import { RotateCw } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { small } from '../../ui/icon.ts'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { useReadAgain } from './queries.ts'

const isKnown = (code: string): code is DocumentFailure => documentFailures.some((known) => known === code)

/** The setting that an administrator can raise, where one draws the line. */
const settingOf: Partial<Record<DocumentFailure, string>> = { document_too_long: 'MAX_PAGES' }

/** What may go better the next time, without another file: the server was loaded, or its setting has been raised. */
const mayGoBetter: readonly string[] = ['document_timeout', 'document_too_long'] satisfies DocumentFailure[]

/** Why a document was not read, and what to do. */
export const FailureText = ({ document: { id, failure, notice } }: { document: Document }) => {
  const { t } = useTranslation()
  if (notice) {
    return (
      <p>
        {t('documents.waitsForEngine')} <code>{notice.setting}</code>
      </p>
    )
  }
  if (!failure) return null
  // A reason that this page does not know yet is told in the server's words.
  if (!isKnown(failure.code)) return <p className="reason">{failure.message}</p>
  const setting = settingOf[failure.code]
  return (
    <>
      <p>
        <strong>{t(`failure.${failure.code}.what`)}</strong> {t(`failure.${failure.code}.advice`)}
        {setting && (
          <>
            {' '}
            {t('failure.setting')} <code>{setting}</code>
          </>
        )}
      </p>
      {mayGoBetter.includes(failure.code) && <ReadAgain id={id} />}
    </>
  )
}

const ReadAgain = ({ id }: { id: string }) => {
  const { t } = useTranslation()
  const again = useReadAgain(id)
  return (
    <>
      <p>
        <button
          type="button"
          className="btn line small"
          aria-disabled={again.isPending}
          onClick={() => !again.isPending && again.mutate()}
        >
          <RotateCw {...small} />
          {t('documents.readAgain')}
        </button>
      </p>
      {again.error && <ProblemNote error={again.error} />}
    </>
  )
}

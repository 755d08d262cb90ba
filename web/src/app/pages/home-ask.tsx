import { limits } from '@lyceum/contract/limits'
import { useNavigate, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Composer } from '../../features/chat/composer.tsx'
import { ChooseFiles } from '../../features/documents/choose-files.tsx'
import { useFormat } from '../../lib/format.ts'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { ScopeNote } from './scope-note.tsx'
import { useAskFromHome } from './use-ask-from-home.ts'

interface Props {
  /** The one document that is asked about. */
  documentId: string | undefined
  isEmpty: boolean
  /** There is something, and none of it has been read yet. */
  isReading: boolean
  /** Title of the one document that there is; undefined for none or more. */
  only: string | undefined
}

/** The box, and what becomes of a question until its conversation opens. */
export const HomeAsk = ({ documentId, isEmpty, isReading, only }: Props) => {
  const { t } = useTranslation()
  const format = useFormat()
  const navigate = useNavigate()
  const { ask, pending, held, letGo } = useAskFromHome({ document: documentId, mayAsk: !isReading })
  const box = useRef<{ focus: () => void }>(null)
  const wantsAsk = useRouterState({ select: ({ location }) => location.state.wantsAsk })
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time that somebody comes to ask about something
  useEffect(() => {
    if (wantsAsk) box.current?.focus()
  }, [wantsAsk, documentId])
  return (
    <>
      <Composer
        label={only ? t('home.askAbout', { title: only }) : t(isEmpty ? 'home.dropOrAsk' : 'home.ask')}
        draftName="home"
        focusRef={box}
        size="hero"
        onAsk={ask}
        tools={
          <>
            <ChooseFiles />
            {documentId && <ScopeNote documentId={documentId} onClear={() => void navigate({ to: '/', search: {} })} />}
          </>
        }
      />
      {pending?.phase === 'failed' && <ProblemNote error={pending.error} onRetry={() => ask(pending.question)} />}
      {held !== null && (
        <p className="pencil-line" role="status">
          {t('home.held', { question: held })}
          <button type="button" className="btn line small" onClick={letGo}>
            {t('home.letGo')}
          </button>
        </p>
      )}
      <p className="accepts">
        {t(isReading ? 'home.whenRead' : 'home.accepts', { size: format.bytes(limits.uploadBytes) })}
      </p>
    </>
  )
}

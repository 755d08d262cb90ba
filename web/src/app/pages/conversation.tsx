import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { AnswerVoice } from '../../features/chat/answer-voice.tsx'
import { Composer } from '../../features/chat/composer.tsx'
import { ExchangeView } from '../../features/chat/exchange-view.tsx'
import { isBeingMade } from '../../features/chat/exchanges.ts'
import { conversationQuery } from '../../features/chat/queries.ts'
import { useConversation } from '../../features/chat/use-conversation.ts'
import { ChooseFiles } from '../../features/documents/choose-files.tsx'
import { Leaf } from '../../features/sources/leaf.tsx'
import { LeafFrame } from '../../features/sources/leaf-frame.tsx'
import { useApi } from '../../lib/api.ts'
import { useStable } from '../../lib/use-stable.ts'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useTitle } from '../../ui/use-title.ts'
import { LeafToggle } from './leaf-toggle.tsx'
import { NewestButton } from './newest-button.tsx'
import { ScopeNote } from './scope-note.tsx'
import { useConversationKeys } from './use-conversation-keys.ts'
import { useLeaf } from './use-leaf.ts'
import { useStayAtEnd } from './use-stay-at-end.ts'

const route = getRouteApi('/app/c/$id')

export const ConversationPage = () => {
  const { t } = useTranslation()
  const { id } = route.useParams()
  const { document } = route.useSearch()
  const navigate = route.useNavigate()
  const { data: conversation } = useQuery(conversationQuery(useApi(), id))
  const { exchanges, query, ask, stop, stopError } = useConversation(id, document)
  const leaf = useLeaf(exchanges)
  const composer = useRef<{ focus: () => void }>(null)
  const last = exchanges.at(-1)
  const scroll = useStayAtEnd(id, last?.key)
  useTitle(conversation?.title ?? last?.question ?? '')
  const isMaking = exchanges.some(isBeingMade)
  // The same at each render: an exchange that nothing happens to is not rendered again.
  const [onOpen, hrefOf, onAskAgain] = [useStable(leaf.show), useStable(leaf.hrefOf), useStable(ask)]
  useConversationKeys({ leaf, stop: isMaking ? stop : undefined })
  useEffect(() => {
    // Whoever asked goes on writing.
    if (isMaking && globalThis.document.activeElement?.closest('.leaf') === null) composer.current?.focus()
  }, [isMaking])
  return (
    <div className={leaf.open ? 'desk open' : 'desk'}>
      <main className="talk-col" id="main" tabIndex={-1}>
        <header className="bar">
          <h1>
            <bdi className="name">{conversation?.title ?? exchanges[0]?.question}</bdi>
          </h1>
          <span className="bar-end">
            <LeafToggle leaf={leaf} />
          </span>
        </header>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and so must take the focus */}
        <section className="scroll" ref={scroll} tabIndex={0} aria-label={t('conversation.label')}>
          <div className="column">
            {query.isPending && exchanges.length === 0 && <Skeleton />}
            {query.error && <ProblemNote error={query.error} onRetry={() => void query.refetch()} />}
            {exchanges.map((exchange) => (
              <ExchangeView
                key={exchange.key}
                exchange={exchange}
                opened={leaf.openedIn(exchange)}
                onOpen={onOpen}
                hrefOf={hrefOf}
                onAskAgain={onAskAgain}
              />
            ))}
            {stopError && <ProblemNote error={stopError} />}
          </div>
        </section>
        <div className="composer">
          <NewestButton scroll={scroll} isMaking={isMaking} />
          <Composer
            label={t('conversation.ask')}
            draftName={id}
            focusRef={composer}
            onAsk={ask}
            onStop={isMaking ? stop : undefined}
            tools={
              <>
                <ChooseFiles look="icon" onChosen={() => void navigate({ to: '/documents' })} />
                {document && (
                  <ScopeNote
                    documentId={document}
                    onClear={() => void navigate({ search: (all) => ({ ...all, document: undefined }) })}
                  />
                )}
              </>
            }
          />
        </div>
        <AnswerVoice exchange={last} />
      </main>
      {leaf.open && (
        <LeafFrame onClose={leaf.close}>
          <Leaf {...leaf.open} onOpen={leaf.turnTo} onClose={leaf.close} />
        </LeafFrame>
      )}
    </div>
  )
}

/** Which source lies open beside the conversation. The address says it, so that a reload and the back button do what they should. */
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useCallback, useEffect, useRef, useState } from 'react'
import { sentencesOf } from '../../features/chat/answer-blocks.ts'
import type { Exchange } from '../../features/chat/exchanges.ts'
import type { Opened } from '../../features/chat/reading-context.ts'
import type { LeafProps } from '../../features/sources/leaf.tsx'

const route = getRouteApi('/app/c/$id')

export interface LeafState {
  open: Omit<LeafProps, 'onOpen' | 'onClose'> | null
  openedIn: (exchange: Exchange) => Opened | null
  hrefOf: (exchange: Exchange, source: number) => string
  /** Opens, or closes when it is open already. */
  show: (exchange: Exchange, opened: Opened) => void
  /** To another source of the same answer. */
  turnTo: (source: number) => void
  /** To the source before or after the open one; null when none is there. */
  turnBy: (by: 1 | -1) => (() => void) | null
  /** Opens a source of the answer that lies open, else of the last that has sources; null when it has no such number. */
  showNumber: (source: number) => (() => void) | null
  /** Opens the first source of the last answer that has one; null without any. */
  showFirst: (() => void) | null
  close: () => void
}

const has = (exchange: Exchange, n: number): boolean => exchange.answer.sources.some((source) => source.n === n)

export const useLeaf = (exchanges: readonly Exchange[]): LeafState => {
  const router = useRouter()
  const { id } = route.useParams()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const [sentence, setSentence] = useState<number | null>(null)
  const opener = useRef<Element | null>(null)

  const { source: n, turn } = search
  const home =
    n === undefined ? undefined : exchanges.find((it) => (turn === undefined || it.turnId === turn) && has(it, n))
  const opened = home && n !== undefined ? openedFrom(home, n, sentence) : null

  const isLeafOpen = opened !== null
  useEffect(() => {
    if (isLeafOpen) return
    // A sheet keeps the focus until it is gone: only then can what opened it have it back.
    if (opener.current instanceof HTMLElement) opener.current.focus({ preventScroll: true })
    opener.current = null
  }, [isLeafOpen])

  const close = useCallback((): void => {
    // Opening made an entry of its own; an address that was entered has none to go back to.
    if (router.history.location.state.isLeaf) router.history.back()
    else void navigate({ search: (all) => ({ ...all, source: undefined, turn: undefined }), replace: true })
  }, [router, navigate])

  const goTo = (exchange: Exchange, opened: Opened): void => {
    setSentence(opened.sentence)
    if (!document.activeElement?.closest('.leaf')) opener.current = document.activeElement
    const turn = turnFor(exchange, opened.source)
    void navigate({
      search: (all) => ({ ...all, source: opened.source, turn }),
      replace: n !== undefined,
      state: (state) => ({ ...state, isLeaf: n === undefined || state.isLeaf === true }),
    })
  }

  const isOpen = (exchange: Exchange, other: Opened): boolean =>
    exchange === home && opened?.source === other.source && opened.sentence === other.sentence
  const last = exchanges.findLast(({ answer }) => answer.sources.length > 0)
  const first = last?.answer.sources[0]
  return {
    open: home && opened ? leafOf(home, opened, (source) => addressOf(home, source)) : null,
    openedIn: (exchange) => (exchange === home && !exchange.answer.refused ? opened : null),
    hrefOf: addressOf,
    show: (exchange, opened) => (isOpen(exchange, opened) ? close() : goTo(exchange, opened)),
    turnTo: (source) => home && goTo(home, { source, sentence: null }),
    turnBy: (by) => {
      const all = home?.answer.sources ?? []
      const next = all[all.findIndex(({ n }) => n === opened?.source) + by]
      return home && opened && next ? () => goTo(home, { source: next.n, sentence: null }) : null
    },
    showNumber: (source) => {
      const of = home ?? last
      return of && has(of, source) ? () => goTo(of, { source, sentence: null }) : null
    },
    showFirst: last && first ? () => goTo(last, { source: first.n, sentence: null }) : null,
    close,
  }

  /** The first answer that has the source needs no name: that stays so when more is asked. */
  function turnFor(exchange: Exchange, source: number): string | undefined {
    const isFirst = exchange === exchanges.find((it) => has(it, source))
    return isFirst ? undefined : (exchange.turnId ?? undefined)
  }

  function addressOf(exchange: Exchange, source: number): string {
    const turn = turnFor(exchange, source)
    return router.buildLocation({ to: '/c/$id', params: { id }, search: { ...search, source, turn } }).href
  }
}

/** The sentence that was pressed, if it cites this source; else the first that does. */
const openedFrom = ({ answer }: Exchange, source: number, pressed: number | null): Opened => {
  const sentences = sentencesOf(answer.citations)
  const cites = (at: number): boolean => sentences[at]?.citations.some((it) => it.source === source) ?? false
  if (pressed !== null && cites(pressed)) return { source, sentence: pressed }
  const first = sentences.findIndex((_, at) => cites(at))
  return { source, sentence: first < 0 ? null : first }
}

const leafOf = (
  { answer }: Exchange,
  { source: n, sentence }: Opened,
  hrefOf: (source: number) => string,
): LeafState['open'] => {
  const source = answer.sources.find((it) => it.n === n)
  if (!source) return null
  const citations = sentence === null ? [] : (sentencesOf(answer.citations)[sentence]?.citations ?? [])
  const citation = answer.refused ? null : (citations.find((it) => it.source === n) ?? null)
  const weak = new Set(answer.citations.filter(({ verdict }) => verdict === 'weak').map((it) => it.source))
  return { sources: answer.sources, source, citation, weak, hrefOf }
}

import { ArrowUp, Square } from 'lucide-react'
import {
  type FormEvent,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
} from 'react'
import { useTranslation } from 'react-i18next'
import { directionOf } from '../../lib/direction.ts'
import { useDraft } from '../../lib/storage.ts'
import { medium } from '../../ui/icon.ts'

interface Props {
  label: string
  /** Drafts are kept by this name. */
  draftName: string
  size?: 'hero' | 'plain'
  /** Beside the send button: files, scope. */
  tools: ReactNode
  onAsk: (message: string) => void
  /** Stops the answer that is being made; there is none when left out. */
  onStop?: (() => void) | undefined
  focusRef?: Ref<{ focus: () => void }>
}

/** The slip: the one box you write in. Enter sends, Shift and Enter make a new line. */
export const Composer = ({ label, draftName, size = 'plain', tools, onAsk, onStop, focusRef }: Props) => {
  const { t } = useTranslation()
  const [draft, setDraft] = useDraft(draftName)
  const box = useRef<HTMLTextAreaElement>(null)
  useImperativeHandle(focusRef, () => ({ focus: () => box.current?.focus() }))
  useGrowing(box, draft)
  const send = (event?: FormEvent): void => {
    event?.preventDefault()
    const message = draft.trim()
    if (message === '' || onStop) return box.current?.focus()
    setDraft('')
    onAsk(message)
  }
  const onKey = (event: KeyboardEvent): void => {
    // Enter that ends the input of a character sends nothing.
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault()
      send()
    }
    if (event.key === 'Escape') onStop?.()
  }
  return (
    <form className={size === 'hero' ? 'slip hero' : 'slip'} onSubmit={send}>
      <label className="sr" htmlFor="ask">
        {label}
      </label>
      <textarea
        ref={box}
        id="ask"
        rows={size === 'hero' ? 2 : 1}
        value={draft}
        placeholder={label}
        dir={draft === '' ? undefined : directionOf(draft)}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={onKey}
      />
      <div className="slip-tools">
        {tools}
        {onStop ? (
          <button
            type="button"
            className="send"
            aria-label={t('action.stop')}
            title={t('action.stop')}
            onClick={onStop}
          >
            <Square {...medium} fill="currentColor" size={14} />
          </button>
        ) : (
          <button type="submit" className="send" aria-label={t('action.ask')} title={t('action.ask')}>
            <ArrowUp {...medium} />
          </button>
        )}
      </div>
    </form>
  )
}

/** The box grows with what is written in it, up to the height that the style sheet allows. */
const useGrowing = (box: { current: HTMLTextAreaElement | null }, text: string): void => {
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured anew when the text changes
  useLayoutEffect(() => {
    const { current } = box
    if (!current) return
    current.style.height = 'auto'
    current.style.height = `${current.scrollHeight}px`
  }, [box, text])
}

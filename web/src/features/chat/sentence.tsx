import { CircleSlash } from 'lucide-react'
import { Fragment, type PointerEvent, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { tiny } from '../../ui/icon.ts'
import { useReading } from './reading-context.ts'

interface Props {
  sentence: number
  verdict: string | undefined
  /** Source numbers behind it, when it ends here. */
  cites: readonly number[]
  /** The source that it was held against, when it ends here and is not on the pages. */
  against?: number | undefined
  children: ReactNode
}

/** Words of a sentence, and behind the last of them its proof: the numbers open the pages. */
export const SentenceText = ({ sentence, verdict, cites, against, children }: Props) => {
  const { opened, peeked } = useReading()
  const looks = ['sentence', verdict, opened?.sentence === sentence && 'on', peeked?.sentence === sentence && 'peeked']
  return (
    <>
      {children !== undefined && (
        <span className={looks.filter(Boolean).join(' ')} data-sentence={sentence}>
          {children}
        </span>
      )}
      {against !== undefined && <NotOnPages sentence={sentence} source={against} />}
      {cites.map((source) => (
        <Chip key={source} sentence={sentence} source={source} isWeak={verdict === 'weak'} />
      ))}
    </>
  )
}

const NotOnPages = ({ sentence, source }: { sentence: number; source: number }) => {
  const { t } = useTranslation()
  const { onOpen } = useReading()
  return (
    <>
      {' '}
      <button
        type="button"
        className="verdict"
        data-cite={`${sentence}:${source}`}
        onClick={() => onOpen({ source, sentence })}
      >
        <CircleSlash {...tiny} />
        {t('proof.notOnPages')}
      </button>
    </>
  )
}

const Chip = ({ sentence, source, isWeak }: { sentence: number; source: number; isWeak: boolean }) => {
  const { t } = useTranslation()
  const { sources, opened, onOpen, hrefOf, onPeek, onLeave } = useReading()
  const found = sources.find(({ n }) => n === source)
  const label = t('sources.chip', {
    n: source,
    title: found?.title ?? '',
    page: found?.page ?? 0,
    verdict: t(isWeak ? 'proof.isWeak' : 'proof.isProved'),
  })
  const isOpen = opened?.sentence === sentence && opened.source === source
  const onEnter = ({ pointerType, currentTarget }: PointerEvent<HTMLElement>): void => {
    if (pointerType === 'mouse') onPeek({ source, sentence, chip: currentTarget })
  }
  return (
    <Fragment>
      {/* A word joiner: a number never begins a line. */}
      {'\u2060'}
      <a
        className={isWeak ? 'cite weak' : 'cite'}
        href={hrefOf(source)}
        aria-current={isOpen ? 'true' : undefined}
        aria-label={label}
        data-cite={`${sentence}:${source}`}
        onPointerEnter={onEnter}
        onPointerLeave={onLeave}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return
          event.preventDefault()
          onOpen({ source, sentence })
        }}
      >
        {source}
      </a>
    </Fragment>
  )
}

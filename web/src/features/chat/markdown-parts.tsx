/** How the elements of an answer's Markdown look. */
import { lazy, type ReactNode, Suspense } from 'react'
import { CopyButton } from '../../ui/copy-button.tsx'
import type { PieceProperties } from './cite-pieces.ts'
import { SentenceText } from './sentence.tsx'

const Formula = lazy(() => import('./formula.tsx').then((it) => ({ default: it.Formula })))
const CodeText = lazy(() => import('./code-text.tsx').then((it) => ({ default: it.CodeText })))

interface PieceProps extends PieceProperties {
  children?: ReactNode
}

const Piece = ({ sentence, verdict, cites, against, tex, display, children }: PieceProps) => {
  const words = tex === undefined ? children : <MathText tex={tex} isDisplay={display === true} />
  if (sentence === undefined) return words
  return (
    <SentenceText
      sentence={sentence}
      verdict={verdict}
      cites={cites ? cites.split(',').map(Number) : []}
      against={against}
    >
      {words}
    </SentenceText>
  )
}

const MathText = ({ tex, isDisplay }: { tex: string; isDisplay: boolean }) => (
  <Suspense fallback={<code className={isDisplay ? 'tex display' : 'tex'}>{tex}</code>}>
    <Formula tex={tex} isDisplay={isDisplay} />
  </Suspense>
)

/** `language-js` is how Markdown names the language of a code block. */
const languageIn = (className: string | undefined): string | null =>
  /language-([\w+#-]+)/.exec(className ?? '')?.[1] ?? null

interface CodeProps {
  className?: string | undefined
  children?: ReactNode
}

const Code = ({ className, children }: CodeProps) => {
  const language = languageIn(className)
  if (language === null || typeof children !== 'string') return <code>{children}</code>
  return (
    <Suspense fallback={<code>{children}</code>}>
      <CodeText language={language} text={children} />
    </Suspense>
  )
}

interface Element {
  type: string
  value?: string
  children?: Element[]
}

const textOf = ({ value = '', children = [] }: Element): string => value + children.map(textOf).join('')

const CodeBlock = ({ node, children }: { node?: Element; children?: ReactNode }) => (
  <div className="code-block">
    {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and so must take the focus */}
    <pre tabIndex={0}>{children}</pre>
    <CopyButton what="code" text={() => (node ? textOf(node) : '')} />
  </div>
)

const Table = ({ children }: { children?: ReactNode }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and so must take the focus
  <div className="table-scroll" tabIndex={0}>
    <table>{children}</table>
  </div>
)

/** A question is a heading of the page: those in its answer stand below it. */
const Heading = ({ children }: { children?: ReactNode }) => <h3 className="heading">{children}</h3>
const SmallHeading = ({ children }: { children?: ReactNode }) => <h4 className="heading small">{children}</h4>

/** A page of this server; another address is never a link. */
const OwnLink = ({ href, children }: { href?: string | undefined; children?: ReactNode }) => (
  <a href={href} rel="noopener noreferrer">
    {children}
  </a>
)

export const markdownParts = {
  'lyceum-piece': Piece,
  code: Code,
  pre: CodeBlock,
  table: Table,
  a: OwnLink,
  h1: Heading,
  h2: Heading,
  h3: SmallHeading,
  h4: SmallHeading,
  h5: SmallHeading,
  h6: SmallHeading,
}

import './markdown.css'
import { memo, useMemo } from 'react'
import Markdown, { type Components, type Options } from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { textProps } from '../../lib/direction.ts'
import { citePieces, gfmOptions } from './cite-pieces.ts'
import { type CitedBlock, citedBlocks } from './cited-blocks.ts'
import type { AnswerView } from './exchanges.ts'
import { markdownParts } from './markdown-parts.tsx'

/** An answer's Markdown. A block that is finished is not read again while the rest is being written. */
export const MarkdownAnswer = ({ answer: { text, citations, sources } }: { answer: AnswerView }) => {
  const blocks = useMemo(() => citedBlocks({ text, citations, sources }), [text, citations, sources])
  return blocks.map((block) => <MarkdownBlock key={block.key} block={block} />)
}

const isSame = (a: { block: CitedBlock }, b: { block: CitedBlock }): boolean =>
  a.block.text === b.block.text &&
  a.block.masked === b.block.masked &&
  JSON.stringify(a.block.sentences) === JSON.stringify(b.block.sentences)

const MarkdownBlock = memo(({ block }: { block: CitedBlock }) => {
  // The parser sees neither markup nor addresses: masks stand for them, and give them back as text.
  const plugins: Options['remarkPlugins'] = [[remarkGfm, gfmOptions], citePieces(block)]
  return (
    <div className="block" {...textProps(block.text)}>
      <Markdown remarkPlugins={plugins} components={parts} skipHtml>
        {block.masked}
      </Markdown>
    </div>
  )
}, isSame)

/** Elements of our own have names that the library's list of HTML elements does not know. */
const parts = markdownParts as object as Components

import { textProps } from '../../lib/direction.ts'
import { type Block, blocksOf, type Piece, sentencesOf } from './answer-blocks.ts'
import type { AnswerView } from './exchanges.ts'
import { InlineText } from './inline-text.tsx'
import { SentenceText } from './sentence.tsx'

const tags = { paragraph: 'p', item: 'p', heading: 'h3', code: 'pre' } as const

/** An answer without Markdown, or before the part of the page that reads it has come: the same words in the same places. */
export const PlainAnswer = ({ answer: { text, citations, sources } }: { answer: AnswerView }) => {
  const sentences = sentencesOf(citations)
  const renderPiece = ({ text, sentence, verdict, cites, isEnd }: Piece, key: number) => {
    if (sentence === null) return <InlineText key={key} text={text} />
    const against = isEnd && verdict === 'unsupported' ? sentences[sentence]?.citations[0]?.source : undefined
    return (
      <SentenceText key={key} sentence={sentence} verdict={verdict ?? undefined} cites={cites} against={against}>
        <InlineText text={text} />
      </SentenceText>
    )
  }
  const render = ({ kind, start, pieces }: Block) => {
    const Tag = tags[kind]
    return (
      <Tag key={start} className={kind} {...textProps(pieces.map((piece) => piece.text).join(''))}>
        {pieces.map(renderPiece)}
      </Tag>
    )
  }
  return blocksOf(text, citations, sources).map(render)
}

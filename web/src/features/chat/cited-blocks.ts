/** An answer in blocks that can be read as Markdown one by one, each with the sentences that are held against pages. Pure. */
import type { Citation } from '@lyceum/contract/chat'
import { chipsOf, type Sentence, sentencesOf } from './answer-blocks.ts'
import { type Mask, maskAnswer } from './answer-masks.ts'
import { splitBlocks } from './split-blocks.ts'

/** A sentence as far as it stands in a block; its range is one of the block's text. */
export interface BlockSentence {
  /** Its place among the answer's sentences. */
  index: number
  start: number
  end: number
  verdict: Sentence['verdict']
  /** Its source numbers, when it ends in this block and is there whole; else null. */
  cites: number[] | null
  /** The source that it was held against. */
  against: number | undefined
}

export interface CitedBlock {
  /** Where it begins in the answer: tells blocks apart while that grows. */
  key: number
  text: string
  /** As long as the text: what Markdown may read. */
  masked: string
  /** With ranges of the block's text. */
  masks: Mask[]
  sentences: BlockSentence[]
}

interface Given {
  text: string
  citations: readonly Citation[]
  sources: readonly { n: number }[]
}

export const citedBlocks = ({ text, citations, sources }: Given): CitedBlock[] => {
  const { text: masked, masks } = maskAnswer(text, new Set(sources.map(({ n }) => n)))
  const sentences = sentencesOf(citations)
  return splitBlocks(masked).map(({ start, end }) => ({
    key: start,
    text: text.slice(start, end),
    masked: masked.slice(start, end),
    masks: within({ start, end }, masks),
    sentences: sentences
      .map((sentence, index) => ({ ...sentence, index }))
      .filter((sentence) => sentence.start < end && sentence.end > start)
      .map((sentence) => ({
        index: sentence.index,
        start: sentence.start - start,
        end: sentence.end - start,
        verdict: sentence.verdict,
        cites: endsIn(text, sentence, end) ? chipsOf(sentence) : null,
        against: sentence.citations[0]?.source,
      })),
  }))
}

const within = ({ start, end }: { start: number; end: number }, masks: readonly Mask[]): Mask[] =>
  masks
    .filter((mask) => mask.start < end && mask.end > start)
    .map((mask) => ({ ...mask, start: mask.start - start, end: mask.end - start }))

/** A verdict comes before its words: the chips wait for the whole sentence. */
const endsIn = (text: string, sentence: Sentence, end: number): boolean =>
  sentence.end <= text.length && text.slice(end, sentence.end).trim() === ''

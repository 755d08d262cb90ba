/**
 * Marks in a parsed block which words belong to which sentence, and where its chips stand. A plugin for remark; pure.
 * Every word is taken from the answer by its offset, so that what is shown is what was said and checked.
 */
import type { Verdict } from '@lyceum/contract/chat'
import type { z } from 'zod'
import type { Mask } from './answer-masks.ts'
import { endOf, type MarkdownNode, originalOf, runsOf, sentenceAt, sourceOf, startOf } from './answer-offsets.ts'
import type { BlockSentence, CitedBlock } from './cited-blocks.ts'

/** What a `lyceum-piece` element carries. */
export interface PieceProperties {
  /** Place among the answer's sentences; absent for text without one. */
  sentence?: number
  verdict?: z.infer<typeof Verdict>
  /** Source numbers behind it, with commas: on the last piece of a sentence. */
  cites?: string
  /** The source that an unsupported sentence was held against: on its last piece. */
  against?: number | undefined
  /** A formula instead of text. */
  tex?: string
  display?: boolean
}

/** For remark-gfm: `~5 km to ~6 km` strikes nothing out. */
export const gfmOptions = { singleTilde: false }

interface Piece extends MarkdownNode {
  data: { hName: 'lyceum-piece'; hProperties: PieceProperties }
}

interface Walk {
  block: CitedBlock
  /** The last piece of each sentence so far. */
  last: Map<number, Piece>
}

export const citePieces =
  (block: CitedBlock) =>
  () =>
  (tree: MarkdownNode): void => {
    const walk: Walk = { block, last: new Map() }
    tree.children = childrenOf(tree, walk)
    for (const sentence of block.sentences) endSentence(tree, walk, sentence)
  }

const childrenOf = (node: MarkdownNode, walk: Walk): MarkdownNode[] =>
  (node.children ?? []).flatMap((child) => readNode(child, walk))

const readNode = (node: MarkdownNode, walk: Walk): MarkdownNode[] => {
  const { block } = walk
  switch (node.type) {
    case 'text':
      return runsOf(node, block).map(({ sentence, text, math }) =>
        math ? formula(math, sentence, walk) : inSentence({ type: 'text', value: text }, sentence, walk),
      )
    case 'inlineCode':
      return [
        inSentence({ type: 'inlineCode', value: originalOf(node, block) }, sentenceAt(block, startOf(node)), walk),
      ]
    case 'code':
      return [{ ...node, value: originalOf(node, block) }]
    case 'link':
      return readLink(node, walk)
    case 'image':
    case 'html':
      // Nothing is loaded and nothing is run: what was written stands there as text.
      return [inSentence({ type: 'text', value: sourceOf(node, block) }, sentenceAt(block, startOf(node)), walk)]
    default:
      return [node.children ? { ...node, children: childrenOf(node, walk) } : node]
  }
}

/** Pages of this server that an answer may link to; every other address is only shown. */
const ownPage = /^\/(?:c\/[\w-]+|documents|conversations)?(?:[?#]\S*)?$/

const readLink = (node: MarkdownNode, walk: Walk): MarkdownNode[] => {
  const { block } = walk
  const words = childrenOf(node, walk)
  const inner = node.children?.at(-1)
  const written = block.text.slice(inner ? endOf(inner) : startOf(node) + 1, endOf(node))
  const url = /^\]\(\s*([\s\S]*?)\s*\)$/.exec(written)?.[1] ?? ''
  if (ownPage.test(url)) return [{ ...node, url, children: words }]
  if (url === '') return words
  return [...words, inSentence({ type: 'text', value: ` (${url})` }, sentenceAt(block, startOf(node)), walk)]
}

const pieceOf = (hProperties: PieceProperties, children: MarkdownNode[]): Piece => ({
  type: 'piece',
  children,
  data: { hName: 'lyceum-piece', hProperties },
})

const inSentence = (node: MarkdownNode, index: number | null, walk: Walk): MarkdownNode => {
  if (index === null) return node
  const piece = pieceOf(ofSentence(index, walk), [node])
  walk.last.set(index, piece)
  return piece
}

const formula = ({ text, isDisplay }: Mask, index: number | null, walk: Walk): MarkdownNode => {
  const words = index === null ? {} : ofSentence(index, walk)
  const piece = pieceOf({ ...words, tex: text, display: isDisplay }, [])
  if (index !== null) walk.last.set(index, piece)
  return piece
}

const ofSentence = (index: number, { block }: Walk): PieceProperties => {
  const found = block.sentences.find((it) => it.index === index)
  return found ? { sentence: index, verdict: found.verdict } : {}
}

/** Behind its last word, in the block where it ends, a sentence has its chips. */
const endSentence = (tree: MarkdownNode, { last }: Walk, { index, verdict, cites, against }: BlockSentence): void => {
  if (cites === null) return
  const piece = last.get(index) ?? pieceOf({ sentence: index, verdict }, [])
  Object.assign(piece.data.hProperties, verdict === 'unsupported' ? { against } : { cites: cites.join(',') })
  // A sentence that is all code has no words to stand behind.
  if (!last.has(index)) tree.children?.push({ type: 'paragraph', children: [piece] })
}

/** Where the words of a parsed block stand in its text, and which sentence they are of. Pure; offsets are UTF-16 code units. */
import type { Mask } from './answer-masks.ts'
import type { CitedBlock } from './cited-blocks.ts'

/** As much of a Markdown tree's node as is needed here. */
export interface MarkdownNode {
  type: string
  value?: string
  url?: string
  children?: MarkdownNode[]
  position?: { start: { offset?: number }; end: { offset?: number } } | undefined
  data?: object
}

/** Words of one sentence, or of none, that stand together; or a formula. */
export interface Run {
  sentence: number | null
  text: string
  math: Mask | null
}

export const startOf = ({ position }: MarkdownNode): number => position?.start.offset ?? 0
export const endOf = ({ position }: MarkdownNode): number => position?.end.offset ?? 0
export const sourceOf = (node: MarkdownNode, { text }: CitedBlock): string => text.slice(startOf(node), endOf(node))

/** The sentence at a place, by its place among the answer's sentences. */
export const sentenceAt = ({ sentences }: CitedBlock, at: number): number | null =>
  sentences.find(({ start, end }) => start <= at && at < end)?.index ?? null

const maskAt = ({ masks }: CitedBlock, at: number): Mask | undefined =>
  masks.find(({ start, end }) => start <= at && at < end)

/**
 * The place in the block of each code unit of a node's value. A parser leaves out blanks at the edges of lines and the
 * marks of quotes before them, and nothing else: what it would decode is covered by masks.
 */
const placesOf = (node: MarkdownNode, block: CitedBlock): number[] => {
  const { value = '' } = node
  const source = sourceOf(node, block)
  const base = startOf(node)
  let at = 0
  return Array.from({ length: value.length }, (_, index) => {
    const char = value.charAt(index)
    while (at < source.length && source.charAt(at) !== char && !maskAt(block, base + at)) at += 1
    const place = base + at
    at += 1
    return place
  })
}

export const runsOf = (node: MarkdownNode, block: CitedBlock): Run[] => {
  const runs: Run[] = []
  for (const at of placesOf(node, block)) {
    const run = runAt(block, at)
    const last = runs.at(-1)
    if (run && last && joins(last, run)) last.text += run.text
    else if (run) runs.push(run)
  }
  return runs
}

const joins = (last: Run, run: Run): boolean =>
  last.math === null && run.math === null && last.sentence === run.sentence

/** What is covered is shown at its first place, and the numbers of sources by their chips. */
const runAt = (block: CitedBlock, at: number): Run | null => {
  const mask = maskAt(block, at)
  if (mask && (mask.kind === 'marks' || at !== mask.start)) return null
  const sentence = sentenceAt(block, at)
  if (mask?.kind === 'math') return { sentence, text: '', math: mask }
  return { sentence, text: mask?.text ?? block.text.charAt(at), math: null }
}

/** Code as it was written, whatever the masks took it for. */
export const originalOf = (node: MarkdownNode, block: CitedBlock): string => {
  const isTouched = block.masks.some(({ start, end }) => start < endOf(node) && end > startOf(node))
  if (!isTouched) return node.value ?? ''
  return placesOf(node, block)
    .map((at) => block.text.charAt(at))
    .join('')
}

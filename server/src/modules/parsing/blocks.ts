import type { ParsedHeading, ParsedPage } from './types.ts'

/** A piece of a flowing document, its text already clean. Items are list entries, kept on neighbouring lines. */
export interface Block {
  kind: 'heading' | 'paragraph' | 'item' | 'code' | 'table'
  text: string
  /** Of a heading, 1 to 6. */
  level?: number
}

/** A page of a format without pages ends near this many characters. */
const targetChars = 3000
/** A single block beyond this is cut inside, at a line or a sentence. */
const longestBlock = 4500

const gapBefore = (block: Block, previous: Block | undefined): string => {
  if (!previous) return ''
  return block.kind === 'item' && previous.kind === 'item' ? '\n' : '\n\n'
}

/** Joins blocks into one page's text and notes where the headings stand. */
export const composePage = (number: number, blocks: Block[]): ParsedPage => {
  const headings: ParsedHeading[] = []
  let text = ''
  let previous: Block | undefined
  for (const block of blocks) {
    if (block.text === '') continue
    text += gapBefore(block, previous)
    const start = text.length
    text += block.text
    if (block.kind === 'heading')
      headings.push({
        text: block.text,
        level: block.level ?? 1,
        start,
        end: text.length,
      })
    previous = block
  }
  return { number, text, headings }
}

/** Where to cut a text that is too long for a page: after a line, else a sentence, else a word, else anywhere. */
const cutPoint = (text: string): number => {
  const window = text.slice(0, targetChars)
  for (const end of [/\n(?=[^\n]*$)/, /[.!?؟。…]\s+(?=[^.!?؟。…]*$)/, /\s+(?=\S*$)/]) {
    const match = end.exec(window)
    if (match && match.index > targetChars / 2) return match.index + match[0].length
  }
  const isSplitPair = /[\uD800-\uDBFF]/.test(text[targetChars - 1] ?? '')
  return isSplitPair ? targetChars - 1 : targetChars
}

const splitLong = (block: Block): Block[] => {
  if (block.text.length <= longestBlock) return [block]
  const parts: Block[] = []
  let rest = block.text
  while (rest.length > longestBlock) {
    const cut = cutPoint(rest)
    parts.push({ ...block, text: rest.slice(0, cut).trimEnd() })
    rest = rest.slice(cut)
  }
  return [...parts, { ...block, text: rest }]
}

const endsPage = (size: number, next: Block): boolean => {
  if (size === 0) return false
  if (next.kind === 'heading') return size + next.text.length > targetChars * ((next.level ?? 1) <= 2 ? 0.6 : 0.8)
  return size + next.text.length > targetChars * 1.2 || size > targetChars
}

/** Cuts a flowing document into pages near 3,000 characters, at a heading where one is near, else at a paragraph. */
export const paginate = (blocks: Block[]): Block[][] => {
  const pages: Block[][] = []
  let page: Block[] = []
  let size = 0
  for (const block of blocks.flatMap(splitLong)) {
    if (block.text === '') continue
    if (endsPage(size, block)) {
      // A heading must not be the last thing on a page.
      const carried = page.at(-1)?.kind === 'heading' && page.length > 1 ? page.splice(-1) : []
      pages.push(page)
      page = carried
      size = carried.reduce((sum, each) => sum + each.text.length, 0)
    }
    page.push(block)
    size += block.text.length + 2
  }
  if (page.length > 0) pages.push(page)
  return pages
}

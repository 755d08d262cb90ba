/** Cuts an answer into blocks that Markdown reads alone as it does together, so that a finished one is read once. Pure. */

export interface TextBlock {
  start: number
  end: number
}

const fenceMark = /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}(?=[^`]*$)|~{3,})/
const listItem = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)/
const indented = /^[ \t]/

interface Line {
  text: string
  start: number
  end: number
}

const linesOf = (text: string): Line[] => {
  const lines: Line[] = []
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 ? text.length : newline + 1
    lines.push({ text: text.slice(start, end).trimEnd(), start, end })
    start = end
  }
  return lines
}

/**
 * A block ends at a blank line outside of code, unless what follows may belong to it: indented lines, or another item of
 * a list. Two blocks that stay together are only read together; they look the same.
 */
export const splitBlocks = (text: string): TextBlock[] => {
  const blocks: (TextBlock & { isList: boolean })[] = []
  let fence: string | null = null
  let wasBlank = true
  for (const line of linesOf(text)) {
    const isBlank = line.text === ''
    const block = blocks.at(-1)
    if (fence === null && !isBlank && wasBlank && beginsBlock(line.text, block?.isList)) {
      blocks.push({ start: line.start, end: line.end, isList: listItem.test(line.text) })
    } else if (block) block.end = line.end
    fence = fenceAfter(fence, line.text)
    wasBlank = isBlank
  }
  return blocks.map(({ start, end }) => ({ start, end }))
}

const beginsBlock = (line: string, isInList: boolean | undefined): boolean =>
  isInList === undefined || !(indented.test(line) || (isInList && listItem.test(line)))

const fenceAfter = (open: string | null, line: string): string | null => {
  if (open === null) return fenceMark.exec(line)?.[1] ?? null
  const [mark = ''] =
    line
      .trim()
      .replace(/^>\s*/, '')
      .match(/^(`+|~+)$/) ?? []
  return mark[0] === open[0] && mark.length >= open.length ? null : open
}

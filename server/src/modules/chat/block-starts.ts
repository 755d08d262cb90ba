/** How a line of Markdown begins, as far as it matters for cutting an answer into pieces. */

export type LineStart =
  /** Read whole: a fence, a formula, a table's row, a heading, a rule. */
  | { kind: 'block' }
  /** A sign before running text: a list item, a quotation. */
  | { kind: 'marker'; sign: string; length: number }

/** Behind backticks that open a fence there are no more of them on the line. */
const block = /^(?:`{3,}[^`\n]*(?:\n|$)|~{3,}|\$\$|\\\[|\||#{1,6}[ \t]|([-*_])(?:[ \t]*\1){2,}[ \t]*(?:\n|$))/
const marker = /^(?:[-*+•–▪][ \t]+|\p{Nd}{1,3}[.)][ \t]+|>[ \t]?)/u
/** The beginning of a line that may still become the sign of a block. */
const undecided = /^(?:`{3,}[^`\n]*|[-*_+•–▪>#`~$\\ \t]{1,12}|\p{Nd}{1,3}[.)]?)$/u

export const lineStart = (line: string): LineStart | null => {
  if (block.test(line)) return { kind: 'block' }
  const found = marker.exec(line)?.[0]
  if (!found) return null
  return { kind: 'marker', sign: `${found.trim()} `, length: found.length }
}

export const isBlockStart = (line: string): boolean => lineStart(line) !== null
export const isUndecided = (line: string): boolean => undecided.test(line)

/** A stretch of text: `text.slice(start, end)`. */
export interface Range {
  start: number
  end: number
}

const bullet = /^(?:[-*+•–—▪◦‣·●○]\s|[a-zA-Z]\)\s|#{1,6}\s|\||>\s)/u
const numbered = /^(?:\p{Nd}{1,3}[.)]|\(\p{Nd}{1,3}\))\s/u
const structured = /^(?:#{1,6}\s|\|)/
const closing = /[.!?:;؟۔؛…]["'”’»)\]]{0,3}$/
const lowerCase = /^["'“‘«(]{0,2}\p{Ll}/u

/** A line this much shorter than the next one did not end because the paragraph was full: it is a heading or a label. */
const shortLine = 0.6

const startsItem = (line: string, next: string): boolean =>
  bullet.test(next) || (numbered.test(next) && (closing.test(line) || numbered.test(line) || bullet.test(line)))

/** Whether the line break between two lines ends a sentence even without a full stop. Pages of PDF files break lines anywhere. */
const isHardBreak = (line: string, next: string): boolean => {
  if (line === '' || next === '') return true
  if (structured.test(line) || startsItem(line, next)) return true
  return line.length < shortLine * next.length && !lowerCase.test(next) && !closing.test(line)
}

/** The stretches of a text that no sentence crosses: paragraphs, list items, headings, table rows. */
export const blocks = (text: string): Range[] => {
  const found: Range[] = []
  let blockStart = 0
  let lineStart = 0
  let line: string | undefined
  while (lineStart <= text.length) {
    const newline = text.indexOf('\n', lineStart)
    const lineEnd = newline < 0 ? text.length : newline
    const current = text.slice(lineStart, lineEnd).trim()
    if (line !== undefined && isHardBreak(line, current)) {
      if (lineStart > blockStart) found.push({ start: blockStart, end: lineStart })
      blockStart = lineStart
    }
    line = current
    lineStart = lineEnd + 1
  }
  if (blockStart < text.length) found.push({ start: blockStart, end: text.length })
  return found
}

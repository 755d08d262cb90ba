import type { Block } from '../blocks.ts'
import { stripInline } from './markdown-inline.ts'

/** Reads lines one after the other; each kind of block takes the lines that are its own. */
interface Cursor {
  lines: string[]
  at: number
}

type Take = (cursor: Cursor, line: string) => Block[] | undefined

const takeWhile = (cursor: Cursor, isMore: (line: string) => boolean): string[] => {
  const from = cursor.at
  while (cursor.at < cursor.lines.length && isMore(cursor.lines[cursor.at] ?? '')) cursor.at += 1
  return cursor.lines.slice(from, cursor.at)
}

const fenceStart = /^ {0,3}(?:[-*+] |\d+[.)] )?\s*(`{3,}|~{3,})(.*)$/
const heading = /^ {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*$/
const underline = /^ {0,3}(=+|-{2,})\s*$/
const item = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/
const rule = /^ {0,3}([-*_])(\s*\1){2,}\s*$/
const tableRule = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/
const definition = /^ {0,3}\[[^\]]+\]:\s+\S+/
/** A line of tags alone: components and containers around the text. */
const tagLine = /^\s*(?!<table)(<\/?[A-Za-z][^<>]*>\s*)+$/
const attributeLine = /^\s*\{:[^}]*\}\s*$/
const quoteMark = /^ {0,3}(>\s?)+/

const takeFence: Take = (cursor, line) => {
  const fence = fenceStart.exec(line)?.[1]
  if (!fence) return undefined
  cursor.at += 1
  const closes = (each: string): boolean => each.trim().startsWith(fence) && /^[`~]+$/.test(each.trim())
  const code = takeWhile(cursor, (each) => !closes(each))
  cursor.at += 1
  return [{ kind: 'code', text: code.join('\n').replace(/^\n+|\s+$/g, '') }]
}

const takeMath: Take = (cursor, line) => {
  if (!/^\s*(\$\$|\\\[)\s*$/.test(line)) return undefined
  cursor.at += 1
  const formula = takeWhile(cursor, (each) => !/^\s*(\$\$|\\\])\s*$/.test(each))
  cursor.at += 1
  return [{ kind: 'code', text: `$$${formula.join('\n').trim()}$$` }]
}

const takeHeading: Take = (cursor, line) => {
  const match = heading.exec(line)
  if (!match) return undefined
  cursor.at += 1
  return [
    {
      kind: 'heading',
      level: match[1]?.length ?? 1,
      text: flat(stripInline(match[2] ?? '')),
    },
  ]
}

const cellsOf = (line: string): string =>
  line
    .trim()
    .replace(/^\||(?<!\\)\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => flat(stripInline(cell)))
    .join(' | ')

const takeTable: Take = (cursor, line) => {
  const next = cursor.lines[cursor.at + 1] ?? ''
  if (!line.includes('|') || !next.includes('-') || !tableRule.test(next)) return undefined
  const rows = takeWhile(cursor, (each) => each.includes('|'))
  return [
    {
      kind: 'table',
      text: rows
        .filter((row) => !tableRule.test(row))
        .map(cellsOf)
        .join('\n'),
    },
  ]
}

const takeHtmlTable: Take = (cursor, line) => {
  if (!/^\s*<table[\s>]/i.test(line)) return undefined
  const lines = takeWhile(cursor, (each) => !/<\/table>/i.test(each))
  const last = cursor.lines[cursor.at] ?? ''
  cursor.at += 1
  const rows = [...lines, last].join('\n').split(/<\/tr>/i)
  const text = rows.map((row) => row.split(/<\/t[dh]>/i).map((cell) => flat(stripInline(cell))))
  return [
    {
      kind: 'table',
      text: text
        .map((cells) => cells.filter(Boolean).join(' | '))
        .filter(Boolean)
        .join('\n'),
    },
  ]
}

const isSkipped = (line: string): boolean =>
  line.trim() === '' || rule.test(line) || definition.test(line) || tagLine.test(line) || attributeLine.test(line)

const startsOther = (line: string): boolean =>
  isSkipped(line) || heading.test(line) || fenceStart.test(line) || item.test(line) || /^\s*<table[\s>]/i.test(line)

const flat = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** Soft line ends become spaces, hard ones (two spaces, a backslash, `<br>`) stay. */
const join = (lines: string[]): string =>
  stripInline(
    lines
      .map((line) => line.trimStart().replace(/(?: {2,}|\\)$/, '<br>'))
      .join('\n')
      .replaceAll('<br>\n', '<br>')
      .replace(/\n/g, ' '),
  )
    .split('\n')
    .map(flat)
    .join('\n')
    .trim()

const takeItem: Take = (cursor, line) => {
  const match = item.exec(line)
  if (!match) return undefined
  cursor.at += 1
  const [, indent = '', sign = '-', first = ''] = match
  const more = takeWhile(cursor, (each) => !startsOther(each))
  const depth = Math.min(4, Math.floor(indent.replaceAll('\t', '    ').length / 2))
  const text = join([first.replace(/^\[[ xX]\]\s+/, ''), ...more])
  return text === ''
    ? []
    : [
        {
          kind: 'item',
          text: `${'  '.repeat(depth)}${/\d/.test(sign) ? sign : '-'} ${text}`,
        },
      ]
}

const takeParagraph: Take = (cursor, line) => {
  cursor.at += 1
  const more = takeWhile(cursor, (each) => !startsOther(each) && !underline.test(each))
  const text = join([line, ...more])
  const mark = underline.exec(cursor.lines[cursor.at] ?? '')?.[1]
  if (!mark) return [{ kind: 'paragraph', text }]
  cursor.at += 1
  return [{ kind: 'heading', level: mark.startsWith('=') ? 1 : 2, text: flat(text) }]
}

const takers: Take[] = [takeFence, takeMath, takeHeading, takeHtmlTable, takeTable, takeItem, takeParagraph]

/** The blocks of a Markdown text without front matter. Quotation marks (`>`) are taken away, their text stays. */
export const toBlocks = (markdown: string): Block[] => {
  const cursor: Cursor = {
    lines: markdown.split('\n').map((line) => line.replace(quoteMark, '')),
    at: 0,
  }
  const blocks: Block[] = []
  while (cursor.at < cursor.lines.length) {
    const line = cursor.lines[cursor.at] ?? ''
    if (isSkipped(line)) {
      cursor.at += 1
      continue
    }
    for (const take of takers) {
      const taken = take(cursor, line)
      if (!taken) continue
      blocks.push(...taken)
      break
    }
  }
  return blocks.filter((block) => block.text !== '')
}

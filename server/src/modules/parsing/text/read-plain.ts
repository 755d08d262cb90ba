import { readFile } from 'node:fs/promises'
import { type Block, composePage, paginate } from '../blocks.ts'
import { cleanText } from '../clean.ts'
import { sentences, UnreadableFile } from '../failure.ts'
import type { Reader, ReaderContext } from '../types.ts'
import { decodeText, detectCharset } from './encoding.ts'

/** A text file's content as clean text. Throws `document_unsupported` for bytes that are no readable text. */
export const readTextFile = async (path: string): Promise<string> => {
  const bytes = await readFile(path)
  const charset = detectCharset(bytes, true)
  if (!charset) throw new UnreadableFile('document_unsupported', sentences.unsupported)
  return decodeText(bytes, charset)
}

/** Lines broken at a fixed width belong to one paragraph; verse, lists and code have short or indented lines. */
const isWrapped = (lines: string[]): boolean =>
  lines.length > 1 &&
  lines.slice(0, -1).every((line) => line.length >= 50 && line.length <= 120) &&
  !lines.some((line) => /^(\s|[-*•]\s|\d+[.)]\s)/.test(line))

const toParagraph = (text: string): Block => {
  const lines = text.split('\n').map((line) => line.trimEnd())
  return {
    kind: 'paragraph',
    text: isWrapped(lines) ? lines.join(' ') : lines.join('\n'),
  }
}

/** Paginates blocks and sends the pages. Throws when there is no text at all. */
export const sendBlocks = async (context: ReaderContext, blocks: Block[]): Promise<void> => {
  const pages = paginate(blocks)
  if (pages.length === 0) throw new UnreadableFile('document_empty', sentences.blank)
  context.start(pages.length)
  for (const [index, page] of pages.entries()) await context.send(composePage(index + 1, page))
}

/** Plain text: paragraphs at blank lines, hard-wrapped lines joined. */
export const readPlain: Reader = async (context) => {
  const text = cleanText(await readTextFile(context.path))
  const paragraphs = text.split(/\n[ \t]*(?:\n[ \t]*)+/).map((each) => each.replace(/^\n+|\s+$/g, ''))
  await sendBlocks(context, paragraphs.filter((each) => each.trim() !== '').map(toParagraph))
  return { title: null }
}

/** The paragraphs of the two OpenStax books: material that is about something else, in English, among which gold must be found. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openArchive } from '../server/src/modules/parsing/archive/archive.ts'
import { cleanText } from '../server/src/modules/parsing/clean.ts'
import { childOf, type Element, elementsOf, parseXml, textOf } from '../server/src/modules/parsing/office/markup.ts'
import { toBlocks } from '../server/src/modules/parsing/text/markdown-blocks.ts'
import type { Paragraph } from './sets.ts'

/** Shorter ones are captions, labels and links; some 7,400 paragraphs stay. */
const leastLength = 120

type Piece = Pick<Paragraph, 'text' | 'headingPath'>

const frontMatter = /^---\n(?:[^\n]*\n)*?title: "?([^"\n]*)"?\n(?:[^\n]*\n)*?---\n/

const markdownPieces = (markdown: string): Piece[] => {
  const title = frontMatter.exec(markdown)?.[1] ?? ''
  const path: string[] = title ? [title] : []
  return toBlocks(markdown.replace(frontMatter, '')).flatMap((block): Piece[] => {
    if (block.kind !== 'heading') return [{ text: cleanText(block.text), headingPath: [...path] }]
    // The books' own headings begin at level 3, below the title.
    path.length = Math.min(path.length, 1)
    path.push(block.text)
    return []
  })
}

const leaves = new Set(['para', 'item', 'entry', 'definition', 'code'])
const oneLine = (text: string): string => cleanText(text.replace(/\s+/g, ' ')).trim()

const modulePieces = (element: Element, path: string[]): Piece[] => {
  const title = childOf(element, 'title')
  const here = title && element.name !== 'table' ? [...path, textOf(title)] : path
  return elementsOf(element).flatMap((child) =>
    leaves.has(child.name) ? [{ text: oneLine(textOf(child)), headingPath: here }] : modulePieces(child, here),
  )
}

const readBook = async (path: string, piecesOf: (name: string, bytes: Buffer) => Piece[]): Promise<Paragraph[]> => {
  const archive = await openArchive(path)
  const found: Paragraph[] = []
  for (const name of archive.names.toSorted()) {
    const bytes = await archive.read(name)
    const pieces = bytes ? piecesOf(name, Buffer.from(bytes)).filter(({ text }) => text.length >= leastLength) : []
    pieces.forEach((piece, at) => {
      found.push({ ...piece, id: `${name}#${at}`, article: name, language: 'en' })
    })
  }
  await archive.close()
  return found
}

const isMarkdown = (name: string): boolean => name.startsWith('contents/') && name.endsWith('.md')
const isModule = (name: string): boolean => name.startsWith('modules/') && name.endsWith('.cnxml')

/** Both books by paragraph, or none with a line that says so. */
export const readBooks = async (dataFolder: string): Promise<Paragraph[]> => {
  const [biology, python] = ['openstax-biology-md.zip', 'openstax-intro-python-cnxml.zip'].map((name) =>
    join(dataFolder, 'books', name),
  )
  if (!biology || !python || !existsSync(biology) || !existsSync(python)) {
    console.log('the OpenStax books are not there: measured without them')
    return []
  }
  return [
    ...(await readBook(biology, (name, bytes) => (isMarkdown(name) ? markdownPieces(String(bytes)) : []))),
    ...(await readBook(python, (name, bytes) => (isModule(name) ? modulePieces(parseXml(bytes), []) : []))),
  ]
}

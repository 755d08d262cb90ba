import type { Paragraph, TypeStyle } from './model.ts'
import { rowText } from './paragraphs.ts'

/** A title as it is compared: without numbering, case, spaces and marks. */
export const foldTitle = (title: string): string =>
  title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/^\s*((chapter|kapitel|bab|الفصل|section|part|appendix)\s+)?[\divxa-z]{0,4}(\.\d+)*[.:)]?\s+/u, '')
    .replace(/[^\p{L}\p{N}]/gu, '')

const longestHeading = 200
const numbered = /^(\d{1,2}(?:\.\d{1,2})*)\.?\s+\p{L}/u
const chapter = /^(chapter|kapitel|bab|part|teil|bagian|الفصل|الباب)\s/iu
/** 'Figure 3' and 'Table 1' are captions however they are set. */
const caption = /^(fig(ure|\.)|table|abb(ildung|\.)|tabelle|gambar|tabel|شكل|جدول)\s*\d/iu

const isWhollyBold = (paragraph: Paragraph): boolean =>
  paragraph.rows.every((row) => row.cells.every((cell) => cell.isBold))

const levelOf = (text: string, ratio: number): number => {
  const number = numbered.exec(text)?.[1]
  if (number) return Math.min(6, number.split('.').length)
  if (chapter.test(text) || ratio >= 1.7) return 1
  if (ratio >= 1.35) return 2
  return ratio >= 1.12 ? 3 : 4
}

const looksLikeHeading = (text: string): boolean =>
  text.length <= longestHeading && /\p{L}{2}/u.test(text) && !caption.test(text) && !/[,;]$/.test(text)

/** Outline titles are trusted when the line is theirs; else size, then bold type on a line of its own, decide. */
const headingLevel = (paragraph: Paragraph, style: TypeStyle): number => {
  const text = paragraph.rows.map((row) => rowText(row, ' ')).join(' ')
  if (paragraph.rows.length > 4 || !looksLikeHeading(text)) return 0
  const ratio = Math.max(...paragraph.rows.map((row) => row.size)) / style.bodySize
  const outlined = style.outline.get(foldTitle(text))
  if (outlined !== undefined && ratio > 0.95) return outlined
  if (ratio >= 1.15) return levelOf(text, ratio)
  const isBold = style.boldShare < 0.4 && isWhollyBold(paragraph) && ratio > 0.95
  const isShort = paragraph.rows.length <= 2 && text.length <= 100 && !/[.!?:]$/.test(text)
  return isBold && isShort ? levelOf(text, ratio) : 0
}

/** Marks the paragraphs that are headings. */
export const markHeadings = (paragraphs: Paragraph[], style: TypeStyle): Paragraph[] =>
  paragraphs.map((paragraph) => {
    if (paragraph.kind === 'table' || paragraph.kind === 'code') return paragraph
    const level = headingLevel(paragraph, style)
    return level > 0 ? { ...paragraph, kind: 'heading', level } : paragraph
  })

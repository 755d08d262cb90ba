import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { codeOf, readPath, textOf } from './testing/read.ts'
import type { ParsedPage } from './types.ts'

const folder = process.env.LYCEUM_SHARED_DATA

/** How each file must end: its pages, or its failure; and words that must stand in its text just so. */
const expected: Record<string, { end: number | string; language?: string; says?: string[] }> = {
  'comments.docx': { end: 1, says: ['Ouch.'] },
  'embedded-style-map.docx': { end: 1, says: ['Walking on imported air'] },
  'footnotes.docx': { end: 1, says: ['[1] A tachyon walks into a bar.'] },
  'simple-list.docx': { end: 1, says: ['- Apple\n- Banana'] },
  'single-paragraph.docx': { end: 1, says: ['Walking on imported air'] },
  'strict-format.docx': { end: 1, says: ['Test'] },
  'tables.docx': { end: 1, says: ['Top left | Top right\nBottom left | Bottom right'] },
  'text-box.docx': { end: 1, says: ['Datum plane'] },
  'think-python-glossary-by-chapter.docx': {
    end: 10,
    language: 'en',
    says: ['interpreter: A program that reads another program and executes it\n'],
  },
  'childrens-literature.epub': { end: 3, language: 'en', says: ['SECTION IV FAIRY STORIES—MODERN FANTASTIC TALES'] },
  'figure-gallery-bindings.epub': { end: 1, language: 'en' },
  'regime-anticancer-arabic.epub': { end: 3, language: 'ar', says: ['من أين تأتي الحياة؟'] },
  'wasteland-otf-obf.epub': { end: 1, language: 'en', says: ['April is the cruellest month'] },
  'GeoTopo-komprimiert.pdf': {
    end: 117,
    language: 'de',
    says: [
      'Dann gibt es genau eine Topologie T auf X, für die S Subbasis ist.',
      'Sei X ein Hausdorffraum und K ⊆ X kompakt. Dann ist K abgeschlossen.',
      '2 Mannigfaltigkeiten und Simplizialkomplexe',
    ],
  },
  'crazyones-pdfa.pdf': {
    end: 1,
    language: 'en',
    says: ['fond of rules. And they have no respect for the status quo.'],
  },
  'google-doc-document.pdf': {
    end: 1,
    language: 'en',
    says: ['Capital | Jakarta | Berlin | Vienna | Paris | Vatican City'],
  },
  'grayscale-image.pdf': { end: 'document_no_text' },
  'habibi-rotated.pdf': { end: 4, says: ['habibi حَبيبي'] },
  'habibi.pdf': { end: 1, says: ['habibi حَبيبي'] },
  'imagemagick-CCITTFaxDecode.pdf': { end: 'document_no_text' },
  'libre-office-link.pdf': { end: 1, language: 'en', says: ['This is a link to an awesome blog.'] },
  'libreoffice-writer-password.pdf': { end: 'document_encrypted' },
  'mistitled_outlines_example.pdf': { end: 4, language: 'en', says: ['2 Bar\n\nHello, here is some text'] },
  'multicolumn.pdf': { end: 3, says: ['Donec nonummy\n\npellentesque ante. Phasellus adipiscing'] },
  'pdflatex-4-pages.pdf': { end: 4, language: 'en' },
  'pdflatex-forms.pdf': { end: 1, says: ['Submit'] },
  'pdflatex-outline.pdf': { end: 4, language: 'en', says: ['Huardest gefburn'] },
  'think-python-glossary-by-chapter.pdf': {
    end: 15,
    language: 'en',
    says: ['interpreter: A program that reads another program and executes it\n'],
  },
  'with-attachment.pdf': { end: 1 },
  'missing_rels_item.pptx': { end: 1, says: ['Presentation Title Text\n\nSubtitle Text'] },
  'no-slides.pptx': { end: 'document_empty' },
  'shp-embedded-pptx.pptx': { end: 'document_no_text' },
  'tbl-cell.pptx': { end: 3, language: 'en', says: ['a | b | c\nd | e | f\ng | h | i'] },
  'test_slides.pptx': { end: 1, says: ['Col head 1 | Col head 2\nCell text 1 | Cell text 2'] },
}

const listFiles = async (root: string): Promise<string[]> =>
  (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()

/** What holds of every page, whatever the file. */
const checkPage = (page: ParsedPage): void => {
  assert.equal(page.text.normalize('NFC'), page.text)
  for (const each of page.headings) assert.equal(page.text.slice(each.start, each.end), each.text)
  for (const { start, end } of page.lines ?? []) assert.match(page.text.slice(start, end), /^\S(.*\S)?$/su)
}

const checkFile = async (path: string): Promise<void> => {
  const { end, language, says = [] } = expected[basename(path)] ?? { end: 'unknown' }
  const reading = await readPath(path)
  const { outcome, pages } = reading
  if (!outcome.ok || !('pageCount' in outcome)) return assert.equal(codeOf(reading), end)
  assert.equal(outcome.pageCount, end)
  if (language) assert.equal(outcome.language, language)
  assert.deepEqual(
    pages.map((page) => page.number),
    Array.from(pages, (_, at) => at + 1),
  )
  for (const words of says) assert.ok(textOf(reading).includes(words), `'${words}' is not in the text`)
  for (const page of pages) checkPage(page)
}

if (folder) {
  const paths = await listFiles(join(folder, 'files'))
  test('every shared file has its row', () => {
    assert.deepEqual(paths.map((path) => basename(path)).sort(), Object.keys(expected).sort())
  })
  for (const path of paths) test(`shared file ${basename(path)}`, () => checkFile(path))
} else {
  test('shared files', { skip: 'LYCEUM_SHARED_DATA is not set' })
}

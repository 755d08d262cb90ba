import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PDFDocumentProxy } from 'pdfjs-dist'
import { cleanLine } from '../clean.ts'
import { sentences, UnreadableFile } from '../failure.ts'
import type { ParsedPage, Reader } from '../types.ts'
import { splitColumns } from './columns.ts'
import { composePdfPage } from './compose.ts'
import { withoutFurniture } from './furniture.ts'
import { markHeadings } from './headings.ts'
import { loadPdfjs, packageFolder } from './load-pdfjs.ts'
import type { RawPage, TypeStyle } from './model.ts'
import { toParagraphs } from './paragraphs.ts'
import { toRows } from './rows.ts'
import { readRuns } from './runs.ts'
import { toSegments } from './segments.ts'
import { foldOutline, TypeCounter } from './type-style.ts'

/** So many pages are read ahead, so that a page's running head and type can be told from its neighbours'. */
const lookahead = 16

const openPdf = async (path: string): Promise<PDFDocumentProxy> => {
  const { getDocument, PasswordException } = await loadPdfjs()
  const task = getDocument({
    data: new Uint8Array(await readFile(path)),
    cMapUrl: join(packageFolder, 'cmaps/'),
    standardFontDataUrl: join(packageFolder, 'standard_fonts/'),
    disableFontFace: true,
    useSystemFonts: false,
    useWorkerFetch: false,
    useWasm: false,
    enableXfa: false,
    disableAutoFetch: true,
    stopAtErrors: false,
    verbosity: 0,
  })
  try {
    return await task.promise
  } catch (error) {
    if (error instanceof PasswordException) throw new UnreadableFile('document_encrypted', sentences.locked, error)
    throw new UnreadableFile('document_corrupt', sentences.damaged, error)
  }
}

const readRawPage = async (pdf: PDFDocumentProxy, number: number): Promise<RawPage> => {
  const page = await pdf.getPage(number)
  const { width, height, isSideways, runs } = await readRuns(page)
  page.cleanup()
  return {
    number,
    width,
    height,
    hasPlaces: !isSideways,
    segments: toSegments(runs),
  }
}

const layOut = (page: RawPage, near: RawPage[], style: TypeStyle): ParsedPage => {
  const bare = withoutFurniture(page, near, style.bodySize)
  const paragraphs = splitColumns(bare.segments).flatMap((region) => toParagraphs(toRows(region), style))
  return composePdfPage(bare, markHeadings(paragraphs, style))
}

interface Description {
  title: string | null
  language: string | null
}

const describe = async (pdf: PDFDocumentProxy): Promise<Description> => {
  const { info } = (await pdf.getMetadata()) as {
    info: { Title?: unknown; Language?: unknown }
  }
  const title = typeof info.Title === 'string' ? cleanLine(info.Title) : ''
  return {
    title: isRealTitle(title) ? title : null,
    language: typeof info.Language === 'string' ? info.Language : null,
  }
}

/** Many programs put a file's name or their own where the title belongs. */
const isRealTitle = (title: string): boolean =>
  title.length > 2 &&
  !/^(untitled|microsoft word|powerpoint|document\d*$|slide)/i.test(title) &&
  !/\.\w{2,4}$/.test(title)

/** The largest heading of the first page can stand for a title that the file does not tell. */
const titleFrom = (page: ParsedPage | undefined): string | null => {
  const [best] = [...(page?.headings ?? [])].sort((a, b) => a.level - b.level)
  const isTitle =
    best && best.level <= 3 && !/^(table of )?contents$|^inhalt|^daftar isi|^(ال)?محتويات|^المحتويات/i.test(best.text)
  return isTitle ? best.text : null
}

/** PDF: text in reading order with headings and the places of its lines. Throws `UnreadableFile`. */
export const readPdf: Reader = async (context) => {
  const pdf = await openPdf(context.path)
  context.start(pdf.numPages)
  const outline = foldOutline(await pdf.getOutline().catch(() => null))
  const { title, language } = await describe(pdf).catch(() => ({
    title: null,
    language: null,
  }))
  const counter = new TypeCounter()
  let firstPage: ParsedPage | undefined
  let window: RawPage[] = []
  for (let number = 1; number <= pdf.numPages; number += 1) {
    while (lastOf(window) < Math.min(pdf.numPages, number + lookahead)) {
      const raw = await readRawPage(pdf, Math.max(number, lastOf(window) + 1))
      counter.add(raw)
      window.push(raw)
    }
    const raw = window.find((each) => each.number === number)
    if (!raw) throw new Error(`page ${number} was not read`)
    const page = layOut(raw, window, counter.style(outline))
    firstPage ??= page
    await context.send(page)
    window = window.filter((each) => each.number > number - lookahead)
  }
  return { title: title ?? titleFrom(firstPage), languageHint: language }
}

const lastOf = (window: RawPage[]): number => window.at(-1)?.number ?? 0

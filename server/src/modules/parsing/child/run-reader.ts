import { sentences, toFailure, UnreadableFile } from '../failure.ts'
import { guessLanguage } from '../language.ts'
import type { DocumentLanguage, ParsedOutcome, ParsedPage, ReadableType, Reader } from '../types.ts'
import type { ParseRequest } from './messages.ts'

/** Each reader is loaded when it is needed: a text file must not pay for the PDF library. */
const readers: Record<ReadableType, () => Promise<Reader>> = {
  'application/pdf': async () => (await import('../pdf/read-pdf.ts')).readPdf,
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': async () =>
    (await import('../office/read-docx.ts')).readDocx,
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': async () =>
    (await import('../office/read-pptx.ts')).readPptx,
  'application/vnd.oasis.opendocument.text': async () => (await import('../office/read-odt.ts')).readOdt,
  'application/epub+zip': async () => (await import('../office/read-epub.ts')).readEpub,
  'text/html': async () => (await import('../office/read-html.ts')).readHtml,
  'text/markdown': async () => (await import('../text/read-markdown.ts')).readMarkdown,
  'text/plain': async () => (await import('../text/read-plain.ts')).readPlain,
}

interface Sinks {
  start: (pageCount: number) => void
  send: (page: ParsedPage) => Promise<void>
}

/** Of each page the language guess sees this much, up to the sample's size in all. */
const sampleOfPage = 2000
const sampleSize = 40_000

const declared = (hint: string | null | undefined): DocumentLanguage | null => {
  const code = hint?.toLowerCase().split(/[-_]/)[0]
  return code === 'en' || code === 'de' || code === 'ar' || code === 'id' ? code : null
}

export const loadReader = (mediaType: ReadableType): Promise<Reader> => readers[mediaType]()

const read = async (reader: Reader, request: ParseRequest, sinks: Sinks): Promise<ParsedOutcome> => {
  let expected = 0
  let letters = 0
  let sample = ''
  const { title, languageHint } = await reader({
    ...request,
    start: (pageCount) => {
      if (pageCount > request.maxPages) throw tooLong(pageCount, request.maxPages)
      expected = pageCount
      sinks.start(pageCount)
    },
    send: async (page) => {
      if (sample.length < sampleSize) sample += `${page.text.slice(0, sampleOfPage)}\n`
      if (letters === 0) letters = page.text.search(/[\p{L}\p{N}]/u) + 1
      await sinks.send(page)
    },
  })
  if (letters === 0) throw new UnreadableFile('document_no_text', sentences.noText)
  const language = guessLanguage(sample) ?? declared(languageHint)
  return {
    ok: true,
    title: title?.slice(0, 300) || null,
    language,
    pageCount: expected,
  }
}

const tooLong = (pageCount: number, maxPages: number): UnreadableFile =>
  new UnreadableFile(
    'document_too_long',
    `Has ${pageCount.toLocaleString('en')} pages; the limit is ${maxPages.toLocaleString('en')}. Split it and upload the parts.`,
  )

/** Reads one file inside the child; whatever is thrown becomes a failure. */
export const runReader = async (reader: Reader, request: ParseRequest, sinks: Sinks): Promise<ParsedOutcome> => {
  try {
    return await read(reader, request, sinks)
  } catch (error) {
    return toFailure(error)
  }
}

import { registerHooks } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Two edits to the pinned library while it is loaded, each of which must find its place or loading fails.
 * 1. A glyph that stands for several right-to-left letters (lam-alef) is taken letter by letter in visual order;
 *    without it the library's own reordering turns the letters inside such a glyph round.
 * 2. Text content tells each font's name and whether it is monospaced, for headings and code; the library tells
 *    them only after a full rendering pass.
 */
const edits: [from: string, to: string][] = [
  [
    'textChunk.str.push(glyphUnicode);',
    'textChunk.str.push(glyphUnicode.length > 1 ? glyphUnicode.replace(/[\\u0590-\\u08FF]{2,}/g, (run) => [...run].reverse().join("")) : glyphUnicode);',
  ],
  ['fontFamily: font.fallbackName,', 'fontFamily: font.fallbackName, name: font.name, isMonospace: font.isMonospace,'],
]

const edit = (source: string): string =>
  edits.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`pdfjs-dist changed: "${from}" is not in it; see load-pdfjs.ts`)
    return text.replace(from, to)
  }, source)

/** What the edited library tells of a font. */
export interface FontStyle {
  ascent: number
  descent: number
  vertical: boolean
  name?: string
  isMonospace?: boolean
}

type Pdfjs = typeof import('pdfjs-dist/legacy/build/pdf.mjs')

const workerUrl = import.meta.resolve('pdfjs-dist/legacy/build/pdf.worker.mjs')
/** The folder of the package: its character maps are read from there and from nowhere else. */
export const packageFolder = dirname(fileURLToPath(import.meta.resolve('pdfjs-dist/package.json')))

/** The library wants these of a browser for drawing; nothing is drawn, so that they exist is enough. */
const standIns = (): void => {
  const scope = globalThis as unknown as Record<string, unknown>
  for (const name of ['DOMMatrix', 'ImageData', 'Path2D']) scope[name] ??= class {}
}

/** Loads the library with its parser on this thread: the process is the sandbox, a second thread would add nothing. */
export const loadPdfjs = async (): Promise<Pdfjs> => {
  standIns()
  const hooks = registerHooks({
    load: (url, context, nextLoad) => {
      const loaded = nextLoad(url, context)
      if (url !== workerUrl || !loaded.source) return loaded
      return {
        ...loaded,
        source: edit(Buffer.from(loaded.source as Uint8Array).toString('utf8')),
      }
    },
  })
  try {
    // Importing it registers the parser where the library looks for one on the main thread.
    await import(workerUrl)
    return await import('pdfjs-dist/legacy/build/pdf.mjs')
  } finally {
    hooks.deregister()
  }
}

import { registerHooks } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

type Edit = [from: string, to: string]

/**
 * Edits to the pinned library while it is loaded, each of which must find its one place or loading fails.
 * 1. A glyph that stands for several right-to-left letters (lam-alef) is taken letter by letter in visual order;
 *    without it the library's own reordering turns the letters inside such a glyph round.
 * 2. Text content tells each font's name and whether it is monospaced, for headings and code; the library tells
 *    them only after a full rendering pass.
 * The others change no text; they spare some 30% of the CPU of a page of plain text (docs/measurements.md, "Cost"):
 * 3. What is packed is unpacked at once: a web stream for each page costs several times what the unpacking does.
 * 4. A page's text comes in one message and not in one for ten runs.
 * 5. A glyph that begins where the one before it ended stands there: its place is not reckoned a second time. Where it
 *    is, no arrays are made in between.
 */
const parserEdits: Edit[] = [
  [
    'textChunk.str.push(glyphUnicode);',
    'textChunk.str.push(glyphUnicode.length > 1 ? glyphUnicode.replace(/[\\u0590-\\u08FF]{2,}/g, (run) => [...run].reverse().join("")) : glyphUnicode);',
  ],
  ['fontFamily: font.fallbackName,', 'fontFamily: font.fallbackName, name: font.name, isMonospace: font.isMonospace,'],
  [
    'const bytes = this.stream.isAsync && (await this.stream.asyncGetBytes()) || this.stream.getBytes();\n    try {',
    '$& if (name === "deflate") return { decompressed: new Uint8Array(process.getBuiltinModule("node:zlib").inflateSync(bytes)), compressed: bytes };',
  ],
  ['const TEXT_CHUNK_BATCH_SIZE = 10;', 'const TEXT_CHUNK_BATCH_SIZE = 10000;'],
  [
    'function compareWithLastPosition(glyphWidth) {\n      const currentTransform = getCurrentTextTransform();',
    'let unmoved = null; function compareWithLastPosition(glyphWidth) { const currentTransform = unmoved ?? getCurrentTextTransform(); unmoved = null;',
  ],
  [
    'textChunk.prevTransform = getCurrentTextTransform();',
    '$& unmoved = charSpacing || i + 1 === ii ? null : textChunk.prevTransform;',
  ],
  [
    'return Util.transform(textState.ctm, Util.transform(textState.textMatrix, tsm));',
    `const m = textState.ctm, t = textState.textMatrix;
      const a = t[0] * tsm[0] + t[2] * tsm[1], b = t[1] * tsm[0] + t[3] * tsm[1];
      const c = t[0] * tsm[2] + t[2] * tsm[3], d = t[1] * tsm[2] + t[3] * tsm[3];
      const e = t[0] * tsm[4] + t[2] * tsm[5] + t[4], f = t[1] * tsm[4] + t[3] * tsm[5] + t[5];
      return [m[0] * a + m[2] * b, m[1] * a + m[3] * b, m[0] * c + m[2] * d, m[1] * c + m[3] * d,
        m[0] * e + m[2] * f + m[4], m[1] * e + m[3] * f + m[5]];`,
  ],
  ['if (!keepWhiteSpace && category.isWhitespace) {', '$& unmoved = null;'],
  ['if (category.isZeroWidthDiacritic) {', '$& unmoved = null;'],
]

/** Both sides of the library are on one thread, and what one says of a page's text the other may keep: no deep copy. */
const apiEdits: Edit[] = [
  [
    'data: structuredClone(obj, transfer ? {\n        transfer\n      } : null)',
    'data: obj.chunk?.items && obj.chunk.styles ? { ...obj, chunk: { ...obj.chunk } } : structuredClone(obj, transfer ? { transfer } : null)',
  ],
]

const edit = (source: string, edits: Edit[]): string =>
  edits.reduce((text, [from, to]) => {
    if (text.split(from).length !== 2)
      throw new Error(`pdfjs-dist changed: "${from}" is not in it once; see load-pdfjs.ts`)
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
const apiUrl = import.meta.resolve('pdfjs-dist/legacy/build/pdf.mjs')
const editsOf = new Map([
  [workerUrl, parserEdits],
  [apiUrl, apiEdits],
])
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
      const edits = editsOf.get(url)
      if (!edits || !loaded.source) return loaded
      return { ...loaded, source: edit(Buffer.from(loaded.source as Uint8Array).toString('utf8'), edits) }
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

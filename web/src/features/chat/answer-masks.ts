/**
 * What an answer holds that Markdown must not read: formulas, the written numbers of sources, and everything that could
 * become markup or a link by itself. Each is covered by as many characters that mean nothing, so that every offset in
 * the parsed text is the same offset in the answer, and taken from the answer again when it is shown. Pure.
 */

export interface Mask {
  start: number
  end: number
  /** A literal is shown as `text`; of a formula `text` is the TeX; marks are not shown, as the chips stand for them. */
  kind: 'literal' | 'math' | 'marks'
  text: string
  /** A formula on a line of its own. */
  isDisplay: boolean
}

export interface Masked {
  /** As long as the answer. */
  text: string
  masks: Mask[]
}

/** Punctuation to Markdown, as what it covers mostly is, and no mark of any kind. */
const filler = '⸧'

/** Code is left alone: neither a formula nor a number of a source stands in it. */
const fence = /(?<=(?:^|\n)[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?)(`{3,}(?=[^`\n]*(?:\n|$))|~{3,})[^\n]*/y
const ticks = /`+/y
const blankLine = /\n[ \t]*\n/g
const marks = /[[［【](\d{1,4}(?:\s*[,،，]\s*\d{1,4})*)[\]］】]/y
const escaped = /\\[!-/:-@[-`{-~]/y
/** How the server writes a `<` that could open a tag. */
const lessThan = /&lt;/y
const alone = /[&<@]|:(?=\/\/)|(?<=\]):|\[(?=\^)|www(?=\.)/iy

/** Where anything of this may begin: an answer is read again at each of its sentences, so the rest is passed over quickly. */
const next = /[`~\\$[［【&<@]|:(?=\/\/)|(?<=\]):|www(?=\.)/gi

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at
  return pattern.exec(text)
}

export const maskAnswer = (text: string, known: ReadonlySet<number>): Masked => {
  const masks: Mask[] = []
  for (let at = 0; ; ) {
    const start = matchAt(next, text, at)?.index
    if (start === undefined) break
    const codeEnd = endOfCode(text, start)
    const mask =
      codeEnd === null ? (mathAt(text, start) ?? marksAt(text, start, known) ?? literalAt(text, start)) : null
    if (mask) masks.push(mask)
    at = codeEnd ?? mask?.end ?? start + 1
  }
  return { text: cover(text, masks), masks }
}

const cover = (text: string, masks: readonly Mask[]): string => {
  let covered = ''
  let at = 0
  for (const { start, end } of masks) {
    covered += text.slice(at, start) + filler.repeat(end - start)
    at = end
  }
  return covered + text.slice(at)
}

/** Behind the code that begins here; null when none does. A block that is not closed yet goes on to the end. */
const endOfCode = (text: string, at: number): number | null => {
  const [opening, mark] = matchAt(fence, text, at) ?? []
  if (opening !== undefined && mark) {
    const closing = new RegExp(`\\n[ \\t>]*${mark[0]}{${mark.length},}[ \\t]*(?=\\n|$)`, 'g')
    const found = matchAt(closing, text, at + opening.length)
    return found ? found.index + found[0].length : text.length
  }
  const [run] = matchAt(ticks, text, at) ?? []
  if (run === undefined) return null
  const closing = matchAt(new RegExp(`(?<!\`)${run}(?!\`)`, 'g'), text, at + run.length)
  return closing && closing.index < paragraphEnd(text, at) ? closing.index + run.length : at + run.length
}

const paragraphEnd = (text: string, at: number): number => matchAt(blankLine, text, at)?.index ?? text.length

/** Ways to write a formula. A single dollar opens before something, closes after something and before no digit, and holds no code: `$5 to $10` is money. */
const formulas = [
  { open: '\\[', pattern: /\\\[([\s\S]+?)\\\]/y, isDisplay: true },
  { open: '\\(', pattern: /\\\(([\s\S]+?)\\\)/y, isDisplay: false },
  { open: '$$', pattern: /\$\$([^$]+)\$\$/y, isDisplay: true },
  { open: '$', pattern: /\$(?![\s$])((?:\\[^\n]|[^$\\\n`]|\n(?![ \t]*\n))+?)(?<!\s)\$(?!\d)/y, isDisplay: false },
]

const mathAt = (text: string, start: number): Mask | null => {
  const form = formulas.find(({ open }) => text.startsWith(open, start))
  const [all, tex = ''] = (form && matchAt(form.pattern, text, start)) ?? []
  if (!form || all === undefined || tex.trim() === '' || /\n[ \t]*\n/.test(tex)) return null
  return { start, end: start + all.length, kind: 'math', text: tex.trim(), isDisplay: form.isDisplay }
}

/** Numbers of sources with the blanks before them, in any brackets that are read as such; an unknown one stays what it is: text. */
const marksAt = (text: string, start: number, known: ReadonlySet<number>): Mask | null => {
  const [all, numbers = ''] = matchAt(marks, text, start) ?? []
  if (all === undefined || !numbers.split(/[,،，]/).every((number) => known.has(Number(number)))) return null
  const blanks = /[ \t]*$/.exec(text.slice(Math.max(0, start - 8), start))?.[0].length ?? 0
  return { start: start - blanks, end: start + all.length, kind: 'marks', text: '', isDisplay: false }
}

const literalAt = (text: string, start: number): Mask | null => {
  const [all] = matchAt(escaped, text, start) ?? matchAt(lessThan, text, start) ?? matchAt(alone, text, start) ?? []
  if (all === undefined) return null
  const shown = all === '&lt;' ? '<' : all.startsWith('\\') ? all.slice(1) : all
  return { start, end: start + all.length, kind: 'literal', text: shown, isDisplay: false }
}

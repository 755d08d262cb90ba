/**
 * Takes the teeth out of a model's Markdown: what could load or open something elsewhere becomes plain text. A model that
 * read hostile material must not be able to make a reader's browser call home. Code stays as it is: it is shown, not run.
 */
import type { Piece } from './pieces.ts'

const codeSpan = /(`[^`\n]+`)/
const formula = /(\$[^$\n]+\$)/
/** A `<` that could open a tag, a comment, an instruction or an address; at the end of a piece it may meet anything. */
const opensTag = /<(?=[\p{L}/!?]|$)/gu
const link =
  /!?\[([^[\]\n]{0,500})\]\(\s{0,3}<?[^()\s<>]{0,2000}>?(?:\s{1,3}(?:"[^"\n]{0,500}"|'[^'\n]{0,500}'))?\s{0,3}\)/g
/** Where brackets join to a link, a reference or its definition. */
const joins = /\](?=[(:])|\](?=\[(?!\p{Nd}))/gu
/** What readers of Markdown make a link of where it stands: a scheme, `www.`, an address for mail. */
const addresses: readonly [sign: RegExp, apart: string][] = [
  [/:(?=\/\/)/g, ': '],
  [/(?<=www)\./gi, ' .'],
  [/(?<=[\w.+-])@(?=[\w-])/g, ' @'],
]

export const neutralise = (text: string, block: Piece['block']): string => {
  if (block === 'code') return fenced(text)
  if (block === 'math') return displayed(text)
  return outside(text.replaceAll('\\`', "'"), codeSpan, prose, inCode)
}

const prose = (text: string): string => outside(withDollars(text.replaceAll('`', "'")), formula, plainProse, inFormula)

/** A dollar in it may end a formula that began before, and what follows is code no longer. */
const inCode = (text: string): string => (/\$/.test(text) && /[<\]:@.]/.test(text) ? prose(text) : text)

/** A fence of our own that nothing in it can close, and a language that is no more than a name. */
const fenced = (text: string): string => {
  const [, language = ''] = /^[`~]{3,}[ \t]*([\w+#-]{0,30})/.exec(text) ?? []
  const lines = text.split('\n').slice(1, -1)
  const longest = Math.max(2, ...lines.map((line) => /^[ \t]*(`*)/.exec(line)?.[1]?.length ?? 0))
  const fence = '`'.repeat(longest + 1)
  return [`${fence}${language}`, ...lines, fence].join('\n')
}

/** `\[…\]` is running text to most readers of Markdown; between lines of dollars it is a formula to all. */
const displayed = (text: string): string => {
  const inner = text.replace(/^(?:\$\$|\\\[)/, '').replace(/(?:\$\$|\\\])$/, '')
  return `$$\n${inFormula(inner.replaceAll('$', '')).trim()}\n$$`
}

const withDollars = (text: string): string => text.replace(/\\\(([^\n$\\]{1,300})\\\)/g, (_, inner) => `$${inner}$`)

/** Changes what stands between the matches of a pattern with one group, and the matches by themselves. */
const outside = (
  text: string,
  pattern: RegExp,
  change: (between: string) => string,
  changeMatch = (match: string): string => match,
): string =>
  text
    .split(pattern)
    .map((part, at) => (at % 2 === 1 ? changeMatch(part) : change(part)))
    .join('')

/** In a formula a space behind `<` or `]` means nothing; no tag and no link has one there. */
const inFormula = (text: string): string => withoutAddresses(text.replace(opensTag, '< ').replace(joins, '] '))

const plainProse = (text: string): string =>
  withoutAddresses(
    text
      .replace(link, (_, label: string) => (/^[\p{Nd},\s]+$/u.test(label) ? `[${label}]` : label))
      // Whatever is left of links, references and their definitions does not join any more.
      .replace(joins, '] ')
      .replace(opensTag, '&lt;'),
  )

const withoutAddresses = (text: string): string =>
  addresses.reduce((safe, [sign, apart]) => safe.replace(sign, apart), text)

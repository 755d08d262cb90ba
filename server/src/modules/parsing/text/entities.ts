/** The named characters that hand-written Markdown uses; HTML itself is read by a parser that knows all 2,231. */
const named: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  hellip: '…',
  copy: '©',
  times: '×',
  rarr: '→',
  larr: '←',
  deg: '°',
  shy: '',
}

const fromCode = (code: number): string => (code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '')

/** Resolves character references in one pass, so that `&amp;lt;` becomes `&lt;` and no more. */
export const resolveEntities = (text: string): string =>
  text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,8}));/gi, (whole, hex, decimal, name: string) => {
    if (hex) return fromCode(Number.parseInt(hex, 16))
    if (decimal) return fromCode(Number(decimal))
    return named[name] ?? whole
  })

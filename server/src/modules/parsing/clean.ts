/** Latin ligatures and Arabic presentation forms: shapes of letters, not letters. Superscripts and the like stay. */
const shapedLetters = /[\uFB00-\uFB06\uFB50-\uFDFF\uFE70-\uFEFC]/g
/** A free-standing vowel mark decomposes to a space or a tatweel with the mark; the mark alone is meant. */
const carriedMark = /^[ \u0640](?=\p{M}+$)/u
/** C0 and C1 without tab and newline, and the two characters that no text may hold. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the purpose
const controls = /[\u0000-\u0008\u000E-\u001F\u007F-\u0084\u0086-\u009F\uFFFE\uFFFF]/g
/**
 * Invisible formatting: soft hyphen, zero-width space, direction marks, byte order mark, and the tag characters
 * that can hide instructions from a reader. The joiners U+200C/D stay, because Persian and emoji need them.
 */
const invisible = /[\u00AD\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF\u{E0000}-\u{E007F}]/gu
const lineBreaks = /\r\n?|[\v\f\u0085\u2028\u2029]/g
const oddSpaces = /[\u00A0\u2000-\u200A\u202F\u205F\u3000]/g
const loneSurrogates = /\p{Cs}/gu

const resolveShape = (shape: string): string => shape.normalize('NFKC').replace(carriedMark, '')

/** Text that every step below would leave as it is: most of what is read. */
const plain = /^[\t\n\x20-\x7e]*$/

/** The form in which page text is kept: see `ParsedPage.text`. Idempotent. */
export const cleanText = (text: string): string => (plain.test(text) ? text : cleaned(text))

const cleaned = (text: string): string =>
  text
    .replace(lineBreaks, '\n')
    .replace(controls, '')
    .replace(loneSurrogates, '')
    .replace(invisible, '')
    .replace(oddSpaces, ' ')
    .replace(shapedLetters, resolveShape)
    .normalize('NFC')

/** One line of running text: cleaned, runs of white space made one space. */
export const cleanLine = (text: string): string => cleanText(text).replace(/\s+/g, ' ').trim()

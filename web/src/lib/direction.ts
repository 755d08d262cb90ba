const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/gu
const leftToRight = /[A-Za-z\u00C0-\u024F\u0370-\u052F]/gu

export type Direction = 'ltr' | 'rtl'

/** The direction that most of a text's letters have: its first letter may belong to a name in another script. */
export const directionOf = (text: string): Direction => {
  const sample = text.slice(0, 4000)
  const count = (letters: RegExp): number => sample.match(letters)?.length ?? 0
  return count(rightToLeft) > count(leftToRight) ? 'rtl' : 'ltr'
}

/** How to set a text that is not ours: its own direction, and type for its script. An empty `lang` means unknown. */
export const textProps = (text: string, language?: string | null): { dir: Direction; lang: string } => {
  const dir = directionOf(text)
  return { dir, lang: language ?? (dir === 'rtl' ? 'ar' : '') }
}

/** A text of at most so many characters, cut at a word where there is one; what is cut off is three dots. Pure. */
export const shorten = (text: string, most: number): string => {
  const flat = text.replace(/\s+/g, ' ').trim()
  if (flat.length <= most) return flat
  const cut = flat.slice(0, most - 1)
  const atWord = cut.lastIndexOf(' ')
  // Half of a character is none.
  return `${cut.slice(0, atWord > most / 2 ? atWord : undefined).replace(/[\uD800-\uDBFF]$/, '')}…`
}

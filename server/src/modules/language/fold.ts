const ascii = /^[\x20-\x7e]*$/
const marks = /[\p{M}\u0640\u00ad\u200c\u200d]+/gu
const arabicDigits = /[\u0660-\u0669\u06f0-\u06f9]/g

/**
 * The form under which two spellings count as the same word: NFKC, lower case, ß as ss, no combining marks
 * (umlauts, harakat, hamza carriers), no tatweel, ASCII digits and marks in numbers, ى as ي, ة as ه. Recipe R, step 1.
 * Folding changes lengths: take offsets before folding.
 */
export const fold = (text: string): string => {
  if (ascii.test(text)) return text.toLowerCase()
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(marks, '')
    .replaceAll('ى', 'ي')
    .replaceAll('ة', 'ه')
    .replaceAll('\u066b', '.')
    .replaceAll('\u066c', ',')
    .replace(arabicDigits, (digit) => String(digit.charCodeAt(0) & 15))
}

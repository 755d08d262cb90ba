/** A text as it is compared: without case, accents and the marks and variants of Arabic letters. */
export const fold = (text: string): string =>
  text
    .normalize('NFKD')
    // Accents of any script, and the Arabic stretch.
    .replace(/[\p{Mn}\u0640]/gu, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/[ٱ]/g, 'ا')
    .replace(/ى/g, 'ي')
    .replace(/ة/g, 'ه')

const articles = ['وال', 'بال', 'كال', 'فال', 'ال', 'لل']
const suffixes = ['ها', 'ان', 'ات', 'ون', 'ين', 'يه', 'ه', 'ي']

const withoutPrefix = (word: string): string => {
  const conjoined = word.length >= 4 && word.startsWith('و') ? word.slice(1) : word
  const article = articles.find((prefix) => conjoined.startsWith(prefix) && conjoined.length - prefix.length >= 2)
  return article ? conjoined.slice(article.length) : conjoined
}

/** Light10 (Larkey, Ballesteros, Connell 2007) on folded words: one و, one article, then suffixes while two letters stay. */
export const stemArabic = (word: string): string => {
  let stem = withoutPrefix(word)
  for (const suffix of suffixes) {
    if (stem.endsWith(suffix) && stem.length - suffix.length >= 2) stem = stem.slice(0, -suffix.length)
  }
  return stem
}

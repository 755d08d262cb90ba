/** The part of the untyped package that is used here. */
declare module 'snowball-stemmers' {
  const snowball: { newStemmer(algorithm: 'english' | 'german'): { stem(word: string): string } }
  export = snowball
}

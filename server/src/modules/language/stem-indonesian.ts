const particles = ['kah', 'lah', 'tah', 'pun']
const possessives = ['nya', 'ku', 'mu']
const prefixes = [
  'meng',
  'meny',
  'mem',
  'men',
  'me',
  'peng',
  'peny',
  'pem',
  'pen',
  'per',
  'pe',
  'ber',
  'be',
  'ter',
  'di',
  'ke',
  'se',
]
const suffixes = ['kan', 'an', 'i']
const shortest = 3

const dropEnd = (word: string, endings: string[]): string => {
  const ending = endings.find((it) => word.endsWith(it) && word.length - it.length >= shortest)
  return ending ? word.slice(0, -ending.length) : word
}

const dropStart = (word: string): string => {
  const prefix = prefixes.find((it) => word.startsWith(it) && word.length - it.length >= shortest)
  return prefix ? word.slice(prefix.length) : word
}

/** Affix stripping without a dictionary: particle, possessive, one prefix, one suffix; three letters stay (recipe R, step 4). */
export const stemIndonesian = (word: string): string =>
  dropEnd(dropStart(dropEnd(dropEnd(word, particles), possessives)), suffixes)

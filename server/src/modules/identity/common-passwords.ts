/**
 * Passwords that are among the first to be tried, told by how they are made: one word that everybody thinks of, keys that
 * lie in a row, a short run again and again, or the person's own name, with the usual letters exchanged and the usual
 * digits and signs around it. Nothing leaves the server for it.
 */
import { AppError } from '#platform/errors.ts'
import { commonWords } from './common-words.ts'

interface Person {
  email: string
  name?: string | undefined
}

/**
 * @param path the member that the password came in
 * @throws AppError `input_invalid` naming the member
 */
export const checkPassword = (password: string, person: Person, path: string): void => {
  if (!isCommonPassword(password, person)) return
  const message = 'This password is among the first that are tried. Choose one that is harder to guess.'
  throw new AppError('input_invalid', message, { details: { errors: [{ path, message }] } })
}

export const isCommonPassword = (password: string, person: Person): boolean => {
  const folded = fold(password)
  return coresOf(folded).some((core) => isCommonCore(core, ownWords(person)))
}

/** Without case, accents and widths. */
const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

const signs = '[!@#$%&*.?_]{0,2}'
// No more than a date and signs: what is longer is seldom the same for two people.
const suffix = new RegExp(`${signs}\\d{0,6}${signs}$`)
const prefix = new RegExp(`^${signs}\\d{0,6}`)

/** What may be the middle of it: the whole, and without what people put after it and before it. */
const coresOf = (folded: string): string[] => {
  const whole = withoutRepeats(folded)
  const before = whole.replace(suffix, '')
  const inside = before.replace(prefix, '')
  // `p@ssw0rd1`: the digit at the end is an addition, the one inside stands for a letter; in `adm1n` for another one.
  const cores = [whole, before, inside].map(withoutRepeats)
  return [...new Set(cores.flatMap((core) => [core, unleet(core, 'i'), unleet(core, 'l')]))]
}

/** `abcabc` is no better than `abc`. */
const withoutRepeats = (text: string): string => /^(.+?)\1+$/.exec(text)?.[1] ?? text

const leet: Record<string, string> = {
  0: 'o',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  8: 'b',
  9: 'g',
  '@': 'a',
  $: 's',
  '+': 't',
}
const unleet = (text: string, one: 'i' | 'l'): string =>
  text.replace(/[1!|]/g, one).replace(/[0345789@$+]/g, (char) => leet[char] ?? char)

const isCommonCore = (core: string, own: string[]): boolean =>
  core.length < 2 ||
  commonWords.has(core) ||
  own.includes(core.replace(/(?<=\p{L})[^\p{L}]+(?=\p{L})/gu, '')) ||
  isAllRuns(core)

const rows = [
  'qwertyuiop',
  'qwertzuiop',
  'azertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'yxcvbnm',
  '1234567890',
  'abcdefghijklmnopqrstuvwxyz',
  '1q2w3e4r5t6y7u8i9o0p',
  'q1w2e3r4t5y6u7i8o9p0',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'qazwsxedcrfvtgbyhnujmikolp',
  '!@#$%^&*()',
]
const walks = [...rows, ...rows.map((row) => [...row].reverse().join(''))]
const shortestRun = 3

/** Whether it is nothing but runs along a row of keys or the alphabet, and of one character. */
const isAllRuns = (text: string): boolean => {
  for (let at = 0; at < text.length; ) {
    const length = runAt(text, at)
    if (length < shortestRun) return false
    at += length
  }
  return true
}

const runAt = (text: string, at: number): number => {
  let length = /^(.)\1*/u.exec(text.slice(at))?.[0].length ?? 0
  while (at + length < text.length && isWalk(text.slice(at, at + Math.max(length + 1, 2)))) length += 1
  return length
}
const isWalk = (part: string): boolean => walks.some((walk) => walk.includes(part))

/** Name and address, whole, in parts, and the parts together in both orders. */
const ownWords = ({ email, name = '' }: Person): string[] => {
  const [local = '', domain = ''] = fold(email).split('@')
  const named = partsOf(fold(name))
  const addressed = partsOf(local)
  return [named, addressed]
    .flatMap((parts) => [...parts, parts.join(''), parts.toReversed().join('')])
    .concat(partsOf(domain))
    .filter((word) => word.length >= 3)
}
const partsOf = (text: string): string[] => text.split(/[^\p{L}]+/u).filter((part) => part !== '')

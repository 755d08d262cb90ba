import { fold } from '#modules/language'
import type { ClaimWord } from './claim-words.ts'
import { type Comparison, editOf, type Finding, facing, finding, isNearWording, written } from './comparison.ts'
import { isYear, saysDate } from './dates.ts'
import { measureOf } from './measures.ts'

const isYearWord = ({ value }: ClaimWord): boolean => value !== null && isYear(value)

const pageWords = ({ all }: Comparison): ClaimWord[] => all.flatMap(({ words }) => words)

/** What also says a value: the century and decade of a year, a half for 50 percent. */
const alike = (value: number): number[] => {
  if (isYear(value)) return [Math.ceil(value / 100), Math.floor(value / 10) * 10]
  return { 50: [0.5], 25: [0.25], 0.5: [50] }[value] ?? []
}

/** The values a page says, with the parts of its dates. */
const valuesOf = (words: readonly ClaimWord[]): ReadonlySet<number> => {
  const said = words.flatMap(({ value, date }) => [value, date?.day, date?.year].filter((it) => it != null))
  return new Set([...said, ...said.flatMap(alike)])
}

const digit = /^\p{Nd}/u

/** Up to here people write numbers as words, and say "two" for what a page only lists. */
const small = 12

const isWritten = (text: string, { start, end }: ClaimWord): boolean => !digit.test(text.slice(start, end))

/** Another number of the page stands where the claim says this one. */
const facesNumber = (comparison: Comparison, word: ClaimWord): ClaimWord | undefined => {
  const edit = editOf(comparison, word)
  if (!edit?.isTight) return undefined
  return edit.page.find(
    ({ value, date }) => (value !== null && value !== word.value) || (date && date.year !== word.value),
  )
}

const otherNumber = (comparison: Comparison, word: ClaimWord): string | undefined => {
  const said = new Set(comparison.claim.map(({ key }) => key))
  const numbers = comparison.best.words.filter(({ value, key }) => value !== null && !said.has(key))
  const other = numbers.find((it) => isYearWord(it) === isYearWord(word)) ?? numbers[0]
  return other && written(comparison.best.text, [other])
}

const compareNumber = (comparison: Comparison, word: ClaimWord, values: ReadonlySet<number>): Finding[] => {
  const value = word.value ?? 0
  const kind = isYearWord(word) ? 'date' : 'number'
  const said = written(comparison.text, [word])
  const isWord = isWritten(comparison.text, word)
  const other = facesNumber(comparison, word)
  if (other) {
    const isMoved = values.has(value) && !isNearWording(comparison)
    return [finding(kind, said, written(comparison.best.text, [other]), !isMoved)]
  }
  if (values.has(value) || (isWord && value <= 1 && value !== 0.5)) return []
  const page = facing(comparison, word) ?? otherNumber(comparison, word)
  return [finding(kind, said, page, !isWord || value > small || isNearWording(comparison))]
}

/** The unit behind a number: `5 km` against `5 miles`. */
const compareMeasures = (comparison: Comparison): Finding[] =>
  comparison.claim.flatMap((word, at) => {
    const measure = comparison.claim[at + 1]
    if (word.value === null || !measure || measureOf(fold(measure.key)) === null) return []
    const beside = comparison.all.flatMap(({ words, text }) =>
      words.flatMap((it, place) => {
        const next = words[place + 1]
        return it.value === word.value && next ? [{ key: next.key, said: written(text, [it, next]) }] : []
      }),
    )
    if (beside.length === 0 || beside.some(({ key }) => key === measure.key)) return []
    const clash = beside.find(({ key }) => measureOf(fold(key)) !== null)
    return clash ? [finding('number', written(comparison.text, [word, measure]), clash.said, true)] : []
  })

/** Units facing each other that differ, wherever their number stands: `for decades` against `for centuries`. */
const facingMeasures = (comparison: Comparison): Finding[] =>
  comparison.script.edits
    .filter(({ said, page }) => said.length <= 2 && page.length <= 2)
    .flatMap(({ said, page }) => {
      const mine = said.find(({ key }) => measureOf(fold(key)) !== null)
      const theirs = page.find(({ key }) => measureOf(fold(key)) !== null)
      if (!mine || !theirs || mine.key === theirs.key) return []
      const [here, there] = [written(comparison.text, [mine]), written(comparison.best.text, [theirs])]
      return [finding('number', here, there, isNearWording(comparison))]
    })

export const compareNumbers = (comparison: Comparison): Finding[] => {
  const values = valuesOf(pageWords(comparison))
  const numbers = comparison.claim.filter(({ value }) => value !== null)
  return [
    ...numbers.flatMap((word) => compareNumber(comparison, word, values)),
    ...compareMeasures(comparison),
    ...facingMeasures(comparison),
  ]
}

/** Months and days: the claim may say less than the page, nothing else. */
export const compareDates = (comparison: Comparison): Finding[] => {
  const dates = pageWords(comparison).flatMap(({ date }) => date ?? [])
  const values = valuesOf(pageWords(comparison))
  return comparison.claim.flatMap((word) => {
    const { date } = word
    if (!date || dates.some((it) => saysDate(it, date))) return []
    const partly = dates.some((it) => saysDate(it, { ...date, year: null }) && it.year === null)
    if (partly && date.year !== null && values.has(date.year)) return []
    const other = comparison.best.words.find((it) => it.date || isYearWord(it))
    return [
      finding(
        'date',
        written(comparison.text, [word]),
        other ? written(comparison.best.text, [other]) : undefined,
        true,
      ),
    ]
  })
}

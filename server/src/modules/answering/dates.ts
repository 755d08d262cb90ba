import { fold } from '#modules/language'

const namesOf: readonly string[] = [
  'january januar januari jan يناير',
  'february februar februari feb فبراير شباط',
  'march märz maret مارس آذار',
  'april apr أبريل إبريل نيسان',
  'may mai mei مايو أيار',
  'june juni jun يونيو يونيه حزيران',
  'july juli jul يوليو يوليه تموز',
  'august agustus aug أغسطس آب',
  'september sep sept سبتمبر أيلول',
  'october oktober oct okt أكتوبر',
  'november nov نوفمبر',
  'december dezember desember dec dez ديسمبر',
  'محرم',
  'صفر',
  'رجب',
  'شعبان',
  'رمضان',
  'شوال',
]

const months = new Map(
  namesOf.flatMap((names, at) => names.split(' ').map((name): [string, number] => [fold(name), at + 1])),
)

/** Months that are common words or names, too: they count with a number or a capital and a preposition beside them. */
const doubtful = new Set([
  'may',
  'march',
  'mai',
  'mei',
  'jan',
  'sep',
  'jun',
  'august',
  'mar',
  'dec',
  'oct',
  'nov',
  'feb',
  'اب',
  'صفر',
])
const beforeMonths = new Set(
  'in on of since until till by from early late mid im ab seit bis ende anfang mitte pada bulan شهر'.split(' '),
)

/** The number of a month's name, in all languages; 13 and more are months of the Hijri calendar. */
export const monthOf = (
  word: string,
  beside: { before: string; hasNumber: boolean; isCapital: boolean },
): number | null => {
  const month = months.get(word)
  if (month === undefined || !doubtful.has(word) || beside.hasNumber) return month ?? null
  return beside.isCapital && beforeMonths.has(beside.before) ? month : null
}

/** What a date says; null for what it leaves open. */
export interface DateParts {
  day: number | null
  month: number | null
  year: number | null
}

const isDay = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= 31
export const isYear = (value: number): boolean => Number.isInteger(value) && value >= 1_000 && value <= 2_100

const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/

/** `12.04.1628` as one token. */
export const dottedDate = (word: string): DateParts | null => {
  const [, day, month, year] = dotted.exec(word) ?? []
  if (day === undefined || Number(month) > 12 || !isDay(Number(day))) return null
  return { day: Number(day), month: Number(month), year: Number(year) }
}

/** `1628-04-12` as three numbers; other orders with strokes say different days to different readers and stay numbers. */
export const isoDate = (values: readonly number[], gaps: readonly string[]): DateParts | null => {
  const [year = 0, month = 0, day = 0] = values
  if (gaps.some((gap) => gap !== '-') || !isYear(year) || month < 1 || month > 12 || !isDay(day)) return null
  return { day, month, year }
}

const yearOrNull = (value: number | undefined): number | null => (value !== undefined && isYear(value) ? value : null)

/** A month with the numbers beside it: `12 April 1628`, `April 12, 1628`, `April 1628`, `12. April`. */
export const dateAround = (
  month: number,
  before: number | null,
  after: readonly number[],
): { parts: DateParts; takesBefore: boolean; takesAfter: number } => {
  const [first, second] = after
  const takesBefore = before !== null && isDay(before)
  const takesDay = !takesBefore && first !== undefined && isDay(first)
  const year = yearOrNull(takesDay ? second : first)
  const dayAfter = takesDay ? first : null
  const parts = { day: takesBefore ? before : dayAfter, month, year }
  return { parts, takesBefore, takesAfter: (takesDay ? 1 : 0) + (year === null ? 0 : 1) }
}

/** Whether the page's date says all that the claim's does. */
export const saysDate = (page: DateParts, claim: DateParts): boolean =>
  (claim.day === null || claim.day === page.day) &&
  (claim.month === null || claim.month === page.month) &&
  (claim.year === null || claim.year === page.year)

/** Values in words of the reader's language, with the digits that the pages are printed with. */
import { useTranslation } from 'react-i18next'

const withLatinDigits = (language: string): string => `${language}-u-nu-latn`

/** 1_234 is '1,234' in English and '1.234' in German. */
export const formatNumber = (language: string, value: number): string =>
  new Intl.NumberFormat(withLatinDigits(language)).format(value)

/** 'de' is 'German' in English; null is no language that is known. */
export const formatLanguage = (language: string, code: string | null): string | null =>
  code && (new Intl.DisplayNames(language, { type: 'language' }).of(code) ?? code)

/** 4_300_000 is '4.3 MB'; files are counted in units of 1024, as their limit is. */
export const formatBytes = (language: string, bytes: number): string => {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  const value = bytes / 1024 ** power
  return new Intl.NumberFormat(withLatinDigits(language), {
    style: 'unit',
    unit: units[power] ?? 'byte',
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && power > 0 ? 1 : 0,
  }).format(value)
}

/** 'today', 'yesterday', or the date. */
export const formatDay = (language: string, iso: string, now: Date): string => {
  const day = new Date(iso)
  const startOf = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
  const daysAgo = Math.round((startOf(now) - startOf(day)) / 86_400_000)
  if (daysAgo <= 1)
    return new Intl.RelativeTimeFormat(withLatinDigits(language), { numeric: 'auto' }).format(-daysAgo, 'day')
  return new Intl.DateTimeFormat(withLatinDigits(language), { dateStyle: 'medium' }).format(day)
}

export const useFormat = () => {
  const { i18n } = useTranslation()
  return {
    bytes: (bytes: number): string => formatBytes(i18n.language, bytes),
    number: (value: number): string => formatNumber(i18n.language, value),
    language: (code: string | null): string | null => formatLanguage(i18n.language, code),
    day: (iso: string): string => formatDay(i18n.language, iso, new Date()),
  }
}

import { fold } from '#modules/language'

/** Units under all their names, so that `5 km` and `5 Kilometer` are one and `5 miles` is another. */
const namesOf: readonly string[] = [
  '% percent prozent بالمئة بالمائة persen',
  '$ dollar dollars usd دولار دولارات dolar',
  '€ euro euros eur يورو',
  '£ pound pounds pfund جنيه',
  'km kilometer kilometers kilometre kilometres kilometern كيلومتر كيلومترات كم',
  'm meter meters metre metres metern متر أمتار مترا',
  'cm centimeter centimeters centimetre centimetres zentimeter zentimetern سنتيمتر',
  'mm millimeter millimeters millimetre millimetres millimetern مليمتر',
  'mile miles meile meilen ميل أميال mil',
  'foot feet ft fuß قدم أقدام',
  'inch inches zoll بوصة inci',
  'kg kilogram kilograms kilogramm كيلوغرام كيلوجرام',
  'g gram grams gramm غرام جرام',
  'mg milligram milligrams milligramm',
  't ton tons tonne tonnes tonnen طن أطنان',
  'l liter liters litre litres litern لتر',
  'ms millisecond milliseconds millisekunde millisekunden',
  'second seconds sekunde sekunden ثوان ثوانى detik',
  'minute minutes minuten دقيقة دقائق menit',
  'hour hours stunde stunden ساعة ساعات jam',
  'day days tag tage tagen يوم أيام يوما hari',
  'week weeks woche wochen أسبوع أسابيع minggu',
  'month months monat monate monaten شهر أشهر شهرا bulan',
  'year years jahr jahre jahren سنة سنوات عام أعوام عاما tahun',
  'decade decades jahrzehnt jahrzehnte jahrzehnten عقد عقود dekade',
  'century centuries jahrhundert jahrhunderts jahrhunderte jahrhunderten قرن القرن قرون abad',
  'celsius',
  'fahrenheit',
  'kelvin',
  'volt volts',
  'watt watts',
  'hz hertz',
  'hectare hectares hektar هكتار',
]

const canon = new Map(
  namesOf.flatMap((names) => {
    const words = names.split(' ')
    return words.map((word): [string, string] => [fold(word), words[0] ?? word])
  }),
)

/** One name for all names of a unit of measure; null for other words. */
export const measureOf = (word: string): string | null => canon.get(word) ?? null

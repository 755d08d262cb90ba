/** Lies that exchange, add or drop a single word of meaning; the lists are not the checker's. */
import type { Language } from '../../server/src/modules/language/index.ts'
import type { Material } from './material.ts'
import { pick, type Random } from './random.ts'

/** Makes a lie of a true sentence of the material's page, or null where there is nothing to change. */
export type Change = (sentence: string, material: Material, random: Random) => string | null

export const put = (text: string, at: number, old: string, now: string): string =>
  text.slice(0, at) + now + text.slice(at + old.length)

const swapOf = (table: string): ReadonlyMap<string, string[]> => {
  const found = new Map<string, string[]>()
  for (const row of table.trim().split(/\s+/)) {
    const words = row.split('/')
    for (const word of words)
      found.set(
        word,
        words.filter((it) => it !== word),
      )
  }
  return found
}

const replaceFrom =
  (tables: Record<Language, ReadonlyMap<string, string[]>>): Change =>
  (sentence, { language }, random) => {
    const hits = [...sentence.matchAll(/[\p{L}\p{M}]+/gu)].filter(({ 0: word }) =>
      tables[language].has(word.toLowerCase()),
    )
    const hit = pick(random, hits)
    const other = hit && pick(random, tables[language].get(hit[0].toLowerCase()) ?? [])
    return hit && other ? put(sentence, hit.index, hit[0], other) : null
  }

const quantifier = replaceFrom({
  en: swapOf(
    'all/some/most/few/no many/few/all several/all every/no always/sometimes/never often/always/rarely usually/never only/also both/neither',
  ),
  de: swapOf(
    'alle/einige/wenige/keine viele/wenige/alle mehrere/alle jeder/kein immer/manchmal/nie oft/immer/selten nur/auch beide/keine meisten/wenigsten',
  ),
  ar: swapOf('كل/بعض جميع/بعض معظم/بعض/كل بعض/كل العديد/القليل غالبا/نادرا دائما/أحيانا عدة/كل'),
  id: swapOf(
    'semua/beberapa/sebagian banyak/sedikit/semua setiap/beberapa sering/jarang/selalu beberapa/semua seluruh/sebagian',
  ),
})
const antonym = replaceFrom({
  en: swapOf(
    'north/south northern/southern east/west eastern/western first/last early/late old/new large/small major/minor won/lost increase/decrease increased/decreased high/low long/short before/after began/ended public/private strong/weak upper/lower modern/ancient rich/poor good/bad victory/defeat left/joined supported/opposed founded/dissolved rural/urban wet/dry heavy/light success/failure legal/illegal',
  ),
  de: swapOf(
    'norden/süden nördlich/südlich osten/westen östlich/westlich erste/letzte ersten/letzten frühen/späten alte/neue alten/neuen große/kleine großen/kleinen hohe/niedrige vor/nach gewann/verlor begann/endete öffentlichen/privaten starke/schwache sieg/niederlage gegründet/aufgelöst ländlichen/städtischen erfolg/misserfolg lange/kurze',
  ),
  ar: swapOf(
    'شمال/جنوب شرق/غرب الشرقية/الغربية الشمالية/الجنوبية الأول/الأخير الأولى/الأخيرة قبل/بعد كبيرة/صغيرة كبير/صغير القديم/الجديد القديمة/الجديدة بداية/نهاية فاز/خسر الحرب/السلام الداخلية/الخارجية الغربي/الشرقي الجنوبي/الشمالي زيادة/نقصان تأسست/حلت عالية/منخفضة طويلة/قصيرة',
  ),
  id: swapOf(
    'utara/selatan timur/barat pertama/terakhir besar/kecil tua/muda baru/lama sebelum/setelah awal/akhir menang/kalah tinggi/rendah panjang/pendek didirikan/dibubarkan',
  ),
})
const comparison = replaceFrom({
  en: swapOf(
    'more/less/fewer larger/smaller greater/lesser higher/lower older/younger better/worse longer/shorter largest/smallest highest/lowest most/least best/worst earlier/later faster/slower',
  ),
  de: swapOf(
    'mehr/weniger größer/kleiner größere/kleinere größten/kleinsten größte/kleinste höher/niedriger höchste/niedrigste älter/jünger älteste/jüngste besser/schlechter beste/schlechteste länger/kürzer meisten/wenigsten früher/später',
  ),
  ar: swapOf('أكثر/أقل أكبر/أصغر أعلى/أدنى أقدم/أحدث أفضل/أسوأ أطول/أقصر'),
  id: swapOf('lebih/kurang terbesar/terkecil tertinggi/terendah tertua/termuda terbaik/terburuk terpanjang/terpendek'),
})
const unit = replaceFrom({
  en: swapOf(
    'million/billion/thousand percent/degrees km/miles kilometres/miles kilometers/miles miles/kilometres years/months/days days/years/weeks hours/minutes minutes/hours feet/inches/metres square/cubic acres/hectares tons/pounds dollars/euros century/decade',
  ),
  de: swapOf(
    'millionen/milliarden/tausend prozent/promille kilometer/meilen meter/kilometer/zentimeter jahre/monate/tage jahren/monaten/tagen stunden/minuten minuten/sekunden tonnen/kilogramm dollar/euro/pfund jahrhundert/jahrzehnt',
  ),
  ar: swapOf(
    'مليون/مليار/ألف كيلومتر/ميل متر/كيلومتر سنة/شهر سنوات/أشهر/أيام عاما/يوما ساعة/دقيقة ساعات/دقائق طن/كيلوغرام دولار/يورو القرن/العقد',
  ),
  id: swapOf(
    'juta/miliar/ribu kilometer/mil meter/kilometer tahun/bulan/hari jam/menit ton/kilogram dolar/euro persen/derajat',
  ),
})

const cause: Change = (sentence, { language }, random) => {
  const table = {
    en: [
      [/ after /, ' because of '],
      [/ and (?=the |he |she |it |they )/, ' because '],
      [/, while /, ', because '],
      [/ when /, ' because '],
      [/ because /, ' although '],
      [/, which /, ', because it '],
    ],
    de: [
      [/, während /, ', weil '],
      [/ nach (?=de[mnr])/, ' wegen '],
      [/, als /, ', weil '],
      [/, und /, ', weil '],
      [/, weil /, ', obwohl '],
      [/, da /, ', obwohl '],
    ],
    ar: [
      [/ بعد /, ' بسبب '],
      [/ خلال /, ' بسبب '],
      [/ بينما /, ' لأن '],
      [/ عندما /, ' لأن '],
      [/ لأن /, ' رغم أن '],
      [/ بسبب /, ' رغم '],
    ],
    id: [
      [/ setelah /, ' karena '],
      [/ ketika /, ' karena '],
      [/ dan (?=\w+ (?:adalah|memiliki))/, ' karena '],
      [/ karena /, ' meskipun '],
    ],
  } as const
  const hits = table[language].filter(([pattern]) => pattern.test(sentence))
  const hit = pick(random, hits)
  return hit ? sentence.replace(hit[0], hit[1]) : null
}

/** What narrows the statement goes. */
const limit: Change = (sentence, { language }, random) => {
  const table = {
    en: [
      /\b(?:only|almost|nearly|about|approximately|around|mostly|partly|at least|up to|some of) /,
      /,? (?:if|unless|except|provided) [^,.]+(?=\.$|, )/,
      /^(?:If|Unless) [^,]+, /,
      /^[^,]*\b(?:said|claimed|argued|believed|suggested) that /,
      / or [^,. ]+(?=[,.])/,
    ],
    de: [
      /(?<= )(?:nur|fast|etwa|rund|ungefähr|teilweise|mindestens|höchstens|beinahe|knapp) /,
      /, (?:wenn|falls|sofern|außer) [^,.]+(?=\.$|, )/,
      /^(?:Wenn|Falls) [^,]+, /,
      /^[^,]*(?:sagte|behauptete|glaubte|meinte)[^,]*, dass /,
    ],
    ar: [
      /(?<= )(?:فقط|تقريبا|حوالي|نحو|معظم|بعض) /,
      / (?:إذا|إلا إذا) [^،.]+(?=\.$|، )/,
      /^(?:إذا) [^،]+، /,
      /^(?:قال|يعتقد|زعم) [^،]+ أن /,
    ],
    id: [
      /(?<= )(?:hanya|hampir|sekitar|kira-kira|sebagian|beberapa) /,
      /,? (?:jika|bila|kecuali) [^,.]+(?=\.$|, )/,
      /^(?:Jika|Bila) [^,]+, /,
    ],
  } as const
  const hit = pick(
    random,
    table[language].filter((pattern) => pattern.test(sentence)),
  )
  return hit ? sentence.replace(hit, '') : null
}

const modality: Change = (sentence, { language }, random) => {
  const table = {
    en: [
      [/ (?:may|might|could) (?:have been|be) /, ' is '],
      [/ can /, ' must '],
      [/ may /, ' must '],
      [/ (?:possibly|probably|perhaps|likely) /, ' '],
      [/ would /, ' did '],
      [/ should /, ' must '],
    ],
    de: [
      [/ (?:kann|könnte) /, ' muss '],
      [/ können /, ' müssen '],
      [/ (?:vielleicht|möglicherweise|wahrscheinlich|vermutlich) /, ' '],
      [/ soll /, ' muss '],
      [/ darf /, ' muss '],
    ],
    ar: [
      [/ قد /, ' '],
      [/ ربما /, ' '],
      [/ يمكن /, ' يجب '],
      [/ من المحتمل /, ' من المؤكد '],
    ],
    id: [
      [/ (?:dapat|bisa) /, ' harus '],
      [/ mungkin /, ' '],
      [/ diperkirakan /, ' '],
    ],
  } as const
  const hit = pick(
    random,
    table[language].filter(([pattern]) => pattern.test(sentence)),
  )
  return hit ? sentence.replace(hit[0], hit[1]) : null
}

export type WordLieKind = 'quantifier' | 'antonym' | 'unit' | 'comparison' | 'cause' | 'limit' | 'modality'

export const wordLieKinds: Record<WordLieKind, Change> = {
  quantifier,
  antonym,
  unit,
  comparison,
  cause,
  limit,
  modality,
}

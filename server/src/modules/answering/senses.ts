import { type Language, languages } from '#modules/language'
import { keyOf, split } from './claim-vocabulary.ts'

/** Groups of words that say the same quantity. */
const quantities: Record<Language, string[]> = {
  en: [
    'all every each always entire whole',
    'some several sometimes partly',
    'most mostly majority usually',
    'few rarely seldom minority',
    'none no never',
    'many often',
    'only',
    'both',
    'half',
  ],
  de: [
    'alle allen aller alles jeder jede jedes jedem jeden immer stets sämtliche',
    'einige einigen manche manchmal teilweise mehrere',
    'meiste meisten meistens mehrheit',
    'wenige wenigen selten minderheit kaum',
    'kein keine keiner nie niemals',
    'viele vielen oft häufig',
    'nur',
    'beide beiden',
  ],
  ar: [
    'كل جميع دائما كافة',
    'بعض أحيانا عدة',
    'معظم أغلب غالبية غالبا أكثرية',
    'قليل قلة نادرا أقلية',
    'أبدا',
    'كثير كثيرا العديد كثيرة',
    'فقط',
    'كلا كلتا',
  ],
  id: [
    'semua seluruh setiap selalu segala',
    'beberapa sebagian kadang-kadang',
    'kebanyakan umumnya mayoritas',
    'sedikit jarang minoritas',
    'tidak pernah',
    'banyak sering',
    'hanya',
    'kedua',
  ],
}

const pairs: Record<Language, string> = {
  en: `more/less more/fewer most/least larger/smaller bigger/smaller greater/smaller greater/less higher/lower older/younger
    older/newer longer/shorter before/after increase/decrease increased/decreased increases/decreases increasing/decreasing
    first/last north/south northern/southern east/west eastern/western left/right early/late earlier/later above/below
    over/under up/down begin/end began/ended beginning/end start/end started/ended won/lost win/lose wins/loses hot/cold
    warm/cold fast/slow faster/slower strong/weak stronger/weaker big/small large/small largest/smallest biggest/smallest
    high/low highest/lowest long/short longest/shortest old/new old/young oldest/youngest rich/poor good/bad best/worst
    better/worse true/false open/closed alive/dead inside/outside internal/external male/female positive/negative
    maximum/minimum public/private heavy/light thick/thin deep/shallow rise/fall rose/fell gain/lose gained/lost
    accept/reject accepted/rejected buy/sell bought/sold import/export success/failure successful/unsuccessful legal/illegal
    dry/wet major/minor hard/soft easy/difficult presence/absence include/exclude included/excluded allow/forbid
    allowed/forbidden possible/impossible important/unimportant common/rare day/night summer/winter war/peace victory/defeat
    north/east south/west upper/lower near/far direct/indirect modern/ancient same/different with/without for/against
    beneath/above inner/outer friend/enemy married/divorced entered/left arrived/departed built/destroyed built/demolished
    supported/opposed support/oppose defeated/lost born/died advantage/disadvantage visible/invisible rising/falling`,
  de: `mehr/weniger meisten/wenigsten größer/kleiner höher/niedriger höher/tiefer älter/jünger älter/neuer länger/kürzer vor/nach
    vorher/nachher steigt/sinkt stieg/sank stiegen/sanken erhöht/verringert erhöhte/verringerte zunahme/abnahme nahm/gab
    erste/letzte nord/süd norden/süden nördlich/südlich osten/westen östlich/westlich links/rechts linke/rechte früh/spät
    früher/später über/unter oben/unten begann/endete beginn/ende anfang/ende gewann/verlor gewannen/verloren gewinnt/verliert
    heiß/kalt warm/kalt schnell/langsam schneller/langsamer stark/schwach stärker/schwächer groß/klein größte/kleinste
    hoch/niedrig höchste/niedrigste lang/kurz längste/kürzeste alt/neu alt/jung älteste/jüngste reich/arm gut/schlecht
    beste/schlechteste besser/schlechter wahr/falsch offen/geschlossen lebendig/tot innerhalb/außerhalb innen/außen
    männlich/weiblich positiv/negativ maximal/minimal öffentlich/privat schwer/leicht dick/dünn tief/flach anstieg/rückgang
    kaufte/verkaufte einfuhr/ausfuhr erfolg/misserfolg erfolgreich/erfolglos legal/illegal trocken/nass nass/trocken hart/weich
    einfach/schwierig möglich/unmöglich wichtig/unwichtig häufig/selten tag/nacht sommer/winter krieg/frieden sieg/niederlage
    nah/fern direkt/indirekt modern/antik gleich/verschieden mit/ohne für/gegen innere/äußere freund/feind gebaut/zerstört
    erbaut/zerstört unterstützte/bekämpfte vorteil/nachteil sichtbar/unsichtbar geboren/gestorben erlaubt/verboten mindestens/höchstens`,
  ar: `أكثر/أقل أكبر/أصغر أعلى/أدنى أعلى/أقل أقدم/أحدث أطول/أقصر قبل/بعد زيادة/نقصان زاد/انخفض ارتفع/انخفض ارتفعت/انخفضت ارتفاع/انخفاض
    أول/آخر شمال/جنوب شمالي/جنوبي شرق/غرب شرقي/غربي يسار/يمين مبكر/متأخر فوق/تحت بداية/نهاية بدأ/انتهى بدأت/انتهت فاز/خسر
    فازت/خسرت ربح/خسر حار/بارد سريع/بطيء أسرع/أبطأ قوي/ضعيف أقوى/أضعف كبير/صغير كبيرة/صغيرة عال/منخفض طويل/قصير قديم/جديد
    قديمة/جديدة غني/فقير جيد/سيئ أفضل/أسوأ صحيح/خاطئ مفتوح/مغلق حي/ميت داخل/خارج داخلي/خارجي ذكر/أنثى موجب/سالب إيجابي/سلبي
    أقصى/أدنى عام/خاص ثقيل/خفيف سميك/رقيق عميق/ضحل اشترى/باع نجاح/فشل قانوني/غيرقانوني جاف/رطب صلب/لين سهل/صعب ممكن/مستحيل
    نهار/ليل صيف/شتاء حرب/سلام نصر/هزيمة انتصار/هزيمة قريب/بعيد مباشر/غيرمباشر حديث/قديم مع/ضد صديق/عدو بناء/هدم بنى/هدم
    ولد/توفي مشرق/مغرب مسموح/ممنوع`,
  id: `lebih/kurang terbesar/terkecil besar/kecil tinggi/rendah tertinggi/terendah tua/muda tertua/termuda panjang/pendek
    sebelum/sesudah sebelum/setelah meningkat/menurun naik/turun pertama/terakhir utara/selatan timur/barat kiri/kanan awal/akhir
    atas/bawah mulai/berakhir menang/kalah panas/dingin cepat/lambat kuat/lemah lama/baru kaya/miskin baik/buruk terbaik/terburuk
    benar/salah terbuka/tertutup hidup/mati dalam/luar positif/negatif maksimum/minimum umum/pribadi berat/ringan tebal/tipis
    membeli/menjual impor/ekspor sukses/gagal legal/ilegal kering/basah keras/lunak mudah/sulit mungkin/mustahil siang/malam
    perang/damai dekat/jauh dengan/tanpa teman/musuh lahir/meninggal banyak/sedikit`,
}

const groupsOf = (language: Language): ReadonlyMap<string, number> =>
  new Map(
    quantities[language].flatMap((group, at) =>
      split(group).map((word): [string, number] => [keyOf(word, language), at]),
    ),
  )
const quantityGroups = Object.fromEntries(languages.map((it) => [it, groupsOf(it)])) as Record<
  Language,
  ReadonlyMap<string, number>
>

/** Which of "all", "some", "most", "few", "none", "many", "only", "both" a word says; null when none. */
export const quantityOf = (word: string, language: Language | null): number | null =>
  quantityGroups[language ?? 'en'].get(word) ?? null

const oppositesOf = (language: Language): ReadonlyMap<string, ReadonlySet<string>> => {
  const found = new Map<string, Set<string>>()
  for (const pair of pairs[language].trim().split(/\s+/)) {
    const [one = '', other = ''] = pair.split('/').map((word) => keyOf(word, language))
    found.set(one, (found.get(one) ?? new Set()).add(other))
    found.set(other, (found.get(other) ?? new Set()).add(one))
  }
  return found
}
const opposites = Object.fromEntries(languages.map((it) => [it, oppositesOf(it)])) as Record<
  Language,
  ReadonlyMap<string, ReadonlySet<string>>
>

const endings: Record<Language, RegExp> = { en: /(?!)/, de: /(?:e[nrsm]?)$/, ar: /^(?:[وفبلك]?ال|[وفبلك])/, id: /nya$/ }

/** Whether two words say the opposite of each other, by the lists. */
export const areOpposite = (a: string, b: string, language: Language | null): boolean => {
  const known = opposites[language ?? 'en']
  const bare = (word: string): string => word.replace(endings[language ?? 'en'], '')
  return [a, bare(a)].some((one) => {
    const others = known.get(one)
    return others !== undefined && (others.has(b) || others.has(bare(b)))
  })
}

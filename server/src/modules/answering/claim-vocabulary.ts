import { fold, type Language, languages } from '#modules/language'

type Words = ReadonlySet<string>

export const split = (words: string): string[] => words.trim().split(/\s+/)

/** Words as claims compare them: folded, but for German, in which an umlaut tells `würde` from `wurde`. */
export const keyOf = (word: string, language: Language | null): string =>
  language === 'de' ? word.normalize('NFC').toLowerCase().replaceAll('ß', 'ss') : fold(word)

/** A list for each language; for an unknown one all of them together. */
const lists = (written: Record<Language, string>): ((language: Language | null) => Words) => {
  const sets = new Map<Language | null, Words>(
    languages.map((language) => [language, new Set(split(written[language]).map((word) => keyOf(word, language)))]),
  )
  sets.set(null, new Set(languages.flatMap((language) => split(written[language]).map(fold))))
  const none: Words = new Set()
  return (language) => sets.get(language) ?? none
}

/** Words that join two statements and leave each as true as it was. */
export const joiners = lists({
  en: 'and but while whereas',
  de: 'und aber während wohingegen sowie',
  ar: 'و بينما لكن ولكن فيما كما',
  id: 'dan tetapi sedangkan sementara namun serta',
})

/** Words that a statement may lose, and of which it may gain `also`, without saying anything else. */
export const fillers = lists({
  en: 'also however moreover furthermore additionally therefore thus hence indeed meanwhile nevertheless',
  de: 'auch jedoch zudem außerdem ebenfalls daher deshalb somit ferner allerdings hingegen dennoch',
  ar: 'أيضا كذلك',
  id: 'juga pula namun',
})
export const alsos = lists({ en: 'also', de: 'auch ebenfalls', ar: 'أيضا كذلك', id: 'juga' })

/**
 * A clause with one of these cannot be dropped: the rest would say more than the page does. Conditions,
 * exceptions, doubt, whose opinion it is, and what calls the rest false.
 */
export const binding = lists({
  en: `if unless except excluding only whenever lest whether otherwise either nor or
    may might could would possibly perhaps maybe probably likely supposedly allegedly reportedly presumably apparently
    theoretically hypothetically theory almost nearly
    according claim claims claimed argue argues argued believe believes believed suggest suggests suggested say says said
    think thinks thought assert asserts asserted allege alleges alleged deny denies denied doubt doubts doubted rumour
    opinion view supposed myth false falsely wrong wrongly untrue incorrect mistaken mistakenly fiction fictional
    proposed hoped planned intended expected seemed seems pretended imagined dreamed told contrary`,
  de: `wenn falls sofern außer ausgenommen nur lediglich bloß solange vorausgesetzt sonst ob oder entweder
    vielleicht möglicherweise wahrscheinlich vermutlich angeblich wohl scheinbar anscheinend theoretisch könnte könnten
    würde würden dürfte dürften soll sollen fast beinahe
    laut zufolge behauptet behaupten behauptete behaupteten meint meinen meinte meinten glaubt glauben glaubte
    glaubten sagt sagen sagte sagten vermutet vermuten vermutete vermuteten denkt dachte dachten argumentiert argumentierte
    ansicht meinung mythos falsch falsche unwahr irrtümlich fälschlich fiktiv bestreitet bestritt leugnete zweifelt zweifelte
    schien scheint plante geplant erwartet`,
  ar: `إذا إن لو لولا إلا سوى باستثناء ماعدا عدا فقط شرط بشرط أو إما أم
    ربما لعل يحتمل محتمل يمكن يبدو تقريبا
    وفقا وفق بحسب حسب زعم زعمت يزعم تزعم يدعي ادعى ادعت اعتقد يعتقد تعتقد قال قالت يقول يقولون رأى يرى ظن يظن
    رأي خرافة أسطورة خطأ كذب كاذب باطل نفى ينفي شك اقترح متوقع`,
  id: `jika bila apabila kalau kecuali hanya asalkan asal seandainya andai atau
    mungkin barangkali hampir diduga konon kabarnya tampaknya
    menurut kata mengatakan berpendapat percaya mengklaim menyatakan mengira menduga anggapan mitos salah keliru palsu`,
})

/** The same at the head of a clause. */
export const bindingHeads = lists({
  en: 'when until provided providing assuming suppose depending without under among amongst for regardless some most few about since as',
  de: 'bis ohne unter bei für je nachdem einige manche solange gemäß nach',
  ar: 'حين حينما حتى لدى بدون دون غير بعض معظم عند',
  id: 'selama sampai hingga tanpa bagi untuk beberapa sebagian ketika saat',
})

/** A clause that these begin tells more about the word before it: what it binds is itself. */
export const relatives = lists({
  en: 'which who whose whom where',
  de: 'der die das dem den deren dessen welche welcher welches wobei wodurch wo',
  ar: 'الذي التي الذين والذي والتي والذين حيث مما وهو وهي',
  id: 'yang dimana',
})

/** In what is kept, these tell that the statement hangs on what was dropped. */
export const hanging = lists({
  en: 'would could otherwise',
  de: 'würde würden wäre wären hätte hätten könnte könnten sonst',
  ar: 'لكان لكانت لما',
  id: 'niscaya akan',
})

/** Words that begin what only says when, where or how before the statement itself begins. */
export const openings = lists({
  en: `in on at by from with within after before during while although though despite since because until when
    throughout following under over for as to given like unlike besides among through upon based according`,
  de: `in im an am auf bei beim mit nach vor während obwohl obgleich seit da weil bis als für um trotz durch aus neben
    wegen aufgrund unter über zu zum zur indem nachdem bevor`,
  ar: 'في وفي بعد وبعد قبل وقبل خلال وخلال منذ ومنذ أثناء عند عندما وعندما بينما مع ومع من على إلى رغم بسبب حين',
  id: 'pada di dalam dari ke dengan setelah sebelum ketika saat sejak selama meskipun walaupun karena untuk oleh',
})

/** A statement behind one of these is only what somebody thinks, fears or denies. */
export const complementizers = lists({
  en: 'that whether',
  de: 'dass daß ob',
  ar: 'أن بأن أنه أنها أنهم بأنه بأنها إنه إنها',
  id: 'bahwa',
})

export const alternatives = lists({ en: 'or nor', de: 'oder', ar: 'أو أم', id: 'atau' })

/** A clause that begins with one of these belongs to the word before it, or to what was said before. */
export const leaners = lists({
  en: 'which who whose whom that where then so therefore thus hence later afterwards this these',
  de: `die der das den dem deren dessen welche welcher welches was wo wobei wodurch worauf dann danach daraufhin deshalb
    daher denn dies diese dieser`,
  ar: 'الذي التي الذين اللذان اللتان والذي والتي ثم لذلك وهو وهي مما',
  id: 'yang lalu kemudian sehingga maka ini itu',
})

/** Before a dropped clause one of these says that the clause chose which ones are meant. */
export const choosers = lists({
  en: 'all every each those any no only most some',
  de: `alle allen aller jeder jede jedes jedem jeden diejenigen derjenige diejenige dasjenige denjenigen jene jener jenen
    solche solchen nur kein keine einige manche`,
  ar: 'كل جميع أولئك بعض معظم أي',
  id: 'semua setiap para tiap hanya beberapa',
})

/** Around two things that only together are what the sentence says. */
export const pairing = lists({
  en: 'between both together combined respectively versus',
  de: 'zwischen sowohl zusammen gemeinsam beide jeweils',
  ar: 'بين كلا كلتا معا',
  id: 'antara bersama keduanya masing-masing',
})

/** Articles and the like: a piece of a sentence that begins with one may be an apposition. */
export const articles = lists({
  en: 'the a an his her its their',
  de: 'der die das den dem des ein eine einer einem einen eines sein seine ihr ihre',
  ar: '',
  id: 'seorang sebuah',
})

/** Words that deny without a "not": where one stands, a missing "not" proves nothing. */
export const hiddenNegators = lists({
  en: `fail fails failed failing lack lacks lacked lacking refuse refuses refused avoid avoids avoided prevent prevents
    prevented stop stops stopped absence absent unable impossible hardly scarcely barely seldom rarely few little instead
    rather false wrong untrue deny denies denied missing exclude excludes only except unlike less free empty forbidden
    forbids banned unknown unusual ceased rejected nobody unless impossible still yet too different beyond nothing`,
  de: `kaum selten fehlt fehlen fehlte fehlten verweigert verweigerte weigert weigerte weigerten verhindert verhinderte
    verhindern unmöglich statt anstatt sondern nur erst falsch ablehnte lehnte lehnt vermied vermeiden scheiterte
    gescheitert mangel wenig wenige verzichtet verzichtete verzichten außer verboten unbekannt ungewöhnlich leer frei
    anders bloß lediglich ausschließlich stets trotzdem zu noch einzig ungeeignet`,
  ar: `فشل فشلت يفشل رفض رفضت يرفض نادرا منع تمنع يمنع عدم انعدام مستحيل تجنب فقط سوى إلا بدلا نفى قلما افتقر تفتقر يفتقر خال
    خالية قليل قليلة ممنوع مجهول عجز يعجز تعجز بلا تخلو يخلو خلاف انقطع توقف توقفت أبدا إنما بل`,
  id: `gagal menolak jarang hanya mustahil kurang mencegah menghindari kecuali sedikit terlarang berhenti alih-alih
    melainkan bebas kosong dilarang mustahil baru`,
})

/** Words that stand in any text: that a claim and a page share one says nothing. */
export const weak = lists({
  en: `make makes made making do does did done get gets got go goes went come comes came take takes took use uses used
    call called say says said see seen can could may might will would should must be been being not no if then than
    but so also more most other others one two many some any all every each very often just only now here there
    he she they them his her their our who which what when where how thing things way ways`,
  de: `machen macht machte gemacht tun tut getan gehen geht ging kommen kommt kam nehmen nimmt nahm nutzen nutzt
    genutzt nennen nennt genannt sagen sagt sagte sehen sieht kann können konnte soll will muss müssen wird werden
    worden sein bin nicht kein keine wenn dann aber so auch mehr meist andere anderen ein eins zwei viele einige alle
    jeder jede sehr oft nur nun hier dort er sie es ihr sein seine ihre wer was wann wo wie ding dinge weise bestehen
    besteht`,
  ar: `كان كانت يكون تكون ليس ليست لا لم لن ما هو هي هم كل بعض أي أحد واحد واحدة كثير قليل أكثر أقل آخر أخرى أيضا فقط جدا
    هنا هناك ثم لكن إذا قد سوف يمكن قال يقول جعل يجعل شيء أشياء مصنوع مصنوعة`,
  id: `buat membuat dibuat terbuat guna digunakan adalah ialah menjadi akan bisa dapat harus tidak bukan jika maka tetapi
    juga lebih paling lain satu dua banyak beberapa semua setiap sangat hanya kini sini situ dia ia mereka hal cara`,
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Language, splitSentences } from '#modules/language'
import { type CheckedClaim, type CheckKind, checkClaim, type Verdict } from './index.ts'

const pages: Record<Language, string> = {
  en: `The human heart has four chambers and beats about 100,000 times a day. In April 1628, William Harvey described the
circulation of the blood. The ship carried 2.5 million tons of coal over 340 km. Alice Miller defeated Robert Brown in
the final, which took place in Vienna. If the water freezes, the pipe bursts. Some birds cannot fly. The northern wall
is older than the tower. The council may close the bridge. It is false that the moon is made of cheese. He lived in
Padua for three years.`.replaceAll('\n', ' '),
  de: `Das Herz hat vier Kammern und schlägt etwa 100.000 Mal am Tag. Im April 1628 beschrieb William Harvey den Kreislauf.
Das Schiff trug 2,5 Millionen Tonnen Kohle. Als Keller starb, war er 70 Jahre alt. Anna Huber besiegte Berta Lang im
Finale, das in Wien stattfand. Das alte Rohr platzt, wenn das Wasser gefriert. Einige Vögel können nicht fliegen. Der Turm ist
kleiner als die Mauer. Der Rat könnte die Brücke schließen. Müller behauptete, dass die Erde hohl ist.`.replaceAll(
    '\n',
    ' ',
  ),
  ar: `يتكون القلب من أربع حجرات، ويضخ الدم إلى الجسم. في أبريل 1628، وصف ويليام هارفي الدورة الدموية. حملت السفينة 2.5 مليون طن من
الفحم. هزم أحمد منصور سامي حداد في المباراة. إذا تجمد الماء، انفجر الأنبوب القديم كله. بعض الطيور لا تطير. البرج أكبر من الجدار. يضم
المتحف خمسة وعشرين تمثالا.`.replaceAll('\n', ' '),
  id: `Jantung manusia memiliki empat ruang. Pada April 1628, William Harvey menjelaskan peredaran darah. Kapal itu membawa
2,5 juta ton batu bara. Jika air membeku, pipa besi itu pecah. Beberapa burung tidak dapat terbang.`.replaceAll(
    '\n',
    ' ',
  ),
}

const hold = (language: Language, sentence: string, pageText = pages[language]): CheckedClaim =>
  checkClaim({ sentence, language, evidence: [{ n: 1, pageText, start: 0, end: pageText.length, language }] })

/** The kind that fails, where one does. */
type Row = [claim: string, failed?: CheckKind]

const table = (verdict: Verdict, rows: Partial<Record<Language, Record<string, Row[]>>>): void => {
  for (const [language, groups] of Object.entries(rows) as [Language, Record<string, Row[]>][]) {
    for (const [why, claims] of Object.entries(groups)) {
      test(`${verdict}, ${language}: ${why}`, () => {
        for (const [claim, failed] of claims) {
          const found = hold(language, claim)
          assert.equal(found.verdict, verdict, `${claim} ${JSON.stringify(found.checks)}`)
          if (failed)
            assert.ok(
              found.checks.some(({ kind, ok }) => kind === failed && !ok),
              `${claim}: ${failed}`,
            )
        }
      })
    }
  }
}

table('supported', {
  en: {
    'a clause left out': [
      ['The human heart has four chambers.'],
      ['William Harvey described the circulation of the blood.'],
    ],
    'the opening at the end': [['William Harvey described the circulation of the blood in April 1628.']],
    'two sentences joined': [
      ['The human heart has four chambers and beats about 100,000 times a day, and some birds cannot fly.'],
      ['Some birds cannot fly; the northern wall is older than the tower.'],
    ],
    'numbers and units written otherwise': [
      ['The human heart has 4 chambers and beats about one hundred thousand times a day.'],
      ['The ship carried 2,500,000 tons of coal over 340 kilometres.'],
    ],
    'a date that says less': [['In 1628, William Harvey described the circulation of the blood.']],
  },
  de: {
    'a clause left out': [['Das Herz hat vier Kammern.'], ['Anna Huber besiegte Berta Lang im Finale.']],
    'the verb moves to its second place': [['Er war 70 Jahre alt, als Keller starb.']],
    'two sentences joined': [['Das Herz hat vier Kammern, und einige Vögel können nicht fliegen.']],
    'numbers written otherwise': [
      ['Das Herz hat 4 Kammern und schlägt etwa hunderttausend Mal am Tag.'],
      ['Das Schiff trug 2.500.000 Tonnen Kohle.'],
      ['Als Keller starb, war er siebzig Jahre alt.'],
    ],
  },
  ar: {
    'a clause left out': [['يتكون القلب من أربع حجرات.']],
    'the opening at the end': [['وصف ويليام هارفي الدورة الدموية، في أبريل 1628.']],
    'two sentences joined': [['بعض الطيور لا تطير، والبرج أكبر من الجدار.']],
    'numbers written otherwise': [
      ['في أبريل ١٦٢٨، وصف ويليام هارفي الدورة الدموية.'],
      ['حملت السفينة ٢٫٥ مليون طن من الفحم.'],
      ['يضم المتحف 25 تمثالا.'],
    ],
  },
  id: {
    'the opening at the end': [['William Harvey menjelaskan peredaran darah pada April 1628.']],
    'numbers written otherwise': [
      ['Kapal itu membawa 2.500.000 ton batu bara.'],
      ['Jantung manusia memiliki 4 ruang.'],
    ],
  },
})

table('weak', {
  en: {
    'other words': [
      ['There are four chambers in the heart of a human being.'],
      ['Roughly 100,000 heart beats happen each day.'],
      ['Harvey explained in 1628 how the blood circulates.'],
    ],
    'a condition, doubt or opinion left out': [
      ['The pipe bursts.', 'wording'],
      ['The moon is made of cheese.', 'wording'],
      ['The human heart has four chambers and beats 100,000 times a day.', 'wording'],
    ],
    'a cause that the page does not name': [
      ['Some birds cannot fly because the northern wall is older than the tower.', 'wording'],
    ],
    'a piece of a sentence joined on': [
      ['Alice Miller defeated Robert Brown and the pipe bursts.', 'wording'],
      ['Alice Miller defeated Robert Brown and the circulation of the blood.', 'wording'],
    ],
    'an order is no count': [['The human heart has the fourth chambers.', 'wording']],
    'a pronoun torn from its sentence': [
      ['Alice Miller defeated Robert Brown in the final, and he lived in Padua for three years.'],
    ],
    'another mood': [['The council must close the bridge.', 'wording']],
  },
  de: {
    'other words': [['Vier Kammern bilden das Herz.'], ['Harvey erklärte 1628, wie das Blut kreist.']],
    'a condition or opinion left out': [['Das alte Rohr platzt.'], ['Die Erde ist hohl.']],
    'exchanged roles: word order does not tell': [['Berta Lang besiegte Anna Huber im Finale, das in Wien stattfand.']],
    'an umlaut makes the mood': [['Der Rat konnte die Brücke schließen.']],
  },
  ar: {
    'other words': [['للقلب أربع حجرات تضخ الدم.']],
    'a condition left out': [['انفجر الأنبوب القديم كله.']],
    'exchanged names': [['هزم سامي حداد أحمد منصور في المباراة.', 'wording']],
  },
  id: { 'a condition left out': [['Pipa besi itu pecah.']] },
})

table('unsupported', {
  en: {
    'another number': [
      ['The human heart has five chambers and beats about 100,000 times a day.', 'number'],
      ['The human heart has four chambers and beats about 1,000,000 times a day.', 'number'],
      ['The ship carried 2.5 billion tons of coal over 340 km.', 'number'],
      ['The ship carried 340 tons of coal over 2.5 million km.', 'number'],
      ['There are 7 chambers in the human heart.', 'number'],
    ],
    'another unit': [['The ship carried 2.5 million tons of coal over 340 miles.', 'number']],
    'another date': [
      ['In May 1628, William Harvey described the circulation of the blood.', 'date'],
      ['In April 1682, William Harvey described the circulation of the blood.', 'date'],
    ],
    'another name': [
      ['In April 1628, William Shakespeare described the circulation of the blood.', 'name'],
      ['Robert Brown defeated Alice Miller in the final, which took place in Vienna.', 'name'],
      ['Isaac Newton explained how the blood circulates.', 'name'],
    ],
    'a "not" more, less or elsewhere': [
      ['The human heart has not four chambers and beats about 100,000 times a day.', 'negation'],
      ['Some birds can fly.', 'negation'],
      ['The northern wall is not older than the tower.', 'negation'],
    ],
    'another quantity or the opposite': [
      ['All birds cannot fly.', 'wording'],
      ['The southern wall is older than the tower.', 'wording'],
      ['The northern wall is younger than the tower.', 'wording'],
    ],
    'something else': [['Enzymes speed up reactions.', 'wording']],
  },
  de: {
    'another number': [
      ['Das Herz hat drei Kammern und schlägt etwa 100.000 Mal am Tag.', 'number'],
      ['Das Schiff trug 25 Millionen Tonnen Kohle.', 'number'],
    ],
    'another date': [['Im Mai 1628 beschrieb William Harvey den Kreislauf.', 'date']],
    'another name': [['Im April 1628 beschrieb William Shakespeare den Kreislauf.', 'name']],
    'a "nicht" more or less': [
      ['Einige Vögel können fliegen.', 'negation'],
      ['Das Schiff trug 2,5 Millionen Tonnen Kohle nicht.', 'negation'],
    ],
    'another quantity or the opposite': [
      ['Alle Vögel können nicht fliegen.', 'wording'],
      ['Der Turm ist größer als die Mauer.', 'wording'],
    ],
  },
  ar: {
    'another number': [
      ['حملت السفينة ٢٥ مليون طن من الفحم.', 'number'],
      ['يضم المتحف خمسة وثلاثين تمثالا.', 'number'],
    ],
    'another date': [['في مايو 1628، وصف ويليام هارفي الدورة الدموية.', 'date']],
    'a negation more or less': [
      ['بعض الطيور تطير.', 'negation'],
      ['لم تحمل السفينة 2.5 مليون طن من الفحم.', 'negation'],
    ],
    'another quantity or the opposite': [
      ['كل الطيور لا تطير.', 'wording'],
      ['البرج أصغر من الجدار.', 'wording'],
    ],
  },
  id: {
    'another number, another negation': [
      ['Kapal itu membawa 25 juta ton batu bara.', 'number'],
      ['Beberapa burung dapat terbang.', 'negation'],
    ],
  },
})

test('a failed check says both sides', () => {
  const { checks } = hold('en', 'The human heart has four chambers and beats about 10 times a day.')
  assert.deepEqual(
    checks.find(({ kind }) => kind === 'number'),
    { kind: 'number', ok: false, said: '10', page: '100,000' },
  )
})

test('checks speak of what claim or page have something of', () => {
  assert.deepEqual(
    hold('en', 'If the water freezes, the pipe bursts.').checks.map(({ kind }) => kind),
    ['quote', 'wording'],
  )
})

test('the spans are the sentences that bear the claim, in its order', () => {
  const pageText = pages.en
  const { spans } = hold('en', 'Some birds cannot fly, and William Harvey described the circulation of the blood.')
  assert.deepEqual(
    spans.map(({ start, end }) => pageText.slice(start, end)),
    ['Some birds cannot fly.', 'In April 1628, William Harvey described the circulation of the blood.'],
  )
})

test('a sentence joined from two sources rests on both', () => {
  const whole = (n: number, pageText: string): { n: number; pageText: string; start: number; end: number } => ({
    n,
    pageText,
    start: 0,
    end: pageText.length,
  })
  const evidence = [whole(1, 'Iron rusts in wet air.'), whole(4, 'Gold keeps its shine for ever.')]
  const found = checkClaim({ sentence: 'Gold keeps its shine for ever, and iron rusts in wet air.', evidence })
  assert.equal(found.verdict, 'supported')
  assert.deepEqual(
    found.spans.map(({ n }) => n),
    [4, 1],
  )
})

test('no evidence, a range off the page and a ghost citation bear nothing', () => {
  const claim = 'The human heart has four chambers.'
  const pageText = 'The court sits in Karlsruhe. Its judges are elected for 12 years.'
  assert.deepEqual(checkClaim({ sentence: claim, evidence: [] }), { verdict: 'unsupported', checks: [], spans: [] })
  for (const [start, end] of [
    [-1, 5],
    [0, 500],
    [9, 9],
    [0.5, 7],
  ] as const) {
    const found = checkClaim({ sentence: claim, evidence: [{ n: 1, pageText, start, end }] })
    assert.equal(found.verdict, 'unsupported')
    assert.deepEqual(found.spans, [])
  }
  assert.equal(
    checkClaim({ sentence: claim, evidence: [{ n: 1, pageText, start: 0, end: 28 }] }).verdict,
    'unsupported',
  )
})

test('a sentence that the evidence cuts is no proof', () => {
  const pageText = pages.en
  const start = pageText.indexOf('the moon')
  const evidence = [{ n: 1, pageText, start, end: start + 'the moon is made of cheese.'.length }]
  assert.equal(checkClaim({ sentence: 'The moon is made of cheese.', evidence }).verdict, 'weak')
})

const mole: Record<Language, string> = {
  en: 'The mole in the harbour of Emden was made of stone in 1847. It is 1 kilometre long.',
  de: 'Die Mole im Hafen von Emden wurde 1847 aus Stein gemacht. Sie ist 1 Kilometer lang.',
  ar: 'رصيف الميناء القديم مصنوع من الحجر منذ عام 1847. طوله 1 كيلومتر.',
  id: 'Dermaga di pelabuhan Emden terbuat dari batu pada tahun 1847. Panjangnya 1 kilometer.',
}
const elsewhere: Record<Language, string> = {
  en: 'The moon is made of cheese.',
  de: 'Der Mond ist aus Käse gemacht.',
  ar: 'القمر مصنوع من الجبن.',
  id: 'Bulan terbuat dari keju.',
}
for (const language of ['en', 'de', 'ar', 'id'] as const) {
  test(`a claim that shares a weak word alone with the page is unsupported: ${elsewhere[language]}`, () => {
    assert.equal(hold(language, elsewhere[language], mole[language]).verdict, 'unsupported')
    assert.equal(hold(language, '(1).', mole[language]).verdict, 'unsupported')
  })
}

test('a short claim that shares a telling word is doubt', () => {
  assert.equal(hold('en', 'The harbour is made of cheese.', mole.en).verdict, 'weak')
  assert.equal(hold('en', '1847.', mole.en).verdict, 'weak')
})

test('a clause is not dropped from under the one that rests on it', () => {
  const page =
    'The team had the safety Kurt Cole, who led it with seven catches, and the guard Josh Norm, who had four catches. Some buyers lamented the small cars, and Nissan, introduced larger cars in May. It gave Denver a 24–10 lead with 3:08 left.'
  for (const claim of [
    'The team had the safety Kurt Cole, who had four catches.',
    'Some buyers lamented the small cars, introduced larger cars in May.',
    'It gave Denver a 24.',
    'It gave Denver a 24–10 lead with 3.',
  ])
    assert.notEqual(hold('en', claim, page).verdict, 'supported', claim)
})

test('a question of the page states nothing', () => {
  assert.equal(hold('en', 'The earth is flat.', 'The earth is flat? Nobody thinks so today.').verdict, 'weak')
})

const sentences = (Object.entries(pages) as [Language, string][]).flatMap(([language, page]) =>
  splitSentences(page, language).map(({ start, end }) => ({ language, page, start, end })),
)
const anySentence = fc.constantFrom(...sentences)

test('any sentence of the evidence, word for word, is supported', () => {
  fc.assert(
    fc.property(anySentence, fc.boolean(), ({ language, page, start, end }, isAlone) => {
      const range = isAlone ? { start, end } : { start: 0, end: page.length }
      const sentence = page.slice(start, end)
      const found = checkClaim({ sentence, language, evidence: [{ n: 7, pageText: page, ...range, language }] })
      assert.equal(found.verdict, 'supported', sentence)
      assert.deepEqual(found.spans, [{ n: 7, start, end }])
    }),
  )
})

test('no sentence with a number that the evidence has not is supported', () => {
  const value = fc.integer({ min: 30, max: 99_999 }).filter((it) => ![70, 340, 1_628].includes(it))
  const written = fc
    .tuple(value, fc.constantFrom(',', '.', '', ' '))
    .map(([it, mark]) => String(it).replace(/\B(?=(?:\d{3})+$)/, mark))
  fc.assert(
    fc.property(anySentence, written, fc.nat(30), ({ language, page, start, end }, number, at) => {
      const words = page.slice(start, end).split(' ')
      const place = at % words.length
      const added = [...words.slice(0, place), number, ...words.slice(place)].join(' ')
      assert.notEqual(hold(language, added, page).verdict, 'supported', added)
      const replaced = words.with(place, number).join(' ')
      assert.notEqual(hold(language, replaced, page).verdict, 'supported', replaced)
    }),
  )
})

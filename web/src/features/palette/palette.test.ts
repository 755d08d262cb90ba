import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { FileText } from 'lucide-react'
import { fold } from '../../lib/fold.ts'
import { type CommandGroup, findCommands } from './commands.ts'
import { scoreOf } from './match.ts'

describe('a name is found', () => {
  const fits: [query: string, text: string][] = [
    ['tides', 'Tides and Harbours'],
    ['harb', 'Tides and Harbours'],
    ['tih', 'Tides and Harbours'],
    ['ubung', 'Übung 3: Größen'],
    ['grossen', 'Übung 3: Größen'],
    ['strasse', 'Straße der Wale'],
    ['المد', 'المدّ والموانئ'],
    ['الموانى', 'المدّ والموانئ'],
    ['احمد', 'أحمد وإبراهيم'],
    ['مدرسه', 'مَدْرَسَة الفنون'],
  ]
  for (const [query, text] of fits) it(`${query} in ${text}`, () => assert.ok(scoreOf(query, text) > 0))

  const misses: [query: string, text: string][] = [
    ['zebra', 'Tides and Harbours'],
    ['tides zebra', 'Tides and Harbours'],
    ['xq', 'A long title in which any letter may come some time, even x and then q far behind'],
    ['sd', 'Tides and Harbours'],
  ]
  for (const [query, text] of misses) it(`and ${query} not in ${text}`, () => assert.equal(scoreOf(query, text), 0))

  it('by its beginning before a part of it before its letters', () => {
    const best = ['Harbours of the North', 'Tides and Harbours', 'Unharboured', 'Hot air over sea']
    const scores = best.map((text) => scoreOf('harb', text))
    assert.deepEqual(
      scores,
      scores.toSorted((a, b) => b - a),
    )
    assert.ok(scores.every((score, at) => at === 0 || score < (scores[at - 1] ?? 0)))
  })

  it('by any word of it, in any case', () => {
    const word = fc.stringMatching(/^[a-zäöüß]{1,8}$/)
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), fc.nat(), (words, at) => {
        const one = words[at % words.length] ?? ''
        return scoreOf(one.toUpperCase(), words.join(' ')) >= 3
      }),
    )
  })
})

describe('folding', () => {
  it('changes nothing the second time', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => fold(fold(text)) === fold(text)))
  })
})

describe('the palette', () => {
  const run = (): void => undefined
  const group = (id: string, labels: string[]): CommandGroup => ({
    id,
    title: id,
    atFirst: 2,
    commands: labels.map((label) => ({ id: label, label, icon: FileText, run })),
  })
  const groups = [group('do', ['Ask', 'Add', 'Sign out']), group('pages', ['Tides', 'Signals', 'Harbours'])]
  const labels = (query: string): string[][] =>
    findCommands(groups, query).map(({ commands }) => commands.map(({ label }) => label))

  it('shows the first of each group while nothing is typed', () =>
    assert.deepEqual(labels(' '), [
      ['Ask', 'Add'],
      ['Tides', 'Signals'],
    ]))
  it('shows what fits, and no group without it', () => assert.deepEqual(labels('tid'), [['Tides']]))
  it('puts the group with the best first', () => assert.deepEqual(labels('harb')[0], ['Harbours']))
  it('finds what is called otherwise', () => {
    const german = { id: 'de', label: 'Sprache: Deutsch', also: 'German', icon: FileText, run }
    const found = findCommands([{ id: 'do', title: '', atFirst: 1, commands: [german] }], 'germ')
    assert.equal(found[0]?.commands[0]?.id, 'de')
  })
})

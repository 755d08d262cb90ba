import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Citation } from '@lyceum/contract/chat'
import fc from 'fast-check'
import { createElement, type ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import Markdown, { type Components } from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { maskAnswer } from './answer-masks.ts'
import { citePieces, gfmOptions, type PieceProperties } from './cite-pieces.ts'
import { citedBlocks } from './cited-blocks.ts'
import { copyOf } from './copy-answer.ts'
import { shorten } from './shorten.ts'
import { splitBlocks } from './split-blocks.ts'

const sources = [1, 2, 3].map((n) => ({
  n,
  documentId: '01a1f8b4-36c7-70b6-9b0c-9b8e5f3e1a7b',
  title: `Book ${n}`,
  version: 1,
  page: n,
  quote: 'A quote.',
  start: 0,
  end: 8,
}))

interface Shown {
  /** What is seen, each sentence as `{number:its words}` and its chips as `<1,2>`. */
  html: string
  /** The words of each sentence, by its place. */
  sentences: Map<number, string>
  chips: string[]
}

/** The answer as the page shows it, without how it looks. */
const show = (text: string, citations: readonly Citation[] = []): Shown => {
  const sentences = new Map<number, string>()
  const chips: string[] = []
  const piece = ({ sentence, cites, tex, children }: PieceProperties & { children?: ReactNode }): ReactNode => {
    const words = tex === undefined ? wordsOf(children) : `$${tex}$`
    if (sentence !== undefined) sentences.set(sentence, (sentences.get(sentence) ?? '') + words)
    if (cites !== undefined) chips.push(`${sentence}<${cites}>`)
    return createElement('q', null, tex === undefined ? children : words, cites && `<${cites}>`)
  }
  const components = { 'lyceum-piece': piece } as object as Components
  const html = citedBlocks({ text, citations, sources }).map((block) =>
    renderToStaticMarkup(
      createElement(
        Markdown,
        { remarkPlugins: [[remarkGfm, gfmOptions], citePieces(block)], components },
        block.masked,
      ),
    ),
  )
  return { html: html.join('\n').replace(/<\/?q>/g, ''), sentences, chips }
}

const wordsOf = (node: ReactNode): string => {
  if (typeof node === 'string') return node
  if (Array.isArray(node)) return node.map(wordsOf).join('')
  if (node && typeof node === 'object' && 'props' in node) {
    const { props } = node as { props: { children?: ReactNode } }
    return wordsOf(props.children)
  }
  return ''
}

/** Sentences joined to an answer, each cited with its place modulo three. */
const answerOf = (sentences: readonly string[], between: readonly string[], numbers = true) => {
  let text = ''
  const citations: Citation[] = []
  for (const [at, sentence] of sentences.entries()) {
    const source = (at % 3) + 1
    citations.push({ sentence: [text.length, text.length + sentence.length], source, verdict: 'supported', checks: [] })
    text += sentence + (numbers ? ` [${source}]` : '') + (between[at] ?? ' ')
  }
  return { text, citations }
}

describe('an answer in Markdown', () => {
  it('keeps numbers out of its text, and chips behind their sentences', () => {
    const { text, citations } = answerOf(['**Spring** tides come.', 'They are *high*.'], [' ', ''])
    const { html, sentences, chips } = show(text, citations)
    assert.deepEqual([...sentences.values()], ['Spring tides come.', 'They are high.'])
    assert.deepEqual(chips, ['0<1>', '1<2>'])
    assert.doesNotMatch(html, /\[\d\]/)
  })

  it('reads formulas in every notation, and money as money', () => {
    const { html } = show('\\(a|b\\) and $x_1$, \\[\ny = *z*\n\\] $$E$$ but $5 to $10 and \\$3, `$code$`.')
    assert.equal(html, '<p>$a|b$ and $x_1$, $y = *z*$ $E$ but $5 to $10 and $3, <code>$code$</code>.</p>')
  })

  it('leaves the numbers in code and formulas alone, and those of no source', () => {
    assert.match(show('`a[1]` and $b[2]$ and [9] and [1, 9].').html, /a\[1\].*b\[2\].*\[9\] and \[1, 9\]\./)
    assert.match(show('```\nx[1] <b> &amp; \\*\n```').html, /x\[1\] &lt;b&gt; &amp;amp; \\\*/)
    assert.doesNotMatch(show('One【1】 two ［2］ three [1, 2].').html, /[[【［]/)
  })

  it('keeps a formula with a bar in its cell', () => {
    assert.match(show('| a | b |\n|---|---|\n| $|x|$ | y \\| z |').html, /<td>\$\|x\|\$<\/td><td>y \| z<\/td>/)
  })

  it('shows markup and addresses as the text that they are', () => {
    const { html } = show(
      '<b onclick=1>x</b> ![i](http://e.org/i) [l](javascript:f) http://e.org www.e.org a@e.org &amp;',
    )
    assert.doesNotMatch(html, /<(?!\/?p>)/)
    for (const part of [
      '&lt;b onclick=1&gt;',
      '![i](http://e.org/i)',
      'l (javascript:f)',
      'www.e.org a@e.org &amp;amp;',
    ])
      assert.ok(html.includes(part), part)
  })

  it('makes no link of a definition, and hides none', () => {
    const { html } = show('See [this][1] and [^2].\n\n[1]: http://e.org/x\n\n[^2]: A note.')
    assert.doesNotMatch(html, /<a|<sup|<section/)
    assert.match(html, /http:\/\/e\.org\/x/)
    assert.match(html, /A note\./)
  })

  it('links to pages of this server alone', () => {
    const links = '[a](/documents) [b](/c/x?source=1) [c](//e.org) [d](/api/v1/x) [e](/sign-in) [f](\\/e.org)'
    assert.deepEqual(show(links).html.match(/href="[^"]*"/g), ['href="/documents"', 'href="/c/x?source=1"'])
  })

  it('waits with the chips until the whole sentence is there', () => {
    const citations: Citation[] = [{ sentence: [0, 18], source: 1, verdict: 'supported', checks: [] }]
    assert.deepEqual(show('Spring tides', citations).chips, [])
    assert.deepEqual(show('Spring tides come.', citations).chips, ['0<1>'])
  })

  it('gives the proof of a sentence that is all code a place of its own', () => {
    const text = '```\nx = 1\n```'
    assert.deepEqual(show(text, [{ sentence: [0, text.length], source: 2, verdict: 'supported', checks: [] }]).chips, [
      '0<2>',
    ])
  })
})

/** Words as they are written, and as they are seen. */
const words: [written: string, seen: string][] = [
  ...[
    'tide',
    'Emden',
    '1847',
    'مدّ',
    'Höhe',
    '🌊',
    'a<b',
    'R&D',
    '5 * 3',
    'x_y_z',
    '"so"',
    '$a_1|b$',
    '&amp;',
    'C:\\dir',
    'from ~5 to ~6',
  ].map((text): [string, string] => [text, text]),
  ['`c[1] * 2`', 'c[1] * 2'],
  ['\\*', '*'],
  ['&lt;b', '<b'],
  ['\\(y*z\\)', '$y*z$'],
]
const styles = ['', '*', '**', '~~']
const styledWord = fc
  .tuple(fc.constantFrom(...words), fc.constantFrom(...styles))
  .map(([[written, seen], style]) => ({ written: style + written + style, seen }))
const sentence = fc
  .array(styledWord, { minLength: 1, maxLength: 6 })
  .map((all) =>
    [all.map(({ written }) => written), all.map(({ seen }) => seen)].map((it) => `The ${it.join(' then ')} ends.`),
  )
  .map(([written = '', seen = '']) => ({ written, seen }))
const between = fc.constantFrom(
  ' ',
  '\n',
  '\n\n',
  '\n\n- ',
  '\n\n> ',
  '\n\n1. ',
  '  \n',
  '\n\n## ',
  '\n\n| a | b |\n|---|---|\n| c | ',
)

describe('every citation', () => {
  it('covers exactly the words that it was given for', () => {
    fc.assert(
      fc.property(
        fc.array(sentence, { minLength: 1, maxLength: 6 }),
        fc.array(between, { maxLength: 6 }),
        fc.boolean(),
        (all, gaps, numbers) => {
          const { text, citations } = answerOf(
            all.map(({ written }) => written),
            gaps,
            numbers,
          )
          const { sentences, chips } = show(text, citations)
          assert.deepEqual(
            [...sentences.values()],
            all.map(({ seen }) => seen),
          )
          assert.deepEqual(
            chips,
            all.map((_, at) => `${at}<${(at % 3) + 1}>`),
          )
        },
      ),
      { numRuns: 300 },
    )
  })

  it('covers them over the ends of lines, in lists and in quotes', () => {
    const gap = fc.constantFrom(' ', '\n', ' \n', '\n ')
    const line = fc.array(fc.tuple(fc.constantFrom(...words), gap), { minLength: 2, maxLength: 6 })
    const frame = fc.constantFrom(['', ''], ['> ', '> '], ['1. ', '   '], ['- ', '  '], ['> - ', '>   '])
    fc.assert(
      fc.property(fc.array(line, { minLength: 2, maxLength: 4 }), frame, (lines, [first = '', rest = '']) => {
        let text = first
        const citations: Citation[] = []
        for (const [at, all] of lines.entries()) {
          const written = `Here ${all.map(([[word], gap]) => word + gap.replace('\n', `\n${rest}`)).join('and ')}it ends.`
          const sentence: [number, number] = [text.length, text.length + written.length]
          citations.push({ sentence, source: (at % 3) + 1, verdict: 'weak', checks: [] })
          text += `${written} [${(at % 3) + 1}]\n${rest}`
        }
        const seen = lines.map((all) => `Here ${all.map(([[, word]]) => word).join(' and ')} it ends.`)
        const shown = [...show(text.trimEnd(), citations).sentences.values()]
        assert.deepEqual(
          shown.map((it) => it.replace(/\s+/g, ' ')),
          seen,
        )
      }),
      { numRuns: 300 },
    )
  })
})

describe('the masks', () => {
  it('change no offset, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'`~\\$[]()<&@:/w.1 \n*|-ab'), maxLength: 60 }), (text) => {
        const { text: masked, masks } = maskAnswer(text, new Set([1]))
        assert.equal(masked.length, text.length)
        for (const [at, { start, end }] of masks.entries()) {
          assert.ok(start < end && end <= text.length)
          assert.ok(start >= (masks[at - 1]?.end ?? 0), 'two masks overlap')
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('the blocks of an answer', () => {
  const parts = [
    'A paragraph.',
    'Two\nlines.',
    '- a\n- b',
    '1. a\n\n2. b',
    '- a\n\n  more',
    '```\na\n\nb\n```',
    '> q',
    '# H',
    '| a |\n|---|\n| b |',
    '~~~\nx',
    '    indented',
    '---',
  ]

  it('are read alone as they are together', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 6 }), (chosen) => {
        const text = chosen.join('\n\n')
        const html = (children: string): string =>
          renderToStaticMarkup(createElement(Markdown, { remarkPlugins: [remarkGfm], children }))
        const together = html(text)
        const alone = splitBlocks(text).map(({ start, end }) => html(text.slice(start, end)))
        assert.equal(alone.join('\n').replace(/\n+/g, '\n'), together.replace(/\n+/g, '\n'))
      }),
      { numRuns: 500 },
    )
  })

  it('stand when more is said', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 5 }),
        fc.constantFrom(...parts),
        (chosen, more) => {
          const text = chosen.join('\n\n')
          const before = splitBlocks(text)
          assert.deepEqual(splitBlocks(`${text}\n\n${more}`).slice(0, before.length - 1), before.slice(0, -1))
        },
      ),
    )
  })
})

describe('what is taken along', () => {
  it('has its numbers behind the sentences, and the list of its sources', () => {
    const { text, citations } = answerOf(['Spring tides come.', 'They are high.'], [' ', ''])
    const copied = copyOf({ text, citations, sources }, (page) => `page ${page}`)
    assert.equal(copied, 'Spring tides come. [1] They are high. [2]\n\n[1] Book 1, page 1\n[2] Book 2, page 2')
  })
  it('is cut at a word, and never within a character', () => {
    assert.equal(shorten('one two three', 9), 'one two…')
    assert.equal(shorten('short  text', 40), 'short text')
    assert.equal(shorten('🌊🌊🌊', 4), '🌊…')
  })

  it('stays the Markdown that it was: numbers stand in the last cell, below a block, and never in code', () => {
    const said = [
      '| Neap tides | a week later [2] |',
      '```js\nconst a = tides[1]\n```',
      '- **Spring tides** come [1] *twice* a month [1].',
    ]
    const text = `## Tides\n\n| Tide | When |\n|---|---|\n${said[0]}\n\n${said[1]}\n\n${said[2]}`
    const citations = said.map((words, at): Citation => {
      const start = text.indexOf(words)
      return { sentence: [start, start + words.length], source: at === 0 ? 2 : 1, verdict: 'supported', checks: [] }
    })
    const [answer] = copyOf({ text, citations, sources }, (page) => `page ${page}`).split('\n\n[1] Book')
    assert.equal(
      answer,
      '## Tides\n\n| Tide | When |\n|---|---|\n| Neap tides | a week later [2] |\n\n```js\nconst a = tides[1]\n```\n[1]\n\n- **Spring tides** come *twice* a month. [1]',
    )
  })
})

/** Answers in Markdown: what becomes of lists, tables, formulas and code, and of what is meant to do harm. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, it } from 'node:test'
import type { Watched } from './browser.ts'
import { askAnew, inConversation, proved, weak } from './conversation-suite.ts'

const spring = 'Spring tides come twice a month, at new moon and at full moon.'
const neap = 'Neap tides come a week later.'

/** Ten sentences a second: several times what a fast model says. */
const paceMs = 100

inConversation('answers in Markdown', (use) => {
  let watched: Watched
  const canary = createServer((_, answer) => answer.end())
  const heard: string[] = []
  const turn = () => watched.page.locator('.turn').last()
  const read = () => turn().locator('.read')

  before(async () => {
    canary.on('request', ({ url }) => heard.push(String(url)))
    await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve))
  })
  after(() => new Promise<void>((resolve) => canary.close(() => resolve())))

  it('sets lists, tables, formulas and code, with the numbers in their places', async () => {
    const { front, open, sources } = use()
    watched = await open()
    const { page } = watched
    front.script('In Markdown', {
      sources: sources(spring, neap),
      beats: [
        { text: '## Two kinds of tide\n\n', after: '' },
        proved('**Spring tides** come *twice* a month, where $F \\propto \\frac{M}{d^3}$.', 1),
        { text: '\n\n$$E = m c^2$$\n\n- a list\n- with ', after: '' },
        proved('an item that is proved.', 2),
        { text: '\n', after: '' },
        weak('- and one that is weak.', 2, 'weak', 'strong'),
        { text: '\n\n| tide | moon |\n|---|---|\n| spring | ', after: '' },
        proved('new and full', 1),
        {
          text: '|\n\n```js\nconst a = source[1] // not a number of a source\n```\n\nIt costs $5 to $10, see [9].',
          after: '',
        },
      ],
    })
    await askAnew(page, 'In Markdown')
    await read().locator('.katex').first().waitFor()
    await read().locator('.hljs-keyword').first().waitFor()
    await turn().locator('.acts').waitFor()
    assert.equal(await read().locator('h3.heading').innerText(), 'Two kinds of tide')
    assert.equal(await read().locator('.katex').count(), 2)
    assert.equal(await read().locator('.katex-display').count(), 1)
    assert.equal(await read().locator('li').count(), 3)
    assert.equal(await read().locator('table td').count(), 2)
    assert.equal(await read().locator('pre').innerText(), 'const a = source[1] // not a number of a source\n')
    assert.match(await read().innerText(), /It costs \$5 to \$10, see \[9\]\./)
    assert.deepEqual(await read().locator('.cite').allInnerTexts(), ['1', '2', '2', '1'])
    assert.equal(await read().locator('li .cite.weak').count(), 1)
    assert.equal(await read().locator('td .cite').count(), 1)
    // The one that is left stands in code.
    assert.deepEqual((await read().innerText()).match(/\[[12]\]/g), ['[1]'])
    await watched.shot('conversation-en-1440-markdown')
  })

  it('keeps it all when it is read again', async () => {
    const { page } = watched
    const before = await read().innerText()
    await page.reload()
    await read().locator('.katex').first().waitFor()
    await read().locator('.hljs-keyword').first().waitFor()
    assert.equal(await read().innerText(), before)
  })

  it('copies code and the answer with its sources', async () => {
    const { page } = watched
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await read().getByRole('button', { name: 'Copy the code' }).click()
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^const a = source\[1\]/)
    await turn().getByRole('button', { name: 'Copy with sources' }).click()
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    assert.match(copied, /an item that is proved\. \[2\]/)
    assert.match(copied, /\n\[1\] Tides and Harbours, .*page 2\n\[2\] Tides and Harbours, .*page 3$/)
  })

  it('runs nothing, loads nothing and links nowhere', async () => {
    const { page } = watched
    const { front, sources } = use()
    const { port } = canary.address() as AddressInfo
    const out = `http://127.0.0.1:${port}/canary`
    const attacks = [
      `<script>fetch('${out}/script')</script>`,
      `<img src="${out}/img" onerror="fetch('${out}/onerror')">`,
      `<iframe src="${out}/iframe"></iframe><iframe srcdoc="<script>parent.hit=1</script>"></iframe>`,
      `<style>@import url(${out}/import); body { background: url(${out}/style) }</style>`,
      `<svg onload="fetch('${out}/svg')"><use href="${out}/use"/></svg>`,
      `<link rel="stylesheet" href="${out}/link"><meta http-equiv="refresh" content="0;url=${out}/meta">`,
      `<form action="${out}/form"><button>Send</button></form>`,
      `![a picture](${out}/markdown-image "title") and ![one more][pic]`,
      `[an inline link](${out}/inline), [reference][ref], <${out}/angle>, ${out}/auto, www.example.org, ada@example.org`,
      `[script](javascript:fetch('${out}/js')) [data](data:text/html,<script>1</script>) [escaped](java&#115;cript:alert(1))`,
      `[1](${out}/number) [^1]`,
      `[pic]: ${out}/reference-image\n[ref]: ${out}/reference\n[1]: ${out}/definition\n[^1]: ${out}/footnote`,
      `$\\href{javascript:alert(1)}{x}$ $\\includegraphics{${out}/tex}$ $\\htmlStyle{background:url(${out}/css)}{x}$`,
      `$$\\def\\a{\\a\\a}\\a$$ $${'{'.repeat(900)}$$`,
      `\`\`\`html\n<script>fetch('${out}/code')</script>\n\`\`\``,
      `[mine](/documents) [not mine](//evil.example/x) [nor this](/api/v1/documents)`,
    ]
    front.script('Be wicked', {
      sources: sources(spring),
      beats: [proved(spring, 1), ...attacks.map((text) => ({ text: `\n\n${text}`, after: '' }))],
    })
    await askAnew(page, 'Be wicked')
    await turn().locator('.acts').waitFor()
    await page.reload()
    await turn().locator('.acts').waitFor()
    await read().getByText('not mine').first().waitFor()
    await page.waitForLoadState('networkidle')
    assert.equal(await read().locator('script, img, iframe, style, link, meta, form, object, embed, base').count(), 0)
    assert.deepEqual(
      await read()
        .locator('a:not(.cite)')
        .evaluateAll((links) => links.map((link) => link.getAttribute('href'))),
      ['/documents'],
    )
    assert.equal(await read().locator('[onerror], [onload], [srcdoc]').count(), 0)
    const text = await read().innerText()
    for (const shown of [
      '<script>fetch(',
      '/inline)',
      '<iframe',
      'javascript:fetch',
      'www.example.org',
      `[ref]: ${out}`,
    ])
      assert.ok(text.includes(shown), `it hides what was written: ${shown}`)
    assert.deepEqual(heard, [])
    assert.deepEqual(watched.faults, [])
    await watched.shot('conversation-en-1440-hostile')
  })

  it('keeps an answer of 2,000 words fluent', async () => {
    const { page } = watched
    const { front, sources } = use()
    const paragraph = (at: number) => [
      ...Array.from({ length: 8 }, (_, n) => [
        proved(`Sentence ${at}.${n} says **something** about the tide and *its* harbour, as every other does.`, 1),
        paceMs,
      ]).flat(),
      { text: at % 3 === 0 ? '\n\n- an item\n- another\n\n' : '\n\n', after: '' },
    ]
    front.script('At length', {
      sources: sources(spring),
      beats: ['hold', ...Array.from({ length: 18 }, (_, at) => paragraph(at)).flat()],
    })
    await askAnew(page, 'At length')
    await page.evaluate(() => {
      const gaps: number[] = []
      let last = performance.now()
      const look = (now: number): void => {
        gaps.push(now - last)
        last = now
        requestAnimationFrame(look)
      }
      requestAnimationFrame(look)
      Object.assign(globalThis, { frameGaps: gaps })
    })
    front.release()
    await turn().locator('.acts').waitFor({ timeout: 60_000 })
    const gaps = await page.evaluate((): number[] => Reflect.get(globalThis, 'frameGaps'))
    const sorted = gaps.toSorted((a, b) => a - b)
    const at = (part: number): string => (sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(1)
    const words = ((await read().innerText()).match(/\S+/g) ?? []).length
    console.log(
      `frames while ${words} words came: ${gaps.length}; gap p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, longest ${at(0.9999)} ms`,
    )
    assert.equal(await read().locator('.cite').count(), 144)
  })

  it('broke no rule of its policy, asked nobody else, and threw nothing', () => assert.deepEqual(watched.faults, []))
})

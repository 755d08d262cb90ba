/** The whole way of a model's answer: a real server, an engine that says what the test says, and the page. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, it } from 'node:test'
import type { BrowserContextOptions, Page } from 'playwright-core'
import {
  type Act,
  begin,
  finish,
  openScriptedModel,
  refusing,
  type ScriptedCall,
  token,
  tokensOf,
} from '../server/src/testing/scripted-model.ts'
import { desktop, openPage, phone, type Watched } from './browser.ts'
import { arabicTides, type TestFile, tides } from './files.ts'
import { admin, ask, inBrowser, type Running, signIn } from './suite.ts'

const engine = await openScriptedModel()
after(() => engine.close())

const spring = 'Spring tides come twice a month, at new moon and at full moon'
const neap = 'Neap tides come a week later'
const harbour = 'The harbour of Emden was built in 1847'
const oak = 'Its first lock was made of oak and held for sixty years'
const arabicSpring = 'يأتي مدّ الاقتران مرتين في الشهر، عند المحاق وعند البدر'
const lie = 'The harbour of Emden was built in 1947'

/** The mark of the source that says this, as the engine was given it. */
type Marks = (words: string) => string

const marksOf =
  ({ body }: ScriptedCall): Marks =>
  (words) => {
    const sources = body.messages.at(-1)?.content.split('<source ') ?? []
    const number = /^n="(\d+)"/.exec(sources.find((source) => flat(source).includes(words)) ?? '')?.[1]
    if (!number) throw new Error(`No source says: ${words}`)
    return `[${number}]`
  }
const flat = (text: string): string => text.replace(/\s+/g, ' ')

type Words = (mark: Marks) => string

/** Says texts token by token; one that is given with something to wait for is said after that. */
const telling =
  (...texts: (Words | [first: Promise<void>, words: Words])[]): Act =>
  async (call) => {
    const mark = marksOf(call)
    begin(call)
    for (const text of texts) {
      const [first, words] = Array.isArray(text) ? text : [null, text]
      await first
      for (const each of tokensOf(words(mark))) call.response.write(token(each))
    }
    call.response.end(finish())
  }

const turn = (page: Page) => page.locator('.turn').last()
const read = (page: Page) => turn(page).locator('.read')
const isDone = (page: Page): Promise<void> => turn(page).locator('.acts').waitFor()

/** Asks, and waits until the question stands on the page. */
const askAnew = async (page: Page, question: string): Promise<void> => {
  const asked = await page.locator('.turn').count()
  await ask(page, question)
  await page.locator('.turn').nth(asked).waitFor()
}

/** The words of a sentence, by its place among those that claim something. */
const wordsOf = async (page: Page, sentence: number): Promise<string> =>
  (await read(page).locator(`[data-sentence="${sentence}"]`).allInnerTexts()).join('')

/** The words of the open page that are marked, without what stands beside them. */
const markedIn = async (page: Page): Promise<string> => {
  const marked = page.locator('.leaf mark.drawn')
  await marked.first().waitFor()
  const texts = await marked.evaluateAll((marks) =>
    marks.map((mark) => {
      const copy = mark.cloneNode(true)
      if (copy instanceof Element) for (const other of copy.querySelectorAll('.sr, .in-margin')) other.remove()
      return copy.textContent ?? ''
    }),
  )
  return flat(texts.join(''))
}

const tideTable = (mark: Marks): [opening: string, rest: string] => [
  `## Two kinds of tide\n\n**Spring tides** come *twice* a month, at new moon and at full moon ${mark(spring)}.\n\n- `,
  `${neap} ${mark(neap)}.
- The range is then clearly smaller ${mark(neap)}.

| Tide | Range |
|---|---|
| Neap tides | The range is then clearly smaller ${mark(neap)} |

$$
F = \\frac{M}{d}
$$

\`\`\`text
Spring tides come twice a month
\`\`\`
`,
]

const openAt = async ({ server, browser }: Running, options: BrowserContextOptions): Promise<Watched> => {
  const opened = await openPage(browser, server.url, options)
  await signIn(opened.page)
  return opened
}

/** Until they can be asked about. */
const give = async (page: Page, ...files: TestFile[]): Promise<void> => {
  await page.locator('input[type=file]').first().setInputFiles(files)
  await page
    .getByRole('link', { name: 'Ask about' })
    .nth(files.length - 1)
    .waitFor()
}

const settings = { ...admin, LLM_BASE_URL: engine.url, LLM_MODEL: 'scripted-1' }

inBrowser('answers of a model', settings, (use) => {
  let watched: Watched
  let proof: string

  it('begin with documents', async () => {
    watched = await openAt(use(), desktop)
    const { page } = watched
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await give(page, tides, arabicTides)
  })

  it('stream as Markdown: what is being done first, then piece by piece', async () => {
    const { page } = watched
    const [begins, goesOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    engine.next(telling([begins.promise, (mark) => tideTable(mark)[0]], [goesOn.promise, (mark) => tideTable(mark)[1]]))
    await ask(page, 'When do spring tides and neap tides come?')
    await turn(page).getByText('Writing the answer.').waitFor()
    begins.resolve()
    await read(page).locator('.cite').waitFor()
    assert.equal(await read(page).locator('li').count(), 0)
    goesOn.resolve()
    await isDone(page)
    await read(page).locator('.katex').waitFor()
    assert.equal(await turn(page).getByText('Writing the answer.').count(), 0)
  })

  it('have headings, lists, tables, formulas and code, each with the numbers in their places', async () => {
    const { page } = watched
    assert.equal(await read(page).locator('h3.heading').innerText(), 'Two kinds of tide')
    assert.deepEqual(await read(page).locator('strong, em').allInnerTexts(), ['Spring tides', 'twice'])
    assert.equal(await read(page).locator('.katex-display').count(), 1)
    assert.equal(await read(page).locator('pre').innerText(), 'Spring tides come twice a month\n')
    assert.equal(await read(page).locator('li .cite').count(), 2)
    assert.equal(await read(page).locator('td:last-child .cite').count(), 1)
    assert.equal(await read(page).locator('.cite').count(), 5)
    assert.doesNotMatch(await read(page).innerText(), /\[\d\]/)
    // What is underlined as a sentence is that sentence, to the letter.
    assert.equal(await wordsOf(page, 0), `${spring}.`)
    assert.equal(await wordsOf(page, 1), `${neap}.`)
    proof = await turn(page).locator('.proof').innerText()
    assert.match(proof, /5 sentences/)
    await watched.shot('model-en-1440-markdown')
  })

  it('open the very words that a sentence rests on', async () => {
    const { page } = watched
    await read(page).locator('.cite').first().click()
    assert.equal(await markedIn(page), `${spring}.`)
    await watched.shot('model-en-1440-leaf')
    await page.keyboard.press('Escape')
  })

  it('are copied as the Markdown that they are, with their sources', async () => {
    const { page } = watched
    await turn(page).locator('.acts .copy').click()
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    assert.match(
      copied,
      /^## Two kinds of tide\n\n\*\*Spring tides\*\* come \*twice\* a month, .* full moon\. \[\d\]\n\n- /,
    )
    assert.match(
      copied,
      /\n- Neap tides come a week later\. \[(\d)\]\n- The range is then clearly smaller\. \[\1\]\n\n\|/,
    )
    assert.match(copied, /\n\| Tide \| Range \|\n\|---\|---\|\n\| Neap tides \| The range .* smaller \[\d\] \|\n\n\$\$/)
    assert.match(copied, /\n```text\nSpring tides come twice a month\n```\n\[\d\]\n\n\[\d\] Tides and Harbours, /)
  })

  it('are the same when they are read again', async () => {
    const { page } = watched
    const before = await read(page).innerText()
    await page.reload()
    await read(page).locator('.katex').waitFor()
    assert.equal(await read(page).innerText(), before)
    assert.equal(await turn(page).locator('.proof').innerText(), proof)
  })

  it('leave out what the pages do not say, and tell that', async () => {
    const { page } = watched
    engine.next(telling((mark) => `${lie} ${mark(harbour)}. ${oak} ${mark(harbour)}.`))
    await askAnew(page, 'When was the harbour of Emden built?')
    await isDone(page)
    assert.equal(await wordsOf(page, 0), `${oak}.`)
    await turn(page).getByText('One sentence was left out: it is not on your pages.').waitFor()
    assert.doesNotMatch(await page.content(), /1947/)
    await watched.shot('model-en-1440-withheld')
  })

  it('are written anew when nothing of them stands, and are a refusal when nothing stands again', async () => {
    const { page } = watched
    const goesOn = Promise.withResolvers<void>()
    engine.next(
      telling((mark) => `${lie} ${mark(harbour)}.`),
      telling([goesOn.promise, (mark) => `${lie} ${mark(harbour)}.`]),
    )
    await askAnew(page, 'In which year was the harbour of Emden built?')
    await turn(page).getByText('Writing the answer anew, closer to your pages.').waitFor()
    goesOn.resolve()
    await turn(page).locator('.refusal').waitFor()
    await turn(page).getByText('Your pages do not say.').waitFor()
    assert.doesNotMatch(await page.content(), /1947/)
  })

  it('come from the pages when the engine is down, and the page says so', async () => {
    const { page } = watched
    engine.next(refusing(401))
    await askAnew(page, 'Since when has the harbour of Emden been built?')
    await turn(page).getByText('The language model did not answer: this is quoted from your pages').waitFor()
    await isDone(page)
    assert.match(await read(page).innerText(), /The harbour of Emden was built in 1847\./)
    await watched.shot('model-en-1440-fallback')
  })

  it('are stopped in mid-stream by Escape; what was said stays', async () => {
    const { page } = watched
    const never = Promise.withResolvers<void>()
    engine.next(telling((mark) => `${harbour} ${mark(harbour)}. Its`, [never.promise, () => ' end']))
    await askAnew(page, 'When was it built, the harbour of Emden?')
    await read(page).locator('.cite').waitFor()
    await page.keyboard.press('Escape')
    await turn(page).getByText('Stopped. What was said stays.').waitFor()
    never.resolve()
    assert.equal(await wordsOf(page, 0), `${harbour}.`)
    await page.reload()
    await turn(page).getByText('Stopped. What was said stays.').waitFor()
    assert.equal(await wordsOf(page, 0), `${harbour}.`)
  })

  it('go on after the page was loaded anew in mid-stream', async () => {
    const { page } = watched
    const goesOn = Promise.withResolvers<void>()
    engine.next(
      telling(
        (mark) => `${harbour} ${mark(harbour)}. Its`,
        [goesOn.promise, (mark) => `${oak.slice(3)} ${mark(harbour)}.`],
      ),
    )
    await askAnew(page, 'Of what was the first lock of the harbour of Emden made?')
    await read(page).locator('.cite').waitFor()
    await page.reload()
    await read(page).locator('.cite').waitFor()
    goesOn.resolve()
    await isDone(page)
    assert.deepEqual([await wordsOf(page, 0), await wordsOf(page, 1)], [`${harbour}.`, `${oak}.`])
    assert.equal(await read(page).locator('.cite').count(), 2)
  })

  it('are said and left out in Arabic as well, on a phone', async () => {
    const inArabic = await openAt(use(), { ...phone, locale: 'ar' })
    const { page } = inArabic
    const begins = Promise.withResolvers<void>()
    engine.next(
      telling([
        begins.promise,
        (mark) =>
          `## المدّ\n\n- يأتي **مدّ الاقتران** مرتين في الشهر، عند المحاق وعند البدر ${mark(arabicSpring)}.\n- بُني ميناء إمدن في عام 1947 ${mark(arabicSpring)}.\n`,
      ]),
    )
    await ask(page, 'متى يأتي مدّ الاقتران؟')
    await turn(page).getByText('يُكتب الجواب.').waitFor()
    begins.resolve()
    await isDone(page)
    assert.equal(await read(page).getAttribute('dir'), 'rtl')
    assert.equal(await wordsOf(page, 0), `${arabicSpring}.`)
    await turn(page).getByText('حُذفت جملة واحدة: ليست في صفحاتك.').waitFor()
    assert.doesNotMatch(await page.content(), /1947/)
    await inArabic.shot('model-ar-390')
    await read(page).locator('.cite').tap()
    assert.equal(await markedIn(page), `${arabicSpring}.`)
    assert.deepEqual(inArabic.faults, [])
  })

  it('broke no rule of its policy, asked nobody else, and threw nothing', () => assert.deepEqual(watched.faults, []))
})

/** Where everything is shown, and only marked when it is not on the pages. */
inBrowser('what a hostile engine writes', { ...settings, UNSUPPORTED_SENTENCES: 'mark' }, (use) => {
  const canary = createServer((_, answer) => answer.end())
  const heard: string[] = []

  before(async () => {
    canary.on('request', ({ url }) => heard.push(String(url)))
    await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve))
  })
  after(() => new Promise<void>((resolve) => canary.close(() => resolve())))

  it('loads nothing, runs nothing and links nowhere', async () => {
    const { page, faults, shot } = await openAt(use(), desktop)
    await give(page, tides)
    const { port } = canary.address() as AddressInfo
    const out = `http://127.0.0.1:${port}`
    engine.next(
      telling((mark) =>
        [
          `[${spring}](${out}/link) ${mark(spring)}.`,
          `![${neap}](${out}/image "title") ${mark(neap)}.`,
          `The range <img src="${out}/html" onerror="fetch('${out}/onerror')"> is then clearly smaller ${mark(neap)}(${out}/number).`,
          `[The range is then clearly smaller](javascript:fetch('${out}/js')) ${mark(neap)}<script>fetch('${out}/script')</script>.`,
          `[The range is then at its largest](data:text/html,<script>fetch('${out}/data')</script>) ${mark(spring)}.`,
          `<iframe srcdoc="<script>fetch('${out}/frame')</script>"></iframe>`,
          `[1]: ${out}/definition`,
          `<style>@import url(${out}/style)</style>`,
          `![reference][pic]\n\n[pic]: ${out}/reference`,
          `$\\href{javascript:alert(1)}{x}$ $\\includegraphics{${out}/tex}$`,
          `\`\`\`html\n${spring}<img src="${out}/code">\n\`\`\``,
        ].join('\n\n'),
      ),
    )
    await ask(page, 'When do neap tides and spring tides come?')
    await isDone(page)
    await page.reload()
    await isDone(page)
    await page.waitForLoadState('networkidle')
    assert.deepEqual(await read(page).locator('.cite').allInnerTexts(), ['2', '1'])
    assert.ok((await read(page).locator('.verdict').count()) > 5, 'nothing of it was shown')
    assert.equal(
      await read(page).locator('script, img, iframe, style, link, meta, object, embed, a:not(.cite)').count(),
      0,
    )
    assert.equal(await read(page).locator('[onerror], [onload], [srcdoc]').count(), 0)
    for (const shown of ['<img src=', '<script>fetch(', '(javascript:fetch(', '(data:text/html'])
      assert.ok((await read(page).innerText()).includes(shown), `it hides what was written: ${shown}`)
    await shot('model-en-1440-hostile')
    assert.deepEqual(heard, [])
    assert.deepEqual(faults, [])
  })
})

/** A conversation whose answers are scripted, over a document that is really read. */
import { after, before, it } from 'node:test'
import type { Source } from '@lyceum/contract/chat'
import type { BrowserContextOptions, Page as BrowserPage } from 'playwright-core'
import { desktop, openPage, type Watched } from './browser.ts'
import { makePdf } from './files.ts'
import type { Said } from './script.ts'
import { type ScriptedServer, startScripted } from './scripted-answers.ts'
import { admin, ask, inBrowser, signIn } from './suite.ts'

const filler = Array.from({ length: 17 }, (_, at) => `Page ${at + 4}\n\nNotes on the weather of day ${at + 1}.`)

/** Asks, and waits until the question stands on the page: the answer before may say the same. */
export const askAnew = async (page: BrowserPage, question: string): Promise<void> => {
  await page.getByRole('button', { name: 'Ask', exact: true }).waitFor()
  await ask(page, question)
  await page.locator('.turn').last().getByRole('heading', { name: question, exact: true }).waitFor()
}

/** The words beside the ticks of the last answer, without the marks that keep directions apart. */
export const proofOf = (page: BrowserPage): Promise<string> =>
  page
    .locator('.turn')
    .last()
    .locator('.proof')
    .innerText()
    .then((text) => text.replace(/[\u2068\u2069]/g, '').trim())

/** Twenty pages; what is asked about stands on the first three. */
export const book = makePdf('Tides and Harbours.pdf', [
  'Chapter 1\n\nThe harbour of Emden was built in 1847. Its first lock was made of oak and held for sixty years.',
  'Chapter 2\n\nSpring tides come twice a month, at new moon and at full moon. The range is then at its largest.',
  'Chapter 3\n\nNeap tides come a week later. The range is then clearly smaller.',
  ...filler,
])

export interface Talking {
  front: ScriptedServer
  /** A page that is signed in, at home. */
  open: (options?: BrowserContextOptions) => Promise<Watched>
  /** Sources of the book by their words, in order: the first is number 1. */
  sources: (...quotes: string[]) => Source[]
}

interface Page {
  number: number
  text: string
}

export const inConversation = (name: string, tests: (use: () => Talking) => void): void => {
  inBrowser(name, admin, (use) => {
    let talking: Talking | undefined
    let stop: (() => Promise<void>) | undefined
    before(async () => {
      const { server, browser } = use()
      const front = await startScripted(server.url)
      stop = front.stop
      const open = async (options: BrowserContextOptions = desktop): Promise<Watched> => {
        const watched = await openPage(browser, front.url, options)
        await signIn(watched.page)
        return watched
      }
      const { page } = await open()
      await page.locator('input[type=file]').first().setInputFiles([book])
      await page.getByText('20 pages read').waitFor({ timeout: 60_000 })
      const { documentId, version, pages } = await page.evaluate(async () => {
        const read = async (path: string) => (await fetch(`/api/v1/documents${path}`)).json()
        const [{ id, version }] = (await read('')).items
        const pages = await Promise.all([1, 2, 3].map((n) => read(`/${id}/pages/${n}`)))
        return { documentId: String(id), version: Number(version), pages }
      })
      await page.context().close()
      const sources = (...quotes: string[]): Source[] =>
        quotes.map((quote, at) => ({
          n: at + 1,
          documentId,
          version,
          title: 'Tides and Harbours',
          ...find(pages, quote),
        }))
      talking = { front, open, sources }
    })
    after(() => stop?.())
    it('has a document to answer from', () => void use())
    tests(() => {
      if (!talking) throw new Error('The suite has not started')
      return talking
    })
  })
}

const find = (pages: readonly Page[], quote: string) => {
  const page = pages.find(({ text }) => text.includes(quote))
  if (!page) throw new Error(`No page says: ${quote}`)
  const start = page.text.indexOf(quote)
  return { page: page.number, quote, start, end: start + quote.length }
}

const good = (['quote', 'number', 'name', 'date', 'wording'] as const).map((kind) => ({ kind, ok: true }))

export const proved = (text: string, source: number, after = ` [${source}] `): Said => ({
  text,
  after,
  cite: { source, verdict: 'supported', checks: good },
})
export const weak = (text: string, source: number, said: string, page: string): Said => ({
  text,
  after: ` [${source}] `,
  cite: {
    source,
    verdict: 'weak',
    checks: [
      { kind: 'quote', ok: true },
      { kind: 'wording', ok: false, said, page },
    ],
  },
})
export const unproved = (text: string, source: number): Said => ({
  text,
  after: ' ',
  cite: { source, verdict: 'unsupported', checks: [{ kind: 'wording', ok: false }] },
})

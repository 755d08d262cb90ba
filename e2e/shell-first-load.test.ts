/** What the first load of a page takes, and that nothing moves while its fonts arrive. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Page } from 'playwright-core'
import { desktop, openPage } from './browser.ts'
import { tides } from './files.ts'
import { admin, ask, inBrowser, signIn } from './suite.ts'

/** Compressed script of the first load of a page, in bytes. */
const scriptAtMost = 200_000
/** Cumulative layout shift from the first paint to the last; half of what https://web.dev/articles/cls calls good. */
const shiftAtMost = 0.05

interface Loaded {
  scripts: number
  fonts: string[]
}

/** Bytes of script as they came over the wire, and the fonts, from an empty cache until nothing more is loaded. */
const loadOf = (page: Page): Promise<Loaded> =>
  page.evaluate(() => {
    const all = performance.getEntriesByType('resource').filter((entry) => entry instanceof PerformanceResourceTiming)
    const isScript = ({ name }: PerformanceEntry): boolean => new URL(name).pathname.endsWith('.js')
    const scripts = all.filter(isScript).reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)
    const fonts = all.flatMap(({ name }) => /\/([\w-]+)-wght-normal/.exec(name)?.[1] ?? [])
    return { scripts, fonts }
  })

/** The layout shifts so far, once those of the last frame are reported. */
const shiftOf = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
    const shifts: unknown = Reflect.get(globalThis, 'shifts')
    return Array.isArray(shifts) ? shifts.reduce((sum: number, value: number) => sum + value, 0) : Number.NaN
  })

inBrowser('the first load', admin, (use) => {
  let conversation = ''
  let cookies: Awaited<ReturnType<ReturnType<Page['context']>['cookies']>> = []

  it('begins with a conversation', async () => {
    const { server, browser } = use()
    const { page } = await openPage(browser, server.url, desktop)
    await signIn(page)
    await page.locator('input[type=file]').first().setInputFiles([tides])
    await page.getByText('3 pages read').waitFor({ timeout: 30_000 })
    await ask(page, 'When do spring tides come?')
    await page.waitForURL('**/c/*')
    await page.locator('.cite').first().waitFor()
    conversation = new URL(page.url()).pathname
    cookies = await page.context().cookies()
    await page.context().close()
  })

  /** A browser that has never been here, but is signed in. */
  const openFresh = async (path: string, ready: string, locale = 'en-GB'): Promise<Page> => {
    const { server, browser } = use()
    const { page } = await openPage(browser, 'about:blank', { ...desktop, locale })
    if (path !== '/sign-in') await page.context().addCookies(cookies)
    await page.goto(server.url + path, { waitUntil: 'networkidle' })
    await page.waitForSelector(ready)
    return page
  }

  const pages: [name: string, path: () => string, ready: string][] = [
    ['sign-in', () => '/sign-in', 'form'],
    ['home', () => '/', '#ask'],
    ['tutor', () => conversation, '.cite'],
    ['tutor with a source', () => `${conversation}?source=1`, 'mark.drawn'],
    ['documents', () => '/documents', '.doc'],
  ]
  for (const [name, path, ready] of pages) {
    it(`takes little script on ${name}`, async () => {
      const page = await openFresh(path(), ready)
      const { scripts } = await loadOf(page)
      process.stdout.write(`${name}: ${(scripts / 1000).toFixed(1)} kB of compressed script\n`)
      assert.ok(scripts > 10_000, 'nothing was counted')
      assert.ok(scripts <= scriptAtMost, `${scripts} bytes`)
      await page.context().close()
    })
  }

  const languages = {
    en: ['atkinson-hyperlegible-next-latin', 'literata-latin'],
    de: ['atkinson-hyperlegible-next-latin', 'literata-latin'],
    ar: ['vazirmatn-arabic', 'noto-naskh-arabic-arabic'],
  }
  for (const [locale, faces] of Object.entries(languages)) {
    it(`asks for the two faces of ${locale} before anything is drawn, and uses both`, async () => {
      const page = await openFresh('/', '#ask', locale)
      const preloaded = await page.evaluate(() =>
        [...document.querySelectorAll('link[rel=preload][as=font]')].flatMap(
          (link) => /\/([\w-]+)-wght-normal/.exec(link.getAttribute('href') ?? '')?.[1] ?? [],
        ),
      )
      assert.deepEqual(preloaded, faces)
      const { fonts } = await loadOf(page)
      for (const face of faces) assert.equal(fonts.filter((font) => font === face).length, 1, face)
      // Before the texts are asked for, without which nothing can be drawn.
      const order = await page.evaluate(() => {
        const all = performance.getEntriesByType('resource').toSorted((a, b) => a.startTime - b.startTime)
        return all.flatMap(({ name }) => /\/(en|de|ar)-[\w-]+\.js$/.exec(name)?.[1] ?? /\.woff2$/.exec(name)?.[0] ?? [])
      })
      assert.deepEqual(order.slice(0, 3), ['.woff2', '.woff2', locale])
      await page.context().close()
    })
  }

  for (const [name, path, ready] of pages) {
    for (const locale of ['en-GB', 'ar']) {
      it(`does not move when the fonts come late: ${name} in ${locale}`, async () => {
        const { server, browser } = use()
        const { page } = await openPage(browser, 'about:blank', { ...desktop, locale })
        if (path() !== '/sign-in') await page.context().addCookies(cookies)
        let release = (): void => undefined
        const drawn = new Promise<void>((resolve) => {
          release = resolve
        })
        await page.route('**/*.woff2', async (route) => {
          await drawn
          await route.continue()
        })
        await page.addInitScript(() => {
          const shifts: number[] = []
          Reflect.set(globalThis, 'shifts', shifts)
          new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) shifts.push(Number(Reflect.get(entry, 'value')))
          }).observe({ type: 'layout-shift', buffered: true })
        })
        await page.goto(server.url + path(), { waitUntil: 'commit' })
        await page.waitForSelector(ready)
        await page.waitForFunction(() => document.querySelector('.skeleton') === null)
        const arrived = page.waitForResponse('**/*.woff2')
        release()
        await arrived
        await page.waitForLoadState('networkidle')
        await page.evaluate(() => document.fonts.ready)
        const all = await shiftOf(page)
        process.stdout.write(`${name} in ${locale}: layout shift ${all.toFixed(4)}\n`)
        assert.ok(all <= shiftAtMost, `${all}`)
        await page.context().close()
      })
    }
  }
})

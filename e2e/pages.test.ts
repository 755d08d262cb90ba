/** Every page, in each look: no axe violation, nothing that runs out of the window. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { desktop, openPage, phone } from './browser.ts'
import { brokenPdf, tides } from './files.ts'
import { admin, ask, inBrowser, signIn } from './suite.ts'

const narrow = { ...phone, viewport: { width: 320, height: 640 } }
/** What a window of 1440 by 1000 shows at 200%. */
const zoomed = { viewport: { width: 720, height: 500 }, deviceScaleFactor: 2 }

const themes = ['light', 'dark', 'contrast', 'contrast-dark'] as const
type Theme = (typeof themes)[number]
type Look = [name: string, options: BrowserContextOptions, themes: readonly Theme[]]

const looks: Look[] = [
  ...['en', 'ar'].flatMap((locale): Look[] => [
    [`${locale}-1440`, { ...desktop, locale }, themes],
    [`${locale}-390`, { ...phone, locale }, themes],
    [`${locale}-320`, { ...narrow, locale }, themes],
    [`${locale}-1440-at-200`, { ...zoomed, locale }, themes],
  ]),
  // The longest words and the fourth language: what differs is how wide they are.
  ['de-1024', { viewport: { width: 1024, height: 768 }, locale: 'de' }, ['light']],
  ['de-320', { ...narrow, locale: 'de' }, ['light']],
  ['id-320', { ...narrow, locale: 'id' }, ['light']],
]
const pagesEach = 12
const colourRules = ['color-contrast', 'link-in-text-block']

inBrowser('every page', admin, (use) => {
  let conversation = ''
  let document = ''
  let examined = 0

  it('has something to show', async () => {
    const { server, browser } = use()
    const { page } = await openPage(browser, server.url, desktop)
    await signIn(page)
    await page.locator('input[type=file]').first().setInputFiles([tides, brokenPdf])
    await page.getByText('3 pages read').waitFor({ timeout: 30_000 })
    await page.getByText('damaged').waitFor({ timeout: 30_000 })
    document = (await page.locator('.doc-name a').first().getAttribute('href')) ?? ''
    await ask(page, 'When do spring tides come?')
    await page.waitForURL('**/c/*')
    await page.locator('.cite').first().waitFor()
    // While an answer is being made the box takes no other question.
    await page.getByRole('button', { name: 'Ask', exact: true }).waitFor()
    await ask(page, 'Who painted the Mona Lisa?')
    await page.locator('.refusal').waitFor()
    conversation = new URL(page.url()).pathname
    await page.context().close()
  })

  /** What axe finds, and how far the page runs out of the window. Themes change colours alone: after the first, those are asked. */
  const examine = async (page: Page, isFirst: boolean): Promise<{ violations: string[]; overflow: number }> => {
    examined += 1
    const axe = new AxeBuilder({ page }).setLegacyMode()
    const { violations } = await (isFirst ? axe : axe.withRules(colourRules)).analyze()
    return {
      violations: violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
      overflow: await page.evaluate(() => globalThis.document.documentElement.scrollWidth - innerWidth),
    }
  }
  const clean = { violations: [], overflow: 0 }

  for (const [look, options, themes] of looks) {
    it(`is clean in ${look}, ${themes.join(', ')}`, async () => {
      const { server, browser } = use()
      // axe is put into the page as text, which the policy forbids; nothing else is measured here.
      const { page, shot } = await openPage(browser, server.url, { ...options, bypassCSP: true })
      /** All themes of the page as it stands. */
      const check = async (name: string): Promise<void> => {
        await page.evaluate(() => globalThis.document.fonts.ready)
        for (const theme of themes) {
          await show(page, theme)
          await shot(`page-${look}-${theme}-${name}`)
          assert.deepEqual(await examine(page, theme === themes[0]), clean, `${name} in ${look}, ${theme}`)
        }
      }
      const visit = async (name: string, path: string, ready: string): Promise<void> => {
        if (path !== '') await page.goto(server.url + path)
        await page.waitForSelector(ready)
        await check(name)
      }
      const over = async (name: string, keys: string, selector: string): Promise<void> => {
        await page.locator('#main').focus()
        await page.keyboard.press(keys)
        await page.waitForSelector(selector)
        await check(name)
        await page.keyboard.press('Escape')
      }
      await visit('sign-in', '/sign-in', 'form')
      await visit('register', '/register', 'form')
      await page.goto(server.url)
      await signIn(page)
      await visit('home', '', '.doc')
      await visit('documents', '/documents', '.doc')
      await over('palette', 'Control+k', '.palette-option')
      await over('shortcuts', '?', '.shortcuts')
      await visit('document', document, '.page')
      await visit('conversations', '/conversations', '.talks li')
      await visit('conversation', conversation, '.cite')
      await visit('leaf', `${conversation}?source=1`, 'mark.drawn')
      await visit('account', '/account', '.facts')
      await visit('not-found', '/nowhere', 'h1')
      await page.context().close()
    })
  }

  it('was examined', () => {
    process.stdout.write(`axe: ${examined} times, 0 violations\n`)
    assert.equal(examined, pagesEach * looks.reduce((sum, [, , themes]) => sum + themes.length, 0))
  })

  it('follows what the system asks for, while nothing is chosen', async () => {
    const { server, browser } = use()
    const { page } = await openPage(browser, server.url, { ...desktop, colorScheme: 'dark', contrast: 'more' })
    await page.waitForSelector('form')
    /** The page hears of a change in the frame after it. */
    const isOn = (paper: string) =>
      page.waitForFunction(
        (paper) => getComputedStyle(globalThis.document.documentElement).backgroundColor === paper,
        paper,
      )
    await isOn('rgb(0, 0, 0)')
    await page.emulateMedia({ colorScheme: 'light', contrast: 'more' })
    await isOn('rgb(255, 255, 255)')
    await page.emulateMedia({ colorScheme: 'light', contrast: 'no-preference' })
    await isOn('rgb(243, 245, 243)')
    await page.context().close()
  })

  it('keeps its edges and its current places where colours are forced', async () => {
    const { server, browser } = use()
    const { page, shot } = await openPage(browser, server.url, { ...desktop, forcedColors: 'active' })
    await signIn(page)
    await page.goto(`${server.url}/documents`)
    await page.waitForSelector('.doc')
    const edgeOf = (selector: string): Promise<string> =>
      page
        .locator(selector)
        .first()
        .evaluate((element) => getComputedStyle(element).borderTopStyle)
    for (const selector of ['.btn', '.input', '.jump']) assert.equal(await edgeOf(selector), 'solid', selector)
    await page.keyboard.press('Control+k')
    const current = page.locator('.palette-option[aria-selected=true]')
    await current.waitFor()
    assert.equal(await current.evaluate((element) => getComputedStyle(element).outlineStyle), 'solid')
    await shot('page-forced-colours')
    await page.context().close()
  })
})

/** As the setting does, without loading the page anew. */
const show = (page: Page, theme: Theme): Promise<void> =>
  page.evaluate((theme) => {
    const { dataset } = globalThis.document.documentElement
    dataset.theme = theme.endsWith('dark') ? 'dark' : 'light'
    dataset.contrast = theme.startsWith('contrast') ? 'more' : 'less'
  }, theme)

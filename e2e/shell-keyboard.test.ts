/** The whole first minute without a pointer: Tab, Enter, Escape and typing. The path is printed. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Page } from 'playwright-core'
import { desktop, openPage, type Watched } from './browser.ts'
import { tides } from './files.ts'
import { admin, inBrowser } from './suite.ts'

/** More presses than this for one step are no way that anybody goes. */
const pressesAtMost = 25

/** What has the focus, as it is called, and whether a ring shows it. */
const focused = (page: Page): Promise<{ name: string; hasRing: boolean }> =>
  page.evaluate(() => {
    const element = document.activeElement
    if (!(element instanceof HTMLElement)) return { name: '', hasRing: false }
    const labels = 'labels' in element && element.labels instanceof NodeList ? element.labels[0]?.textContent : ''
    const name = element.getAttribute('aria-label') || labels || element.textContent || element.tagName
    const { outlineStyle, outlineWidth } = getComputedStyle(element)
    const isRinged = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1
    // The slip shows the focus of its box around itself.
    return { name: name.replace(/[\u2068\u2069]/g, '').trim(), hasRing: isRinged || element.closest('.slip') !== null }
  })

inBrowser('the first minute by keyboard', {}, (use) => {
  let watched: Watched
  const path: string[] = []

  const press = async (key: string, what = ''): Promise<void> => {
    await watched.page.keyboard.press(key)
    path.push(what ? `${key} (${what})` : key)
  }
  const type = async (text: string): Promise<void> => {
    await watched.page.keyboard.type(text)
    path.push(`"${text}"`)
  }
  /** Presses Tab until what has the focus is called so, and each stop on the way is seen. */
  const tabTo = async (wanted: RegExp): Promise<void> => {
    const seen: string[] = []
    for (let presses = 1; presses <= pressesAtMost; presses += 1) {
      await watched.page.keyboard.press('Tab')
      const { name, hasRing } = await focused(watched.page)
      assert.ok(hasRing, `no ring on ${name}`)
      seen.push(name)
      if (!wanted.test(name)) continue
      path.push(`Tab x${presses} -> ${name}`)
      return
    }
    assert.fail(`Tab does not come to ${wanted}: ${seen.join(' | ')}`)
  }

  it('makes the first account', async () => {
    const { server, browser } = use()
    watched = await openPage(browser, server.setupUrl ?? '', desktop)
    const { page } = watched
    await page.getByRole('heading', { name: 'Make the first account' }).waitFor()
    await tabTo(/^Name$/)
    await type('Ada')
    await tabTo(/^E-mail address$/)
    await type(admin.ADMIN_EMAIL)
    await tabTo(/^Password$/)
    await type(admin.ADMIN_PASSWORD)
    await press('Enter')
    await page.getByRole('heading', { name: 'Start with your own pages.' }).waitFor()
  })

  it('adds a document through the button', async () => {
    const { page } = watched
    await tabTo(/^Choose a file$/)
    const chooser = page.waitForEvent('filechooser')
    // Listening begins with a message to the browser, which this one follows.
    await page.evaluate(() => undefined)
    await press('Enter')
    await (await chooser).setFiles([tides])
    path.push('(file chosen in the system’s dialog)')
    await page.getByText('3 pages read').waitFor({ timeout: 30_000 })
  })

  it('asks', async () => {
    const { page } = watched
    await press('n', 'to the box')
    assert.match((await focused(page)).name, /^Ask about Tides and Harbours$/)
    await type('When do spring tides come?')
    await press('Enter')
    await page.waitForURL('**/c/*')
    await page.locator('.cite').first().waitFor()
  })

  it('opens source 1, turns a page, and closes it', async () => {
    const { page } = watched
    // From the box on; the order goes around the window.
    await page.locator('#main').focus()
    await tabTo(/^Source 1, /)
    await press('Enter')
    await page.getByRole('heading', { name: 'Page 2 of 3' }).waitFor()
    await page.locator('mark.drawn').waitFor()
    await tabTo(/^Next page$/)
    await press('Enter')
    await page.getByRole('heading', { name: 'Page 3 of 3' }).waitFor()
    await press('Escape')
    await page.locator('.leaf').waitFor({ state: 'detached' })
    await page.waitForFunction(() => document.activeElement?.classList.contains('cite'))
  })

  it('goes on by keys', async () => {
    const { page } = watched
    await press('g')
    await press('l', 'documents')
    await page.waitForURL('**/documents')
    await page.locator('.doc').first().waitFor()
    await press('j', 'first row')
    await page.waitForFunction(() => document.activeElement?.classList.contains('doc'))
    await press('e', 'open')
    await page.getByRole('heading', { name: 'Page 1 of 3' }).waitFor()
    process.stdout.write(`the path: ${path.join(', ')}\n`)
  })

  it('broke no rule of its policy, asked nobody else, and threw nothing', () => assert.deepEqual(watched.faults, []))
})

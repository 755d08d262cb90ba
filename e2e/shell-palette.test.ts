/** The palette and the keys: what they find and do, in both directions, and how letters are switched off. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { desktop, openPage, type Watched } from './browser.ts'
import { arabicTides, tides } from './files.ts'
import { admin, inBrowser, signIn } from './suite.ts'

inBrowser('palette and keys', admin, (use) => {
  let watched: Watched
  const palette = () => watched.page.getByRole('dialog', { name: 'Search, jump or do' })
  const current = () => palette().locator('[role=option][aria-selected=true]')
  const open = async (): Promise<void> => {
    await watched.page.keyboard.press('Control+k')
    await palette().getByRole('combobox').waitFor()
  }

  it('begins with two documents', async () => {
    const { server, browser } = use()
    watched = await openPage(browser, server.url, desktop)
    const { page } = watched
    await signIn(page)
    await page.locator('input[type=file]').first().setInputFiles([tides, arabicTides])
    await page.getByText('3 pages read').waitFor({ timeout: 30_000 })
    await page.getByText('1 page read').waitFor({ timeout: 30_000 })
  })

  it('is not loaded before it is asked for', async () => {
    const { page } = watched
    const loaded = () =>
      page.evaluate(() => performance.getEntriesByType('resource').some(({ name }) => name.includes('app-palette')))
    assert.equal(await loaded(), false)
    await open()
    assert.equal(await loaded(), true)
  })

  it('keeps the focus in its field, points with the arrows, and says how much it found', async () => {
    const { page } = watched
    const field = palette().getByRole('combobox')
    await page.keyboard.type('tid')
    assert.equal(await current().textContent(), 'Tides and Harbours')
    assert.equal(await field.getAttribute('aria-activedescendant'), await current().getAttribute('id'))
    await palette().getByRole('status').getByText('1 result', { exact: true }).waitFor({ state: 'attached' })
    await page.keyboard.press('Control+a')
    await page.keyboard.type('look')
    const first = await current().textContent()
    await page.keyboard.press('ArrowDown')
    assert.notEqual(await current().textContent(), first)
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowUp')
    assert.equal(await current().textContent(), await palette().getByRole('option').last().textContent())
    assert.equal(await field.evaluate((element) => element === document.activeElement), true)
    await page.keyboard.press('Control+a')
    await page.keyboard.type('zebra')
    await palette().getByText('Nothing has this name.').waitFor()
  })

  it('gives the focus back', async () => {
    const { page } = watched
    await page.keyboard.press('Escape')
    await palette().waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Account' }).first().focus()
    await open()
    for (const _ of [1, 2, 3, 4]) {
      await page.keyboard.press('Tab')
      // A browser's own bar may take its turn; nothing behind the dialog may.
      const isBehind = await page.evaluate(
        () => document.activeElement !== document.body && !document.activeElement?.closest('dialog'),
      )
      assert.equal(isBehind, false)
    }
    await page.keyboard.press('Escape')
    await page.waitForFunction(() => document.activeElement?.textContent === 'Account')
  })

  it('finds a document without the marks of its Arabic letters, and opens it', async () => {
    const { page } = watched
    await open()
    await page.keyboard.type('المد والموانى')
    assert.equal(await current().textContent(), 'المدّ والموانئ')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/documents/*')
    await page.getByRole('heading', { name: 'Page 1 of 1' }).waitFor()
  })

  it('changes look and language', async () => {
    const { page, shot } = watched
    const looks = () => page.evaluate(() => ({ ...document.documentElement.dataset }))
    await open()
    await page.keyboard.type('contrast dark')
    await page.keyboard.press('Enter')
    assert.deepEqual(await looks(), { theme: 'dark', contrast: 'more' })
    await page.reload()
    assert.deepEqual(await looks(), { theme: 'dark', contrast: 'more' })
    await page.getByRole('heading', { name: 'Page 1 of 1' }).waitFor()
    await open()
    await page.keyboard.type('as the system')
    await page.keyboard.press('Enter')
    assert.deepEqual(await looks(), {})
    await open()
    await page.keyboard.type('العربية')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.documentElement.dir === 'rtl')
    await page.keyboard.press('Control+k')
    const arabic = page.getByRole('dialog', { name: 'ابحث أو انتقل أو نفّذ' })
    await arabic.getByRole('option', { name: 'المستندات' }).waitFor()
    await shot('ar-1440-palette')
    // The mark of the current one stands where reading begins.
    const sides = await arabic.locator('[aria-selected=true]').evaluate((element) => {
      const { right } = element.getBoundingClientRect()
      const icon = element.querySelector('svg')?.getBoundingClientRect()
      return { right, icon: icon?.right ?? 0 }
    })
    assert.ok(sides.right - sides.icon < 40)
    await page.keyboard.type('english')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.documentElement.dir === 'ltr')
  })

  it('lists the keys that there are, and no others', async () => {
    const { page } = watched
    const list = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    const keys = async (): Promise<string[]> => {
      await page.keyboard.press('?')
      await list.waitFor()
      const found = await list.locator('dt').allTextContents()
      await page.keyboard.press('Escape')
      await list.waitFor({ state: 'detached' })
      return found
    }
    await page.goto(`${use().server.url}/account`)
    await page.waitForSelector('.facts')
    const account = await keys()
    for (const key of ['Ctrl K', '/', 'N', 'U', 'GthenH', 'GthenL', '?']) {
      assert.ok(
        account.some((text) => text.replaceAll(' ', '') === key.replaceAll(' ', '')),
        key,
      )
    }
    assert.ok(!account.includes('J'))
    await page.goto(`${use().server.url}/documents`)
    await page.locator('.doc').first().waitFor()
    assert.ok((await keys()).includes('J'))
  })

  it('does not take letters from fields, and none at all when they are switched off', async () => {
    const { page } = watched
    await page.keyboard.press('/')
    await page.waitForFunction(() => document.activeElement?.id === 'find')
    await page.keyboard.type('gh')
    assert.equal(await page.inputValue('#find'), 'gh')
    assert.match(page.url(), /\/documents/)
    await page.goto(`${use().server.url}/account`)
    await page.getByLabel('Single letters work as shortcuts outside fields').uncheck()
    await page.reload()
    await page.waitForSelector('.facts')
    await page.keyboard.press('g')
    await page.keyboard.press('h')
    await page.keyboard.press('?')
    await open()
    assert.equal(await palette().locator('.palette-option kbd').count(), 0)
    await page.keyboard.press('Escape')
    assert.match(page.url(), /\/account$/)
    await page.getByLabel('Single letters work as shortcuts outside fields').check()
    await page.locator('#main').focus()
    await page.keyboard.press('g')
    await page.keyboard.press('h')
    await page.waitForSelector('.first')
  })

  it('adds a document by its key', async () => {
    const { page } = watched
    await page.locator('#main').focus()
    const chooser = page.waitForEvent('filechooser')
    // Listening begins with a message to the browser, which this one follows.
    await page.evaluate(() => undefined)
    await page.keyboard.press('u')
    assert.equal((await chooser).isMultiple(), true)
  })

  it('signs out', async () => {
    const { page } = watched
    await open()
    await page.keyboard.type('sign out')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/sign-in')
  })

  it('broke no rule of its policy, asked nobody else, and threw nothing', () => assert.deepEqual(watched.faults, []))
})

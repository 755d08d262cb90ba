/** The first minute of somebody who has just started the server: from the printed link to a proved answer. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { desktop, openPage, type Watched } from './browser.ts'
import { brokenPdf, tides } from './files.ts'
import { admin, ask, inBrowser, signIn } from './suite.ts'

inBrowser('the first minute', {}, (use) => {
  let watched: Watched
  let conversation = ''

  it('says where the set-up link is to who comes without it', async () => {
    const { server, browser } = use()
    watched = await openPage(browser, server.url, desktop)
    const { page } = watched
    await page.waitForURL('**/setup')
    await page.getByText('Open the link that the server printed').waitFor()
    await watched.shot('en-1440-setup-without-link')
  })

  it('makes the first account with the printed link', async () => {
    const { page, shot } = watched
    await page.goto(use().server.setupUrl ?? '')
    await page.fill('input[name=email]', admin.ADMIN_EMAIL)
    await page.fill('input[name=password]', 'short')
    await page.click('button[type=submit]')
    await page.getByText('does not fit the rule above').waitFor()
    await shot('en-1440-setup')
    await page.fill('input[name=password]', admin.ADMIN_PASSWORD)
    await page.click('button[type=submit]')
    await page.getByRole('heading', { name: 'Start with your own pages.' }).waitFor()
    await shot('en-1440-first-minute')
  })

  it('keeps the session out of reach of scripts', async () => {
    const { page } = watched
    const seen = await page.evaluate(() => document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage }))
    assert.doesNotMatch(seen, /lyceum_access|lyceum_refresh|eyJ/)
    const cookies = await page.context().cookies()
    assert.ok(cookies.length >= 2 && cookies.every(({ httpOnly }) => httpOnly))
  })

  it('reads what is dropped anywhere on the page', async () => {
    const { page, shot } = watched
    const files = [tides, brokenPdf].map(({ name, mimeType, buffer }) => ({
      name,
      mimeType,
      base64: buffer.toString('base64'),
    }))
    await page.evaluate((files) => {
      const transfer = new DataTransfer()
      for (const { name, mimeType, base64 } of files) {
        const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
        transfer.items.add(new File([bytes], name, { type: mimeType }))
      }
      for (const type of ['dragover', 'drop']) {
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }))
      }
    }, files)
    await page.getByRole('progressbar', { name: 'Tides and Harbours' }).waitFor()
    await shot('en-1440-reading')
    await page.getByText('3 pages read').waitFor({ timeout: 30_000 })
  })

  it('says why a file was not read, and what to do', async () => {
    const row = watched.page.getByRole('listitem').filter({ hasText: 'Field trip' })
    await row.getByText('The file is damaged or incomplete.').waitFor({ timeout: 30_000 })
    await row.getByText('Save it again in its own program').waitFor()
    await watched.shot('en-1440-read')
  })

  it('answers with numbered sentences', async () => {
    const { page, shot } = watched
    await ask(page, 'When do spring tides come?')
    await page.waitForURL('**/c/*')
    await page
      .locator('.sentence')
      .getByText('Spring tides come twice a month, at new moon and at full moon.')
      .waitFor()
    await page.getByRole('link', { name: /^Source 1, .*Tides and Harbours.*, page 2, .*proved/ }).waitFor()
    await page
      .locator('.proof')
      .getByText(/\d proved/)
      .waitFor()
    conversation = new URL(page.url()).pathname
    await shot('en-1440-answer')
  })

  it('opens the page with the passage marked, by keyboard', async () => {
    const { page, shot } = watched
    const chip = page.locator('.cite').first()
    await chip.focus()
    await page.keyboard.press('Enter')
    const leaf = page.getByRole('complementary', { name: 'Sources' })
    await leaf.getByRole('heading', { name: 'Page 2 of 3' }).waitFor()
    const mark = leaf.locator('mark.drawn')
    await mark.waitFor()
    assert.match((await mark.textContent()) ?? '', /Spring tides come twice a month, at new moon and at full moon\./)
    assert.match(page.url(), /[?&]source=1/)
    await leaf.getByText('The quote is on the page, word for word').waitFor()
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H2')
    await shot('en-1440-leaf')
    await leaf.getByRole('button', { name: 'Next page' }).click()
    await leaf.getByRole('heading', { name: 'Page 3 of 3' }).waitFor()
    await leaf.getByText('Neap tides come a week later.').first().waitFor()
  })

  it('closes it with Escape and gives the focus back, and so does the back button', async () => {
    const { page } = watched
    const leaf = page.getByRole('complementary', { name: 'Sources' })
    await page.keyboard.press('Escape')
    await leaf.waitFor({ state: 'detached' })
    assert.doesNotMatch(page.url(), /source=/)
    await page.waitForFunction(() => document.activeElement?.classList.contains('cite'))
    await page.locator('.cite').first().click()
    await leaf.waitFor()
    await page.goBack()
    await leaf.waitFor({ state: 'detached' })
    assert.equal(new URL(page.url()).pathname, conversation)
  })

  it('keeps it all over a reload, with the source in the address', async () => {
    const { page } = watched
    await page.goto(`${use().server.url}${conversation}?source=1`)
    await page.locator('mark.drawn').waitFor()
    await page.reload()
    await page.locator('mark.drawn').waitFor()
    await page.getByRole('heading', { name: 'When do spring tides come?', level: 2 }).waitFor()
  })

  it('refuses what the pages do not say, and shows the nearest as plain quotes', async () => {
    const { page, shot } = watched
    await ask(page, 'Who painted the Mona Lisa?')
    const refusal = page.locator('.refusal')
    await refusal.getByText('Your pages do not say.').waitFor()
    assert.equal(await refusal.locator('.cite, mark').count(), 0)
    await refusal.getByRole('link').first().click()
    await page.getByText('It does not answer the question.').waitFor()
    assert.equal(await page.locator('.leaf mark.drawn').count(), 0)
    await shot('en-1440-refusal')
  })

  it('finds the conversation again in the list', async () => {
    const { page, shot } = watched
    await page.getByRole('link', { name: 'Conversations' }).first().click()
    await page.locator('.talks').getByRole('link', { name: 'When do spring tides come?' }).click()
    await page.waitForURL(`**${conversation}`)
    await page.goto(`${use().server.url}/documents`)
    await page.getByText('Tides and Harbours').first().waitFor()
    await shot('en-1440-documents')
  })

  it('deletes with a way back', async () => {
    const { page } = watched
    const row = page.getByRole('listitem').filter({ hasText: 'Field trip' })
    await row.getByRole('button', { name: /Delete/ }).click()
    await row.waitFor({ state: 'detached' })
    // At once: the offer stands for some seconds only, and the machine may be slow.
    await page.getByRole('button', { name: 'Undo' }).dispatchEvent('click')
    await row.waitFor()
    await row.getByRole('button', { name: /Delete/ }).click()
    // Leaving the page makes it so.
    await page.goto(use().server.url)
    await page.goto(`${use().server.url}/documents`)
    await page.getByText('Tides and Harbours').first().waitFor()
    assert.equal(await row.count(), 0)
  })

  it('signs out and in again, back to where one was', async () => {
    const { page, shot } = watched
    await page.goto(`${use().server.url}/account`)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL('**/sign-in')
    await page.goto(`${use().server.url}${conversation}`)
    await page.waitForURL('**/sign-in?*')
    await page.fill('input[name=email]', admin.ADMIN_EMAIL)
    await page.fill('input[name=password]', 'Wrong-Horse-1')
    await page.click('button[type=submit]')
    await page.getByText('Address and password do not fit together.').waitFor()
    await page.getByText('Request', { exact: false }).first().waitFor()
    await shot('en-1440-sign-in-refused')
    await signIn(page)
    assert.equal(new URL(page.url()).pathname, conversation)
  })

  it('broke no rule of its policy, asked nobody else, and threw nothing', () => assert.deepEqual(watched.faults, []))
})

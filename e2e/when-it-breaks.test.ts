/** What goes wrong on the way: lost connections, sessions that end, files that are too large. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Page } from 'playwright-core'
import { desktop, openPage, type Watched } from './browser.ts'
import { tides } from './files.ts'
import { admin, ask, inBrowser, signIn } from './suite.ts'

inBrowser('when something breaks', admin, (use) => {
  let watched: Watched
  const answer = () => watched.page.locator('.turn').last()

  it('begins with a document', async () => {
    const { server, browser } = use()
    watched = await openPage(browser, server.url, desktop)
    const { page } = watched
    await signIn(page)
    await page.locator('input[type=file]').first().setInputFiles([tides])
    await page.getByText('3 pages read').waitFor({ timeout: 30_000 })
  })

  it('keeps a question until there is something to answer it from', async () => {
    const { server, browser } = use()
    const early = await openPage(browser, server.url, desktop)
    const { page } = early
    await page.getByRole('link', { name: 'Make an account' }).click()
    await page.fill('input[name=email]', 'early@example.org')
    await page.fill('input[name=password]', admin.ADMIN_PASSWORD)
    await page.click('button[type=submit]')
    await page.waitForSelector('#ask')
    await page.locator('input[type=file]').first().setInputFiles([tides])
    await page.getByText('You can ask as soon as it is read.').waitFor()
    await ask(page, 'When do spring tides come?')
    await page.getByText('Spring tides come twice a month').first().waitFor()
    assert.equal(await page.locator('.refusal').count(), 0)
    assert.deepEqual(early.faults, [])
    await page.context().close()
  })

  it('goes on where the connection was lost, and says nothing twice', async () => {
    const { page } = watched
    const resumed: (string | undefined)[] = []
    page.on('request', (request) => {
      if (request.url().endsWith('/stream')) resumed.push(request.headers()['last-event-id'])
    })
    await cutAnswers(page, 3)
    await ask(page, 'When do spring tides come?')
    await answer().locator('.cite').first().waitFor()
    const said = await answer().locator('.read').textContent()
    assert.equal(said?.match(/Spring tides come twice a month/g)?.length, 1)
    assert.deepEqual(resumed, ['3'])
    await page.unroute('**/api/v1/chat')
  })

  it('says that the connection is lost while it is, and then brings the answer', async () => {
    const { page, shot } = watched
    await cutAnswers(page, 2)
    await page.route('**/stream', (route) => route.abort('connectionreset').catch(() => undefined))
    await ask(page, 'When was the harbour of Emden built?')
    await page.getByText('Connection lost. The answer is still being made and will be here.').waitFor()
    await shot('en-1440-connection-lost')
    await page.unroute('**/stream')
    await page.unroute('**/api/v1/chat')
    await answer().getByText('The harbour of Emden was built in 1847.').waitFor()
  })

  it('stops when asked to', async () => {
    const { page } = watched
    const stopped = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/stop'))
    await cutAnswers(page, 2)
    await page.route('**/stream', async (route) => {
      await stopped
      await route.continue()
    })
    await ask(page, 'When do neap tides come?')
    await page.getByRole('button', { name: 'Stop' }).click()
    await stopped
    await page.getByRole('button', { name: 'Ask', exact: true }).waitFor()
    await page.unroute('**/api/v1/chat')
    await page.unroute('**/stream')
  })

  it('keeps a question that the server did not take, with a way to ask it again', async () => {
    const { page } = watched
    await page.route('**/api/v1/chat', (route) => route.abort('connectionrefused').catch(() => undefined))
    await ask(page, 'What were the first locks made of?')
    await answer().getByText('The server cannot be reached.').waitFor()
    await page.unroute('**/api/v1/chat')
    await answer().getByRole('button', { name: 'Try again' }).click()
    await answer().getByText(/oak/).first().waitFor()
    assert.equal(await page.getByRole('heading', { name: 'What were the first locks made of?', level: 2 }).count(), 1)
  })

  it('keeps what is typed and not sent over a reload', async () => {
    const { page } = watched
    await page.fill('#ask', 'Half a quest')
    await page.reload()
    await page.waitForSelector('#ask')
    assert.equal(await page.inputValue('#ask'), 'Half a quest')
    await page.fill('#ask', '')
  })

  it('says that a file is too large before it is sent', async () => {
    const { page, shot } = watched
    await page.goto(`${use().server.url}/documents`)
    await page.getByText('3 pages read').waitFor()
    let uploads = 0
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/documents')) uploads += 1
    })
    await page.evaluate(() => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([new Uint8Array(101 * 2 ** 20)], 'Film.pdf', { type: 'application/pdf' }))
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }))
    })
    const row = page.getByRole('listitem').filter({ hasText: 'Film.pdf' })
    await row.getByText(/101 MB.* is more than the limit of .*100 MB/).waitFor()
    await shot('en-1440-too-large')
    assert.equal(uploads, 0)
    await row.getByRole('button', { name: /off the list/ }).click()
    await row.waitFor({ state: 'detached' })
  })

  it('renews a session that has run out, unnoticed', async () => {
    const { page } = watched
    await page.context().clearCookies({ name: 'lyceum_access' })
    await page.getByRole('link', { name: 'Account' }).first().click()
    await page.reload()
    await page.getByText(admin.ADMIN_EMAIL).waitFor()
  })

  it('asks to sign in when it has ended for good, and comes back', async () => {
    const { page, shot } = watched
    await page.goto(`${use().server.url}/documents`)
    await page.getByText('3 pages read').waitFor()
    await page.context().clearCookies()
    await page.getByRole('button', { name: /Delete/ }).click()
    await page.getByRole('link', { name: 'Home' }).first().click()
    await page.goto(`${use().server.url}/documents`)
    await page.waitForURL('**/sign-in?*')
    await shot('en-1440-session-ended')
    await signIn(page)
    await page.waitForURL('**/documents')
    await page.getByText('3 pages read').waitFor()
  })

  it('tells what to do at an address that is nowhere', async () => {
    const { page } = watched
    await page.goto(`${use().server.url}/c/00000000-0000-7000-8000-000000000000`)
    await page.getByText('This conversation is not here any more.').waitFor()
    await page.goto(`${use().server.url}/nowhere`)
    await page.getByRole('link', { name: 'Go home' }).click()
    await page.waitForSelector('#ask')
  })

  it('broke no rule of its policy, asked nobody else, and threw nothing', () => assert.deepEqual(watched.faults, []))
})

/** From now on the connection ends after so many parts of an answer; the server makes the rest of it unheard. */
const cutAnswers = async (page: Page, parts: number): Promise<void> => {
  // What was loaded for the question before would bring this answer, too.
  await page.waitForLoadState('networkidle')
  await page.route('**/api/v1/chat', async (route) => {
    const response = await route.fetch()
    const events = (await response.text()).split('\n\n')
    await route.fulfill({ response, body: `${events.slice(0, parts).join('\n\n')}\n\n` })
  })
}

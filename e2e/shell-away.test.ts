/** A server that goes away and comes back, one that fails, and a session that ends elsewhere. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { desktop, openPage, type Watched } from './browser.ts'
import { tides } from './files.ts'
import { admin, inBrowser, signIn } from './suite.ts'

inBrowser('a server that is not there', admin, (use) => {
  let watched: Watched

  it('shows and hides the password, and leaves the fields in place when it is wrong', async () => {
    const { server, browser } = use()
    watched = await openPage(browser, server.url, desktop)
    const { page } = watched
    await page.fill('input[name=email]', admin.ADMIN_EMAIL)
    await page.fill('input[name=password]', 'Wrong-Horse-1')
    const eye = page.getByRole('button', { name: 'Show password' })
    await eye.click()
    assert.equal(await page.getAttribute('input[name=password]', 'type'), 'text')
    assert.equal(await eye.getAttribute('aria-pressed'), 'true')
    await eye.click()
    assert.equal(await page.getAttribute('input[name=password]', 'type'), 'password')
    const places = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('input, [type=submit]')].map((it) => it.getBoundingClientRect().y),
      )
    const before = await places()
    await page.click('button[type=submit]')
    await page.getByText('Check both and try again.').waitFor()
    assert.deepEqual(await places(), before)
  })

  it('says so while nobody answers, asks by itself, and brings the page up to date', async () => {
    const { page, shot } = watched
    await signIn(page)
    await page.locator('input[type=file]').first().setInputFiles([tides])
    await page.getByText('3 pages read').waitFor({ timeout: 30_000 })
    await page.goto(`${use().server.url}/account`)
    await page.waitForSelector('.facts')
    await page.route('**/api/v1/**', (route) => route.abort('connectionrefused').catch(() => undefined))
    await page.route('**/health', (route) => route.abort('connectionrefused').catch(() => undefined))
    await page.getByRole('link', { name: 'Documents' }).first().click()
    const badge = page.getByRole('status').getByText('The server does not answer.')
    await badge.waitFor()
    await shot('en-1440-away')
    await page.unroute('**/api/v1/**')
    await page.unroute('**/health')
    await page.getByRole('status').getByText('The server is back.').waitFor()
    await page.locator('.doc').filter({ hasText: 'Tides' }).getByText('3 pages read').waitFor()
    await page.getByText('The server is back.').waitFor({ state: 'detached' })
  })

  it('says that there is no network', async () => {
    const { page } = watched
    await page.context().setOffline(true)
    await page.getByRole('status').getByText('No network.').waitFor()
    await page.context().setOffline(false)
    await page.getByText('No network.').waitFor({ state: 'detached' })
  })

  it('gives the id under which a failure was logged, and a way to try again', async () => {
    const { page, shot } = watched
    await page.route('**/api/v1/documents?*', (route) =>
      route.fulfill({
        status: 500,
        contentType: 'application/problem+json',
        json: {
          type: 'about:blank',
          title: 'internal error',
          status: 500,
          detail: '',
          success: false,
          code: 'internal_error',
          requestId: '0192-req-7',
        },
      }),
    )
    await page.goto(`${use().server.url}/documents`)
    const problem = page.getByRole('alert')
    await problem.getByText('Something went wrong on our side.').waitFor()
    assert.equal(await problem.locator('code').textContent(), '0192-req-7')
    await shot('en-1440-failed')
    await page.unroute('**/api/v1/documents?*')
    await problem.getByRole('button', { name: 'Try again' }).click()
    await page.locator('.doc').first().waitFor()
  })

  it('sends a file again that did not arrive, and stops one on its way', async () => {
    const { page } = watched
    await page.route('**/api/v1/documents', (route) => route.abort('connectionreset').catch(() => undefined))
    const file = { ...tides, name: 'Second.pdf', buffer: Buffer.concat([tides.buffer, Buffer.from('\n% second\n')]) }
    await page.locator('input[type=file]').first().setInputFiles([file])
    const row = page.locator('.doc').filter({ hasText: 'Second' })
    await row.getByText('The server cannot be reached.').waitFor()
    await page.unroute('**/api/v1/documents')
    await row.getByRole('button', { name: 'Try again' }).click()
    await row.getByText('3 pages read').waitFor({ timeout: 30_000 })

    let release = (): void => undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    await page.route('**/api/v1/documents', async (route) => {
      await held
      await route.abort().catch(() => undefined)
    })
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles([{ ...file, name: 'Third.pdf' }])
    const third = page.locator('.doc').filter({ hasText: 'Third' })
    await third.getByRole('button', { name: /Stop sending .*Third\.pdf/ }).click()
    await third.waitFor({ state: 'detached' })
    release()
    await page.unroute('**/api/v1/documents')
  })

  it('goes to the sign-in when another tab signs out', async () => {
    const { page } = watched
    const other = await page.context().newPage()
    await other.goto(`${use().server.url}/account`)
    await other.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL('**/sign-in?*')
    await page.getByText('Your session has ended.').waitFor()
    await signIn(page)
    await page.waitForURL('**/documents')
    await other.close()
  })

  it('broke no rule of its policy, asked nobody else, and threw nothing', () => assert.deepEqual(watched.faults, []))
})

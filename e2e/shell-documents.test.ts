/** The page of documents: found by name, by state, added twice, opened, deleted and brought back; a thousand of them. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Page } from 'playwright-core'
import { desktop, openPage, type Watched } from './browser.ts'
import { arabicTides, brokenPdf, tides } from './files.ts'
import { admin, inBrowser, signIn } from './suite.ts'

inBrowser('documents', admin, (use) => {
  let watched: Watched
  const row = (text: string) => watched.page.locator('.doc').filter({ hasText: text })
  const focusedRow = () => watched.page.evaluate(() => document.activeElement?.closest('.doc')?.textContent ?? '')

  it('shows each file with its state, language, size and pages', async () => {
    const { server, browser } = use()
    watched = await openPage(browser, server.url, desktop)
    const { page } = watched
    await signIn(page)
    await page.goto(`${server.url}/documents`)
    await page.locator('input[type=file]').first().setInputFiles([tides, brokenPdf, arabicTides])
    await row('Tides').getByText('3 pages read').waitFor({ timeout: 30_000 })
    await row('Tides').getByText('English').waitFor()
    await row('Tides').getByText('1.8 kB').waitFor()
    await row('Field trip').getByText('The file is damaged').waitFor({ timeout: 30_000 })
    await row('الموانئ').getByText('Arabic').waitFor({ timeout: 30_000 })
  })

  it('says that the same bytes are there already, and adds nothing', async () => {
    const { page } = watched
    await page
      .locator('input[type=file]')
      .first()
      .setInputFiles([{ ...tides, name: 'Copy.pdf' }])
    await page.getByText(/Copy\.pdf.* is here already, as .*Tides and Harbours.* Nothing was added\./).waitFor()
    assert.equal(await page.locator('.doc').count(), 3)
    await page.getByRole('button', { name: /Take .*Copy\.pdf.* off the list/ }).click()
    await page.getByText('is here already').waitFor({ state: 'detached' })
  })

  it('finds by name, in any case and without marks', async () => {
    const { page } = watched
    await page.fill('#find', 'HARB')
    await row('Field trip').waitFor({ state: 'detached' })
    assert.equal(await page.locator('.doc').count(), 1)
    await page.waitForURL('**/documents?q=HARB')
    await page.fill('#find', 'المد')
    await row('الموانئ').waitFor()
    await page.fill('#find', 'zebra')
    await page.getByText('No document fits.').waitFor()
    await page.fill('#find', '')
    await row('Field trip').waitFor()
  })

  it('shows one state, in the address, and goes back', async () => {
    const { page } = watched
    await page.getByRole('link', { name: 'Not read 1' }).click()
    await page.waitForURL('**/documents?show=unread')
    await row('Tides').waitFor({ state: 'detached' })
    await page.goBack()
    await row('Tides').waitFor()
  })

  it('opens its pages', async () => {
    const { page, shot } = watched
    await row('Tides').getByRole('link', { name: 'Tides and Harbours', exact: true }).click()
    await page.getByRole('heading', { name: 'Page 1 of 3' }).waitFor()
    await page.getByRole('button', { name: 'Next page' }).click()
    await page.getByText('Spring tides come twice a month').waitFor()
    await page.waitForURL('**?page=2')
    await shot('en-1440-reader')
    await page.getByRole('link', { name: /Ask about .*Tides and Harbours/ }).click()
    await page.getByText('Only in').waitFor()
    await page.waitForFunction(() => document.activeElement?.id === 'ask')
  })

  it('deletes by keyboard, keeps the place, and brings back with Z', async () => {
    const { page } = watched
    await page.goto(`${use().server.url}/documents`)
    await row('الموانئ')
      .getByRole('button', { name: /^Delete/ })
      .focus()
    await page.keyboard.press('Enter')
    await row('الموانئ').waitFor({ state: 'detached' })
    assert.match(await focusedRow(), /Tides/)
    await page.getByRole('status').getByText('deleted').waitFor()
    await page.keyboard.press('z')
    await row('الموانئ').waitFor()
    await page.getByRole('button', { name: 'Undo' }).waitFor({ state: 'detached' })
  })

  it('holds its offer while the focus is on it', async () => {
    const { page } = watched
    await page.clock.install()
    await row('Field trip')
      .getByRole('button', { name: /^Delete/ })
      .click()
    const undo = page.getByRole('button', { name: 'Undo' })
    await undo.focus()
    await page.clock.fastForward(60_000)
    await undo.waitFor()
    assert.equal(await row('Field trip').count(), 0)
    const gone = page.waitForRequest((request) => request.method() === 'DELETE')
    await page.locator('#main').focus()
    await page.clock.fastForward(9000)
    await gone
    await undo.waitFor({ state: 'detached' })
    await page.clock.resume()
  })

  it('stays usable with a thousand', async () => {
    const { server, browser } = use()
    const many = await openPage(browser, server.url, desktop)
    const { page } = many
    await signIn(page)
    const asked = await answerWithMany(page, 1000)
    await page.goto(`${server.url}/documents`)
    await page.getByText('1,000', { exact: true }).first().waitFor()
    assert.equal(asked.length, 10)
    assert.equal(await page.locator('.doc').count(), 1000)
    // Only what is near the window is laid out.
    const drawn = await page.evaluate(
      () =>
        [...document.querySelectorAll('.doc-acts')].filter((element) =>
          element.checkVisibility({ contentVisibilityAuto: true }),
        ).length,
    )
    assert.ok(drawn > 5 && drawn < 200, `${drawn}`)
    const frames = await slowFrames(page)
    process.stdout.write(
      `1,000 rows: scrolled by 30 windows in ${frames.all} frames, ${frames.slow} of them over 50 ms; ${drawn} rows drawn\n`,
    )
    await page.fill('#find', 'Document 999')
    await page.waitForFunction(() => document.querySelectorAll('.doc').length === 1)
    assert.deepEqual(many.faults, [])
    await page.context().close()
  })

  it('broke no rule of its policy, asked nobody else, and threw nothing', () => assert.deepEqual(watched.faults, []))
})

/** The list in pages of 100, as the server would give it; says which were asked for. */
const answerWithMany = async (page: Page, count: number): Promise<string[]> => {
  const asked: string[] = []
  const real = await page.request.get(new URL('/api/v1/documents?limit=1', page.url()).href)
  const [one] = (await real.json()).items
  await page.route('**/api/v1/documents?*', async (route) => {
    const query = new URL(route.request().url()).searchParams
    const from = Number(query.get('cursor') ?? 0)
    asked.push(String(from))
    const size = Number(query.get('limit'))
    const some = Array.from({ length: Math.min(size, count - from) }, (_, at) => ({
      ...one,
      id: `00000000-0000-7000-8000-${String(from + at).padStart(12, '0')}`,
      title: `Document ${from + at}`,
    }))
    await route.fulfill({ json: { items: some, nextCursor: from + size < count ? String(from + size) : null } })
  })
  return asked
}

/** Scrolls like a quick hand: an eighth of a window a frame. */
const slowFrames = (page: Page): Promise<{ all: number; slow: number }> =>
  page.evaluate(async () => {
    const times: number[] = []
    for (let step = 0; step < 240; step += 1) {
      scrollTo(0, (step * innerHeight) / 8)
      times.push(await new Promise<number>((resolve) => requestAnimationFrame(resolve)))
    }
    const gaps = times.slice(1).map((time, at) => time - (times[at] ?? time))
    return { all: gaps.length, slow: gaps.filter((gap) => gap > 50).length }
  })

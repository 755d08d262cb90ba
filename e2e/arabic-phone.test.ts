/** The same in Arabic, from right to left, on a phone. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { openPage, phone, type Watched } from './browser.ts'
import { arabicTides, tides } from './files.ts'
import { admin, ask, inBrowser, signIn } from './suite.ts'

inBrowser('in Arabic on a phone', admin, (use) => {
  let watched: Watched

  const overflow = (): Promise<number> =>
    watched.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

  it('reads from right to left, by the language of the browser', async () => {
    const { server, browser } = use()
    watched = await openPage(browser, server.url, { ...phone, locale: 'ar' })
    const { page, shot } = watched
    await page.getByRole('heading', { name: 'تسجيل الدخول' }).waitFor()
    assert.deepEqual(await page.evaluate(() => [document.documentElement.lang, document.documentElement.dir]), [
      'ar',
      'rtl',
    ])
    await shot('ar-390-sign-in')
    await signIn(page)
    await page.getByRole('heading', { name: 'ابدأ بصفحاتك أنت.' }).waitFor()
    await shot('ar-390-first-minute')
    assert.equal(await overflow(), 0)
  })

  it('reads an Arabic and an English document, and counts in Arabic', async () => {
    const { page, shot } = watched
    await page.locator('input[type=file]').first().setInputFiles([arabicTides, tides])
    await page.getByText('قُرئت صفحة واحدة').waitFor({ timeout: 30_000 })
    await page.getByText('قُرئت 3 صفحات').waitFor({ timeout: 30_000 })
    await shot('ar-390-home')
    assert.equal(await overflow(), 0)
  })

  it('answers in Arabic, and opens the page in a sheet', async () => {
    const { page, shot } = watched
    await ask(page, 'متى يأتي مدّ الاقتران؟')
    await page.locator('.cite').first().waitFor()
    assert.equal(await page.locator('.read').first().getAttribute('dir'), 'rtl')
    await shot('ar-390-answer')
    await page.locator('.cite').first().tap()
    const sheet = page.getByRole('dialog', { name: 'المصادر' })
    await sheet.locator('mark.drawn').waitFor()
    await sheet.getByText('الاقتباس موجود في الصفحة حرفًا بحرف').waitFor()
    await shot('ar-390-leaf')
    assert.equal(await overflow(), 0)
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H2')
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'detached' })
    assert.match(page.url(), /\/c\/[\w-]+$/)
    await page.waitForFunction(() => document.activeElement?.classList.contains('cite'))
  })

  it('leaves an English page from left to right', async () => {
    const { page, shot } = watched
    await ask(page, 'When do spring tides come?')
    const answer = page.locator('.turn').last().locator('.read')
    await answer.locator('.cite').first().waitFor()
    assert.equal(await answer.getAttribute('dir'), 'ltr')
    await answer.locator('.cite').first().tap()
    await page.locator('dialog mark.drawn').waitFor()
    assert.equal(await page.locator('dialog .page').getAttribute('dir'), 'ltr')
    await shot('ar-390-leaf-english')
    await page.goBack()
  })

  it('refuses in Arabic', async () => {
    const { page, shot } = watched
    await ask(page, 'من رسم الموناليزا؟')
    await page.getByText('صفحاتك لا تقول ذلك.').last().waitFor()
    await shot('ar-390-refusal')
    assert.equal(await overflow(), 0)
  })

  it('changes its language, and keeps that', async () => {
    const { page } = watched
    await page.goto(`${use().server.url}/account`)
    await page.getByLabel('اللغة').selectOption('de')
    await page.getByRole('heading', { name: 'Konto' }).waitFor()
    assert.equal(await page.evaluate(() => document.documentElement.dir), 'ltr')
    await page.reload()
    await page.getByRole('heading', { name: 'Konto' }).waitFor()
  })

  it('broke no rule of its policy, asked nobody else, and threw nothing', () => assert.deepEqual(watched.faults, []))
})

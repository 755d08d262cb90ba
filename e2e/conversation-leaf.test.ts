/** The source leaf: what a pointer, a key and a finger open, turn and close. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { phone, type Watched } from './browser.ts'
import { askAnew, inConversation, proved, weak } from './conversation-suite.ts'

const emden = 'The harbour of Emden was built in 1847.'
const spring = 'Spring tides come twice a month, at new moon and at full moon.'
const largest = 'The range is then at its largest.'
const neap = 'Neap tides come a week later.'

inConversation('the source leaf', (use) => {
  let watched: Watched
  let conversation = ''
  const leaf = () => watched.page.getByRole('complementary', { name: 'Sources' })
  const opened = (title: string) => leaf().getByRole('heading', { name: title, exact: true }).waitFor()
  const focused = () => watched.page.evaluate(() => document.activeElement?.getAttribute('data-cite'))

  it('has an answer with four sources', async () => {
    const { front, open, sources } = use()
    watched = await open()
    const all = sources(emden, spring, largest, neap)
    const moon = all[1]?.quote.indexOf('at new moon') ?? 0
    const [start = 0, end = 0] = [all[1]?.start, all[1]?.end]
    front.script('Tell me', {
      sources: all,
      beats: [
        proved(emden, 1),
        {
          ...proved('They come at new moon.', 2),
          cite: { source: 2, verdict: 'supported', checks: [], span: [start + moon, end] },
        },
        proved(largest, 3),
        weak('Neap tides come half a month later.', 4, 'half a month', 'a week'),
      ],
    })
    await askAnew(watched.page, 'Tell me')
    await watched.page.locator('.acts').waitFor()
    conversation = new URL(watched.page.url()).pathname
  })

  it('shows where a number comes from while the pointer rests on it, and lets the pointer go there', async () => {
    const { page, shot } = watched
    const slip = page.getByRole('tooltip')
    await page.locator('.cite').nth(1).hover()
    await slip.getByText(spring).waitFor()
    assert.match(await slip.innerText(), /Tides and Harbours.*page 2/s)
    assert.match((await page.locator('.sentence.peeked').textContent()) ?? '', /They come at new moon\./)
    await shot('conversation-en-1440-hover')
    await slip.hover()
    await page.locator('.sentence.peeked').waitFor()
    await page.mouse.move(5, 5)
    await slip.waitFor({ state: 'detached' })
  })

  it('closes the slip with Escape, and nothing else', async () => {
    const { page } = watched
    await page.locator('.cite').first().click()
    await opened('Page 1 of 20')
    await page.locator('.cite').nth(2).hover()
    await page.getByRole('tooltip').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('tooltip').waitFor({ state: 'detached' })
    await opened('Page 1 of 20')
    await page.keyboard.press('Escape')
    await leaf().waitFor({ state: 'detached' })
    assert.equal(await focused(), '0:1')
  })

  it('marks the run of the page that the sentence was held against, and underlines the others', async () => {
    const { page } = watched
    await page.locator('.cite').nth(1).click()
    await opened('Page 2 of 20')
    await leaf().locator('mark.drawn').first().waitFor()
    // A line of the file ends where the page's does.
    const marked = (await leaf().locator('mark.drawn').allTextContents()).join(' ').replace(/\s+/g, ' ')
    assert.match(marked, /^(start of passage .?2.?)?\s*2?at new moon and at full moon\./)
    assert.equal(await leaf().locator('mark.other').count(), 1)
    await watched.shot('conversation-en-1440-leaf')
  })

  it('turns pages at the fore-edge by keys, and says where it is', async () => {
    const { page, shot } = watched
    const edge = leaf().getByRole('slider', { name: 'Pages of the document' })
    assert.deepEqual(
      await edge.locator('i').evaluateAll((marks) => marks.slice(0, 4).map(({ className }) => className)),
      ['used', 'here', 'used', ''],
    )
    await edge.focus()
    const value = () =>
      edge.evaluate((slider) => [slider.getAttribute('aria-valuenow'), slider.getAttribute('aria-valuetext')])
    for (const [key, at] of [
      ['End', '20'],
      ['ArrowLeft', '19'],
      ['PageDown', '9'],
      ['ArrowUp', '10'],
      ['Home', '1'],
      ['ArrowRight', '2'],
    ]) {
      await page.keyboard.press(key ?? '')
      await opened(`Page ${at} of 20`)
      assert.equal((await value())[0], at, key)
    }
    assert.match((await value())[1]?.replace(/[\u2068\u2069]/g, '') ?? '', /^Page 2 of 20, used by the answer$/)
    assert.equal(await edge.evaluate((slider) => slider === document.activeElement), true)
    await shot('conversation-en-1440-edge')
  })

  it('turns pages at the fore-edge by the pointer', async () => {
    const { page } = watched
    const last = await leaf().locator('.edge i').nth(14).boundingBox()
    assert.ok(last)
    const first = await leaf().locator('.edge i').first().boundingBox()
    assert.ok(first)
    await page.mouse.move(first.x + 2, first.y)
    await page.mouse.down()
    await opened('Page 1 of 20')
    await page.mouse.move(last.x + last.width / 2, last.y - 200, { steps: 5 })
    await opened('Page 15 of 20')
    await page.mouse.up()
    await leaf().getByText('Notes on the weather of day 12.').waitFor()
  })

  it('goes from source to source by keys', async () => {
    const { page } = watched
    await page.keyboard.press(']')
    await opened('Page 2 of 20')
    assert.match(page.url(), /source=3/)
    await page.keyboard.press('[')
    await page.waitForURL(/source=2/)
    await page.keyboard.press('Alt+4')
    await opened('Page 3 of 20')
    await leaf()
      .getByText(/half a month.* is not in the passage\. It says .*a week/)
      .waitFor()
    assert.equal(await leaf().locator('.receipt li').count(), 2)
    await page.keyboard.press('Alt+9')
    assert.match(page.url(), /source=4/)
    await page.locator('#ask').fill('[brackets] and / are typed here')
    await page.locator('#ask').press(']')
    assert.match(page.url(), /source=4/)
    await page.locator('#ask').fill('')
  })

  it('closes by the back button, and gives the focus back', async () => {
    const { page } = watched
    await page.goBack()
    await leaf().waitFor({ state: 'detached' })
    assert.equal(await focused(), '1:2')
  })

  it('opens by its address, and Escape leads to the conversation', async () => {
    const { page } = watched
    await page.goto(`${use().front.url}${conversation}?source=3`)
    await opened('Page 2 of 20')
    assert.match((await leaf().locator('mark.drawn').textContent()) ?? '', /The range is then at its largest\./)
    await page.keyboard.press('Escape')
    await leaf().waitFor({ state: 'detached' })
    assert.equal(new URL(page.url()).search, '')
  })

  it('is a sheet on a phone: a finger opens, turns and closes it', async () => {
    const small = await use().open(phone)
    const { page, shot } = small
    await page.goto(`${use().front.url}${conversation}`)
    await page.locator('.cite').first().tap()
    const sheet = page.getByRole('dialog', { name: 'Sources' })
    await sheet.getByRole('heading', { name: 'Page 1 of 20' }).waitFor()
    assert.equal(await page.getByRole('tooltip').count(), 0)
    await shot('conversation-en-390-leaf')
    const touch = await page.context().newCDPSession(page)
    const draw = async (from: [number, number], to: [number, number]): Promise<void> => {
      const at = ([x, y]: [number, number]) => ({ touchPoints: [{ x, y }] })
      await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', ...at(from) })
      for (const part of [0.3, 0.6, 1]) {
        const point: [number, number] = [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part]
        await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', ...at(point) })
      }
      await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
    }
    const strip = await sheet.locator('.sources').boundingBox()
    const grip = await sheet.locator('.grip').boundingBox()
    assert.ok(strip && grip)
    await draw([300, strip.y + strip.height / 2], [150, strip.y + strip.height / 2])
    await sheet.getByRole('heading', { name: 'Page 2 of 20' }).waitFor()
    await draw([150, strip.y + strip.height / 2], [300, strip.y + strip.height / 2])
    await sheet.getByRole('heading', { name: 'Page 1 of 20' }).waitFor()
    await draw([195, grip.y + 10], [195, grip.y + 60])
    assert.equal(await sheet.count(), 1)
    await draw([195, grip.y + 10], [195, grip.y + 400])
    await sheet.waitFor({ state: 'detached' })
    assert.deepEqual(small.faults, [])
    await page.context().close()
  })

  it('broke no rule of its policy, asked nobody else, and threw nothing', () => assert.deepEqual(watched.faults, []))
})

/** An answer while it is made: what is said of it, how it is stopped, and what a reload or a second start leaves of it. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { Watched } from './browser.ts'
import { askAnew, inConversation, proofOf, proved, unproved, weak } from './conversation-suite.ts'

const spring = 'Spring tides come twice a month, at new moon and at full moon.'
const neap = 'Neap tides come a week later.'

inConversation('an answer in the making', (use) => {
  let watched: Watched
  const turn = () => watched.page.locator('.turn').last()
  const read = () => turn().locator('.read')

  it('says what is done until the first sentence is there', async () => {
    const { front, open, sources } = use()
    watched = await open()
    const { page } = watched
    front.script('When?', {
      sources: sources(spring, neap),
      beats: [
        { type: 'data-status', data: { step: 'searching' } },
        'hold',
        { type: 'data-status', data: { step: 'reading', documents: 1, pages: 3 } },
        'hold',
        { type: 'data-status', data: { step: 'consulting-the-oracle' } },
        'hold',
        proved(spring, 1),
        'hold',
        proved(neap, 2),
      ],
      withheld: 2,
    })
    await askAnew(page, 'When?')
    await page.getByText('Looking through your pages.').waitFor()
    front.release()
    await page.getByText('Reading 3 pages.').waitFor()
    front.release()
    await page.getByText('Working on it.').waitFor()
    front.release()
    await read().getByText(spring).waitFor()
    assert.equal(await turn().locator('.pencil-line').count(), 0)
    assert.equal(await proofOf(page), '1 sentence: 1 proved')
  })

  it('adds to the end, and moves nothing that stands', async () => {
    const { page } = watched
    const place = () => page.evaluate(() => document.querySelector('.cite')?.getBoundingClientRect().toJSON())
    await page.evaluate(() => document.querySelector('.cite')?.setAttribute('data-kept', 'yes'))
    const before = await place()
    use().front.release()
    await read().getByText(neap).waitFor()
    assert.deepEqual(await place(), before)
    assert.equal(await page.locator('.cite[data-kept]').count(), 1, 'the first sentence was made anew')
  })

  it('counts what was left out, and says why', async () => {
    await turn().getByText('2 sentences were left out: they are not on your pages.').waitFor()
    assert.match(await proofOf(watched.page), /^2 sentences: 2 proved/)
  })

  it('stops by Escape wherever the focus is, and keeps what was said', async () => {
    const { page } = watched
    const { front, sources } = use()
    front.script('Stop me', { sources: sources(spring), beats: [proved(spring, 1), 'hold', proved(neap, 1)] })
    await askAnew(page, 'Stop me')
    await read().locator('.cite').waitFor()
    await read().locator('.cite').focus()
    await page.keyboard.press('Escape')
    await turn().getByText('Stopped. What was said stays.').waitFor()
    assert.match((await read().textContent()) ?? '', /Spring tides/)
    assert.equal(await read().getByText(neap).count(), 0)
    await page.getByRole('button', { name: 'Ask', exact: true }).waitFor()
  })

  it('stops by the button, before anything was said', async () => {
    const { page } = watched
    const { front, sources } = use()
    front.script('Stop at once', { sources: sources(spring), beats: ['hold', proved(spring, 1)] })
    await askAnew(page, 'Stop at once')
    await page.getByRole('button', { name: 'Stop' }).click()
    await turn().getByText('Stopped before anything was said.').waitFor()
  })

  it('goes on after a reload in the middle, and says nothing twice', async () => {
    const { page } = watched
    const { front, sources } = use()
    front.script('Reload me', { sources: sources(spring, neap), beats: [proved(spring, 1), 'hold', proved(neap, 2)] })
    await askAnew(page, 'Reload me')
    await read().getByText(spring).waitFor()
    await page.reload()
    await read().getByText(spring).waitFor()
    front.release()
    await read().getByText(neap).waitFor()
    const text = (await read().textContent()) ?? ''
    assert.equal(text.match(/Spring tides/g)?.length, 1)
  })

  it('drops what is superseded', async () => {
    const { page } = watched
    const { front, sources } = use()
    front.script('Again', {
      sources: sources(spring, neap),
      beats: [
        proved(spring, 1),
        'hold',
        { type: 'data-superseded', data: { textId: 'text-1' } },
        { type: 'data-status', data: { step: 'quoting' } },
        proved(neap, 2),
      ],
    })
    await askAnew(page, 'Again')
    await read().getByText(spring).waitFor()
    front.release()
    await read().getByText(neap).waitFor()
    assert.equal(await read().getByText(spring).count(), 0)
    assert.equal(await proofOf(page), '1 sentence: 1 proved')
  })

  it('says that the model did not answer', () =>
    turn().getByText('The language model did not answer').first().waitFor())

  it('tells three verdicts apart by form and words, and walks through the problems', async () => {
    const { page } = watched
    const { front, sources } = use()
    front.script('Verdicts', {
      sources: sources(spring, neap),
      beats: [
        proved(spring, 1),
        weak('Neap tides come half a month later.', 2, 'half a month', 'a week'),
        unproved('The largest range is in the Bay of Fundy.', 2),
      ],
    })
    await askAnew(page, 'Verdicts')
    await turn().locator('.sentence.unsupported').waitFor()
    assert.equal(await proofOf(page), '3 sentences: 1 proved, 1 weak, 1 not on your pages')
    assert.deepEqual(
      await turn()
        .locator('.ticks i')
        .evaluateAll((ticks) => ticks.map(({ className }) => className)),
      ['supported', 'weak', 'unsupported'],
    )
    assert.equal(await turn().locator('.cite').count(), 2)
    assert.equal(await turn().locator('.cite.weak').count(), 1)
    await watched.shot('conversation-en-1440-verdicts')
    await turn().locator('.problems').click()
    await page.getByText(/half a month.* is not in the passage. It says .*a week/).waitFor()
    assert.match((await turn().locator('.sentence.on').textContent()) ?? '', /half a month/)
    await turn().locator('.problems').click()
    await turn().locator('.sentence.unsupported.on').waitFor()
    await turn().getByRole('button', { name: 'Not on your pages', exact: true }).waitFor()
    await page.keyboard.press('Escape')
  })

  it('broke no rule of its policy, asked nobody else, and threw nothing', () => assert.deepEqual(watched.faults, []))
})

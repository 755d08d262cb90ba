/** A conversation with everything in it, and its open leaf, in each look: no axe violation, nothing out of the window. */
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { BrowserContextOptions } from 'playwright-core'
import { desktop, phone } from './browser.ts'
import { askAnew, inConversation, proved, unproved, weak } from './conversation-suite.ts'

const emden = 'The harbour of Emden was built in 1847.'
const spring = 'Spring tides come twice a month, at new moon and at full moon.'
const neap = 'Neap tides come a week later.'

const narrow = { ...phone, viewport: { width: 320, height: 640 } }
const looks: [name: string, options: BrowserContextOptions][] = [
  ['en-1440-light', desktop],
  ['en-1440-dark', { ...desktop, colorScheme: 'dark' }],
  ['en-1440-contrast', { ...desktop, contrast: 'more' }],
  ['en-1440-contrast-dark', { ...desktop, contrast: 'more', colorScheme: 'dark' }],
  ['ar-1440-light', { ...desktop, locale: 'ar' }],
  ['de-1024-light', { ...desktop, viewport: { width: 1024, height: 768 }, locale: 'de' }],
  ['en-390-light', phone],
  ['ar-390-dark', { ...phone, locale: 'ar', colorScheme: 'dark' }],
  ['id-320-light', { ...narrow, locale: 'id' }],
  ['ar-320-light', { ...narrow, locale: 'ar' }],
]

inConversation('a conversation in each look', (use) => {
  let conversation = ''

  it('has something of everything', async () => {
    const { front, open, sources } = use()
    const { page } = await open()
    const all = sources(emden, spring, neap)
    front.script('Why are spring tides higher, and how often do they come?', {
      sources: all,
      beats: [
        proved('At new moon and at full moon the Sun and the Moon pull along one line.', 2),
        proved('The effect falls with the cube of the distance:', 2),
        { text: '\n\n$$F \\propto \\frac{M}{d^3}$$\n\n', after: '' },
        weak('A week later the range shrinks to half.', 3, 'half', 'clearly smaller'),
        unproved('The largest range is in the Bay of Fundy.', 3),
        { text: '\n\n1. First *the harbour*: ', after: '' },
        proved('**Emden** is from 1847.', 1),
        {
          text: '\n2. Then `code`.\n\n| tide | when |\n|---|---|\n| spring | twice a month |\n\n```python\nfor tide in tides: print(tide)\n```\n',
          after: '',
        },
      ],
      withheld: 1,
    })
    await askAnew(page, 'Why are spring tides higher, and how often do they come?')
    await page.locator('.acts').waitFor()
    front.script('متى يأتي المدّ؟', {
      sources: all,
      beats: [
        proved('يأتي مدّ الاقتران مرتين في الشهر.', 2),
        { text: '\n\n- عند المحاق\n- وعند البدر\n\nSpring tides are meant.', after: '' },
      ],
    })
    await askAnew(page, 'متى يأتي المدّ؟')
    await page.locator('.acts').nth(1).waitFor()
    conversation = new URL(page.url()).pathname
    await page.context().close()
  })

  for (const [look, options] of looks) {
    it(`is clean in ${look}`, async () => {
      const { open, front } = use()
      // axe is put into the page as text, which the policy forbids; nothing else is measured here.
      const { page, shot } = await open({ ...options, bypassCSP: true })
      for (const [name, search] of [
        ['talk', ''],
        ['leaf', '?source=2'],
        ['weak', '?source=3'],
      ]) {
        await page.goto(`${front.url}${conversation}${search}`)
        await page.locator('.katex').first().waitFor()
        await page.locator('.hljs-keyword').first().waitFor()
        if (search) await page.locator('mark.drawn').first().waitFor()
        else await page.locator('.turn').first().scrollIntoViewIfNeeded()
        await page.evaluate(() => document.fonts.ready)
        await shot(`conversation-${look}-${name}`)
        const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
        assert.deepEqual(
          violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
          [],
          `${name} in ${look}`,
        )
        assert.equal(
          await page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
          0,
          `${name} in ${look}`,
        )
      }
      await page.context().close()
    })
  }

  it('gives each text its own direction', async () => {
    const { open, front } = use()
    const { page } = await open({ ...desktop, locale: 'ar' })
    await page.goto(`${front.url}${conversation}`)
    const directions = (turn: number) =>
      page
        .locator('.turn')
        .nth(turn)
        .locator('.block')
        .evaluateAll((blocks) => blocks.map((block) => getComputedStyle(block).direction))
    await page.locator('.turn').nth(1).locator('.block').first().waitFor()
    assert.ok((await directions(0)).every((direction) => direction === 'ltr'))
    assert.deepEqual(await directions(1), ['rtl', 'rtl', 'ltr'])
    assert.equal(
      await page
        .locator('pre')
        .first()
        .evaluate((code) => getComputedStyle(code).direction),
      'ltr',
    )
    await page.context().close()
  })
})

/** Signing in with a second factor, and making an account with a code from the mail. */
import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, it } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { accountRoutes } from '@lyceum/contract/account'
import { createClient } from '@lyceum/contract/client'
import { identityRoutes } from '@lyceum/contract/identity'
import { stepAt, totpOf } from '../server/src/modules/identity/totp.ts'
import { openPage, phone, type Watched } from './browser.ts'
import { admin, inBrowser } from './suite.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'lyceum-e2e-codes-'))
after(() => rm(dataDir, { recursive: true, force: true }))

/** Bytes of the letters that authenticator apps are given (RFC 4648, section 6). */
const fromBase32 = (text: string): Buffer => {
  const bits = [...text].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  )
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

/** The code in the newest mail. */
const mailedCode = async (): Promise<string> => {
  const outbox = join(dataDir, 'outbox')
  const [newest = ''] = (await readdir(outbox))
    .filter((name) => name.endsWith('.eml'))
    .sort()
    .reverse()
  return /\b\d{6}\b/.exec(await readFile(join(outbox, newest), 'utf8'))?.[0] ?? ''
}

inBrowser('codes', { ...admin, DATA_DIR: dataDir, REQUIRE_EMAIL_VERIFICATION: 'on' }, (use) => {
  let watched: Watched
  let recoveryCode = ''

  const assertAccessible = async (): Promise<void> => {
    const { violations } = await new AxeBuilder({ page: watched.page }).analyze()
    assert.deepEqual(
      violations.map(({ id }) => id),
      [],
    )
  }

  it('begin with a second factor that is on', async () => {
    const { url: origin } = use().server
    const login = { email: admin.ADMIN_EMAIL, password: admin.ADMIN_PASSWORD }
    const { accessToken } = await createClient({ origin }).call(identityRoutes.login, { body: login })
    const client = createClient({ origin, accessToken: () => accessToken })
    const { secret } = await client.call(accountRoutes.startSecondFactor, {})
    const code = totpOf(fromBase32(secret), stepAt(new Date()))
    const { recoveryCodes } = await client.call(accountRoutes.confirmSecondFactor, { body: { code } })
    recoveryCode = recoveryCodes[0] ?? ''
  })

  it('are asked for after the right password, and only then', async () => {
    const { server, browser } = use()
    watched = await openPage(browser, `${server.url}/sign-in`, phone)
    const { page, shot } = watched
    await page.fill('input[name=email]', admin.ADMIN_EMAIL)
    await page.fill('input[name=password]', 'Wrong-Horse-1')
    await page.click('button[type=submit]')
    await page.getByRole('alert').waitFor()
    assert.equal(await page.locator('input[name=code]').count(), 0)
    await page.fill('input[name=password]', admin.ADMIN_PASSWORD)
    await page.click('button[type=submit]')
    await page.locator('input[name=code]:focus').waitFor()
    await assertAccessible()
    await shot('en-390-second-factor')
  })

  it('that are wrong keep one out, and a recovery code lets one in', async () => {
    const { page } = watched
    await page.fill('input[name=code]', '000000')
    await page.click('button[type=submit]')
    await page.getByText('A code of your second factor is needed.').waitFor()
    await page.fill('input[name=code]', recoveryCode)
    await page.click('button[type=submit]')
    await page.waitForSelector('#main.main')
    await page.context().close()
  })

  it('come by mail to who makes an account', async () => {
    const { server, browser } = use()
    watched = await openPage(browser, `${server.url}/register`, phone)
    const { page, shot } = watched
    await page.fill('input[name=email]', 'bob@example.org')
    await page.fill('input[name=password]', 'Battery-Staple-7')
    await page.click('button[type=submit]')
    await page.locator('input[name=code]:focus').waitFor()
    await page.getByText('We have sent six digits to this address.').waitFor()
    await assertAccessible()
    await shot('en-390-mailed-code')
    await page.fill('input[name=code]', await mailedCode())
    await page.click('button[type=submit]')
    await page.waitForSelector('#main.main')
  })

  it('broke no rule of the page’s policy, asked nobody else, and threw nothing', () => {
    assert.deepEqual(watched.faults, [])
  })
})

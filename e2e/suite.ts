/** A suite with a server and a browser of its own. */
import { after, before, describe } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { findChromium, launch } from './browser.ts'
import { type RunningServer, startServer } from './server.ts'

export interface Running {
  server: RunningServer
  browser: Browser
}

/** For suites that begin behind the set-up. */
export const admin = { ADMIN_EMAIL: 'ada@example.org', ADMIN_PASSWORD: 'Correct-Horse-1' }

const chromium = findChromium()
if (!chromium) console.warn('SKIPPED: every test in a browser. No chromium here; set CHROMIUM_PATH to one.')

/** @param tests gets what gives the server and the browser, once the suite runs */
export const inBrowser = (
  name: string,
  settings: Record<string, string>,
  tests: (use: () => Running) => void,
): void => {
  describe(name, { skip: chromium ? false : 'no chromium: set CHROMIUM_PATH' }, () => {
    let running: Running | undefined
    before(async () => {
      const server = await startServer(settings)
      running = { server, browser: await launch(chromium ?? '') }
    })
    after(async () => {
      await running?.browser.close()
      await running?.server.stop()
    })
    tests(() => {
      if (!running) throw new Error('The suite has not started')
      return running
    })
  })
}

export const signIn = async (page: Page): Promise<void> => {
  await page.fill('input[name=email]', admin.ADMIN_EMAIL)
  await page.fill('input[name=password]', admin.ADMIN_PASSWORD)
  await page.click('button[type=submit]')
  await page.waitForSelector('#main.main, .talk-col')
}

export const ask = async (page: Page, question: string): Promise<void> => {
  await page.fill('#ask', question)
  await page.press('#ask', 'Enter')
}

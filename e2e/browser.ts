/** A real browser. What the page must never do is counted while it is used. */
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

export const shotsFolder = join(import.meta.dirname, 'shots')

/** Generous: the machine may be doing other things. */
const stepTimeoutMs = 60_000

const launchArgs = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** The setting wins; null when there is none on this machine. */
export const findChromium = (): string | null => {
  const set = process.env.CHROMIUM_PATH
  if (set) return set
  try {
    return execFileSync('which', ['chromium'], { encoding: 'utf8' }).trim()
  } catch {
    return null
  }
}

export const launch = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: launchArgs })

export interface Watched {
  page: Page
  /** Violations of the policy, requests to other hosts and errors nobody caught, as they come. */
  faults: string[]
  /** Keeps a picture of what is seen now. */
  shot: (name: string) => Promise<void>
}

export const desktop = { viewport: { width: 1440, height: 1000 } } satisfies BrowserContextOptions
export const phone = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
} satisfies BrowserContextOptions

export const openPage = async (browser: Browser, url: string, options: BrowserContextOptions): Promise<Watched> => {
  const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options })
  context.setDefaultTimeout(stepTimeoutMs)
  const page = await context.newPage()
  const faults: string[] = []
  await page.exposeFunction('reportViolation', (what: string) => void faults.push(`policy: ${what}`))
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) => {
      const report = Reflect.get(globalThis, 'reportViolation')
      if (typeof report === 'function') report(`${violatedDirective} ${blockedURI} ${sourceFile}`)
    })
  })
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`))
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url())
    if (protocol.startsWith('http') && host !== new URL(url).host) faults.push(`outside: ${request.url()}`)
  })
  const shot = async (name: string): Promise<void> => {
    mkdirSync(shotsFolder, { recursive: true })
    await page.screenshot({ path: join(shotsFolder, `${name}.png`) })
  }
  await page.goto(url)
  return { page, faults, shot }
}

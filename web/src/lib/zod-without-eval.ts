/** Must be imported before the contract: Zod compiles schemas with `new Function`, which the page's policy forbids and reports. */
import { config } from 'zod'

config({ jitless: true })

/** A process that records entries one by one and prints each id once it is acknowledged. Tests kill it. */
import { writeSync } from 'node:fs'
import pino from 'pino'
import { uuidv7 } from 'uuidv7'
import { systemClock } from '#platform/clock.ts'
import { readConfig } from '#platform/config/index.ts'
import { openPlatform } from '#platform/platform.ts'

const [dataDir = ''] = process.argv.slice(2)
const log = pino({ level: 'silent' })
const { audit } = await openPlatform(readConfig({ DATA_DIR: dataDir }), { log, clock: systemClock })
await audit.start()
const institutionId = '00000000-0000-7000-8000-000000000001'
const who = { id: uuidv7(), institutionId, requestId: 'writer', address: '127.0.0.1' }
for (;;) {
  const thingId = uuidv7()
  await audit.recordAlone(who, { action: 'thing.done', metadata: { thingId } })
  writeSync(1, `${thingId}\n`)
}

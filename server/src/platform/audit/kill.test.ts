/** The trail of a process that was ended by kill -9, on a folder as it is in use. */
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '#platform/clock.ts'
import { readConfig } from '#platform/config/index.ts'
import { startChild } from '#platform/db/embedded/testing.ts'
import { openDriver, openPlatform } from '#platform/platform.ts'
import { audit as auditCommand } from '#src/commands/audit.ts'
import { quietLog } from '../jobs/testing.ts'
import { readEntries } from './testing/trail.ts'

/** `lyceum audit verify` on a folder. */
const verify = async (dataDir: string): Promise<{ code: number; said: string }> => {
  let said = ''
  const out = (text: string): void => {
    said += text
  }
  const code = await auditCommand({ env: { DATA_DIR: dataDir }, out, err: () => undefined, isTerminal: false }, [
    'verify',
  ])
  return { code, said }
}

test('kill -9 loses no acknowledged entry, and the next start links what the last one left', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'lyceum-audit-'))
  t.after(() => rm(dataDir, { recursive: true, force: true }))
  const config = readConfig({ DATA_DIR: dataDir })
  const writer = startChild('../../audit/testing/writer.ts', [dataDir])
  await writer.printed(5)
  writer.process.kill('SIGKILL')
  await writer.exited

  const driver = await openDriver(config, quietLog)
  const next = await openPlatform(config, { log: quietLog, clock: systemClock, driver })
  await next.audit.start()
  const kept = new Set((await readEntries({ admin: driver })).map(({ metadata }) => metadata.thingId))
  assert.deepEqual(
    writer.lines.filter((id) => !kept.has(id)),
    [],
  )
  const { links, faults } = await next.audit.verify()
  assert.deepEqual([links, faults], [kept.size, []])
  await driver.exec(
    `update audit_entries set action = 'x' where id = (select entry_id from audit_links where position = 3)`,
  )
  await next.close()

  const { code, said } = await verify(dataDir)
  assert.equal(code, 1)
  assert.match(
    said,
    /^FAULT {2}place 3, entry [0-9a-f-]{36}: the entry was changed.*\nThe audit trail is not as it was written: 1 fault/,
  )
  assert.equal((await stat(join(dataDir, 'audit.key'))).mode & 0o777, 0o600)
  assert.equal((await readFile(join(dataDir, 'audit.key'))).length, 32)
})

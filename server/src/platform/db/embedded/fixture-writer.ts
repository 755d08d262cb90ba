/** A process that commits rows one by one and prints each number once its commit is acknowledged. Tests kill it. */
import { writeSync } from 'node:fs'
import { openEmbedded } from './index.ts'
import { quietLog } from './testing.ts'

const [dir = '', first = '0'] = process.argv.slice(2)
const database = await openEmbedded({ dir, log: quietLog })
await database.exec('create table if not exists kept (id int primary key)')
for (let id = Number(first); ; id++) {
  await database.transaction('', (session) => session.query('insert into kept values ($1)', [id]))
  writeSync(1, `${id}\n`)
}

/** Every row of every table as JSON and back, in the role that may see them all. */
import type { Driver, Session } from '../db/driver.ts'

/** Rows read or written at a time; pages with their geometry may take some 20 kB each. */
const batchRows = 200
/** The record of migrations is the schema's; the installation's name stays with the place: two may share one Redis. */
const ofThePlace = ['schema_migrations', 'installation']

/** Entered by whoever holds the database's own address, for a copy of it all and for nothing else. */
const role = 'set local role lyceum_backup'
const snapshot = `set transaction isolation level repeatable read; ${role}`

export interface Batch {
  table: string
  /** A JSON array of rows, as PostgreSQL prints them. */
  json: string
}

/** Gives all rows as of one moment, parents before those that refer to them. */
export const readRows = (driver: Driver, take: (batch: Batch, count: number) => Promise<void>): Promise<void> =>
  driver.transaction(snapshot, async (session) => {
    for (const table of await listTables(session)) {
      await session.query(`declare backup cursor for select to_json(t)::text from "${table}" t`, [])
      for (;;) {
        const { rows } = await session.query(`fetch ${batchRows} from backup`, [])
        if (rows.length === 0) break
        await take({ table, json: `[${rows.map(([row]) => row).join(',')}]` }, rows.length)
      }
      await session.query('close backup', [])
    }
  })

/** Puts rows in the place of all that is there, in one transaction: it becomes so whole, or not at all. @returns how many */
export const writeRows = (driver: Driver, batches: AsyncIterable<Batch>): Promise<number> =>
  driver.transaction(role, async (session) => {
    const tables = await listTables(session)
    for (const table of tables.toReversed()) await session.query(`delete from "${table}"`, [])
    let written = 0
    for await (const { table, json } of batches) {
      if (!tables.includes(table)) throw new Error(`There is no table ${table}`)
      const { count } = await session.query(
        `insert into "${table}" overriding system value select * from jsonb_populate_recordset(null::"${table}", $1::jsonb)`,
        [json],
      )
      written += count
    }
    await countOn(session)
    return written
  })

/** Whether anybody has an account. */
export const hasPeople = (driver: Driver): Promise<boolean> =>
  driver.transaction(role, async (session) => {
    const { rows } = await session.query('select exists (select from users)', [])
    return rows[0]?.[0] === true
  })

/** Parents first, so that every reference is there when it is checked. */
const listTables = async (session: Session): Promise<string[]> => {
  const { rows } = await session.query(
    `select c.relname, array_to_json(array(
       select p.relname from pg_constraint f join pg_class p on p.oid = f.confrelid
       where f.conrelid = c.oid and f.contype = 'f' and p.oid <> c.oid))::text
     from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by c.relname`,
    [],
  )
  const waiting = new Map(rows.map(([name, parents]) => [String(name), JSON.parse(String(parents)) as string[]]))
  const sorted: string[] = []
  while (waiting.size > 0) {
    const free = [...waiting].find(([, parents]) => !parents.some((parent) => waiting.has(parent)))
    if (!free) throw new Error(`These tables refer to each other in a circle: ${[...waiting.keys()].join(', ')}`)
    waiting.delete(free[0])
    sorted.push(free[0])
  }
  return sorted.filter((name) => !ofThePlace.includes(name))
}

/** Counters go on behind the highest number that came in. */
const countOn = async (session: Session): Promise<void> => {
  const { rows } = await session.query(
    `select table_name, column_name from information_schema.columns where table_schema = 'public' and is_identity = 'YES'`,
    [],
  )
  for (const [table, column] of rows) {
    await session.query(
      `select setval(pg_get_serial_sequence('"${table}"', '${column}'), greatest((select max("${column}") from "${table}"), 1))`,
      [],
    )
  }
}

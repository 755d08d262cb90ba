/** Row-level security, asked of the database itself: attacks 15 and 16. */
import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { type Scope, scopePrelude } from '#platform/db/index.ts'
import { openPostgres } from '#platform/db/postgres/index.ts'
import { openTestApp, type TestApp, testApp } from '#testing/app.ts'
import { newInstitution, newPerson, type Person } from '#testing/people.ts'

let test: TestApp
let ada: Person
let fellow: Person
let stranger: Person
/** Every table with the names of its columns. */
let tables: Map<string, string[]>

/** What the application's role may not even name. */
const closedToApp = [
  'audit_links',
  'installation',
  'mailed_codes',
  'schedules',
  'setup_codes',
  'sign_in_failures',
  'signing_keys',
]
/** What a rule that acts for the institution sees, and no person in their own name. */
const closedToPersons = ['invitations']

before(async () => {
  test = await testApp()
  const institutionId = await newInstitution(test)
  ada = await newPerson(test, { institutionId })
  fellow = await newPerson(test, { institutionId })
  stranger = await newPerson(test)
  await ada.read('tides.md', 'The harbour of Emden was built in 1847.')
  await ada.call('POST', '/chat', { message: 'When was the harbour of Emden built?' })
  await test.admin.exec(`
    insert into setup_codes (code_hash) values ('${ada.id}');
    insert into schedules (name, next_due_at) values ('${ada.id}', now() + interval '1 year');
    insert into mailed_codes (email, purpose, code_hash, tries_left, expires_at)
      values ('${ada.email}', 'register', 'x', 5, now());
    insert into sign_in_failures (subject_hash, count, blocked_until) values ('${ada.id}', 1, now());
    insert into invitations (id, institution_id, email, role, token_hash, invited_by, expires_at)
      values ('${ada.id}', '${institutionId}', 'bob@example.org', 'student', '${ada.id}', '${ada.id}', now());
    insert into recovery_codes (code_hash, institution_id, user_id) values ('${ada.id}', '${institutionId}', '${ada.id}');
    insert into api_keys (id, institution_id, user_id, name, key_hash, start, scopes, expires_at)
      values ('${ada.id}', '${institutionId}', '${ada.id}', 'script', '${ada.id}', 'lyc_', '{chat}', now());
    insert into audit_entries (id, institution_id, service, person_id, action, metadata, request_id, mac)
      values ('${ada.id}', '${institutionId}', 'lyceum', '${ada.id}', 'test', '{}', 'test', 'x');
    insert into audit_links (position, entry_id, institution_id, form, hash)
      values (${Date.now()}, '${ada.id}', '${institutionId}', 1, 'x');
    insert into person_keys (person_id, institution_id, key) values ('${ada.id}', '${institutionId}', 'x')
      on conflict do nothing;
    insert into idempotency_keys (institution_id, person_id, key_hash, route_id, content_hash, lease_until)
      values ('${institutionId}', '${ada.id}', 'x', 'ask', 'x', now());
    insert into faculties (id, institution_id, name) values ('${ada.id}', '${institutionId}', 'Arts');
    insert into semesters (id, institution_id, faculty_id, name, starts_on, ends_on)
      values ('${ada.id}', '${institutionId}', '${ada.id}', 'Summer', '2026-04-01', '2026-09-30');
    insert into user_faculties values ('${ada.id}', '${ada.id}', '${institutionId}');
    insert into user_semesters values ('${ada.id}', '${ada.id}', '${institutionId}');
    insert into embedding_spaces (id, institution_id, engine, model, dimension, state)
      values ('${ada.id}', '${institutionId}', 'http://127.0.0.1', 'any', 2, 'serving');
    insert into embedded_documents (space_id, document_id, institution_id, job_id, completed_at)
      select '${ada.id}', id, institution_id, id, now() from documents where owner_id = '${ada.id}';
    insert into chunk_vectors (chunk_id, space_id, document_id, institution_id, owner_id, embedding)
      select id, '${ada.id}', document_id, institution_id, owner_id, '[1,0]' from chunks where owner_id = '${ada.id}'`)
  const columns = await owned(`select table_name, column_name from information_schema.columns
    where table_schema = 'public' and table_name <> 'schema_migrations' order by 1, 2`)
  tables = new Map()
  for (const [table, column] of columns as [string, string][]) tables.set(table, [...(tables.get(table) ?? []), column])
})

/** Rows of a statement past row-level security. */
const owned = async (text: string): Promise<unknown[][]> => (await test.admin.exec(text))[0]?.rows ?? []

/** Rows of a statement in a role, with the settings that `prelude` makes; rolled back. */
const inRole = async (prelude: string, text: string): Promise<{ rows: unknown[][]; count: number }> => {
  const undo = new Error('rolled back')
  let answer = { rows: [] as unknown[][], count: 0 }
  await test.database.driver
    .transaction(prelude, async (session) => {
      answer = await session.query(text, [])
      throw undo
    })
    .catch((error) => {
      if (error !== undo) throw error
    })
  return answer
}
const refused = { code: '42501' }
const countAs = async (prelude: string, table: string, where = 'true'): Promise<number> =>
  Number((await inRole(prelude, `select count(*) from ${table} where ${where}`)).rows[0]?.[0])
/** How many rows a statement of a person changes; none where the application's role may not even try. */
const touchedAs = (person: Person, text: string): Promise<number> =>
  inRole(as(person), text).then(
    ({ count }) => count,
    (error) => (error.code === refused.code ? 0 : Promise.reject(error)),
  )
const scopeOf = ({ institutionId, id }: Person): Scope => ({ institutionId, personId: id })
const as = (person: Person): string => scopePrelude(scopeOf(person))
const shown = (): string[] => [...tables.keys()].filter((table) => !closedToApp.includes(table))

describe('every table', () => {
  it('has row-level security, forced, with a policy', async () => {
    const found = await owned(`select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind in ('r', 'p') and c.relname <> 'schema_migrations'
        and not (c.relrowsecurity and c.relforcerowsecurity
          and exists (select from pg_policy p where p.polrelid = c.oid))`)
    assert.deepEqual(found, [])
    assert.ok(tables.size >= 20)
  })

  it('has rows here, and shows its owner their own', async () => {
    for (const table of tables.keys()) assert.notEqual((await owned(`select 1 from ${table} limit 1`)).length, 0, table)
    for (const table of shown()) {
      const whole = scopePrelude({ institutionId: ada.institutionId, personId: null })
      const [mine, all] = [
        await countAs(as(ada), table),
        closedToPersons.includes(table) ? await countAs(whole, table) : 1,
      ]
      assert.deepEqual([mine > 0, all > 0], [!closedToPersons.includes(table), true], table)
    }
  })

  it('shows nothing to the application when it forgot to say for whom', async () => {
    const forgetful = ['set local role lyceum_app', `set local role lyceum_app; set local app.institution = ''`]
    for (const prelude of forgetful) {
      for (const table of shown()) assert.equal(await countAs(prelude, table), 0, table)
      for (const table of closedToApp) await assert.rejects(countAs(prelude, table), refused)
    }
  })

  it('shows nothing of an institution to another', async () => {
    for (const table of shown()) {
      const column = table === 'institutions' ? 'id' : 'institution_id'
      assert.equal(await countAs(as(stranger), table, `${column} = '${ada.institutionId}'`), 0, table)
    }
  })

  it('shows nothing personal to others of the institution', async () => {
    const personal = shown().filter((table) => table !== 'users' && ownerColumn(table))
    assert.ok(personal.length >= 10)
    for (const table of personal) {
      const mine = `${ownerColumn(table)} = '${ada.id}'`
      assert.notEqual(await countAs(as(ada), table, mine), 0, table)
      assert.equal(await countAs(as(fellow), table, mine), 0, table)
    }
    for (const table of ['pages', 'lexical_postings']) assert.equal(await countAs(as(fellow), table), 0, table)
  })

  it('lets nobody change or take away what the audit trail holds', async () => {
    for (const text of ['delete from audit_entries', "update audit_entries set action = 'nothing'"])
      for (const prelude of [as(ada), 'set local role lyceum_door'])
        await assert.rejects(inRole(prelude, text), refused)
  })

  it('lets nobody change or take rows of another institution, or push rows there', async () => {
    for (const table of shown().filter((name) => name !== 'institutions')) {
      const theirs = `where institution_id = '${ada.institutionId}'`
      assert.equal(await touchedAs(stranger, `delete from ${table} ${theirs}`), 0, table)
      const give = `set institution_id = '${stranger.institutionId}'`
      assert.equal(await touchedAs(stranger, `update ${table} ${give} ${theirs}`), 0, table)
      const whole = scopePrelude({ institutionId: ada.institutionId, personId: null })
      const mayTry = closedToPersons.includes(table) ? whole : as(ada)
      await assert.rejects(inRole(mayTry, `update ${table} ${give}`), refused, table)
    }
  })
})

const ownerColumn = (table: string): string | undefined =>
  tables.get(table)?.find((column) => ['person_id', 'user_id', 'owner_id'].includes(column))

describe('the roles', () => {
  it('have no power of their own, and own nothing', async () => {
    const powers =
      await owned(`select rolname, rolsuper or rolbypassrls or rolcanlogin or rolcreaterole or rolcreatedb or rolreplication
      from pg_roles where rolname in ('lyceum_app', 'lyceum_backup', 'lyceum_door') order by 1`)
    assert.deepEqual(powers, [
      ['lyceum_app', false],
      ['lyceum_backup', false],
      ['lyceum_door', false],
    ])
    const possessions = await owned(`select 1 from pg_shdepend d join pg_roles r on r.oid = d.refobjid
      where d.deptype = 'o' and r.rolname in ('lyceum_app', 'lyceum_backup', 'lyceum_door')`)
    assert.deepEqual(possessions, [])
    const groups = await owned(`select 1 from pg_auth_members m join pg_roles r on r.oid = m.member
      where r.rolname in ('lyceum_app', 'lyceum_backup', 'lyceum_door')`)
    assert.deepEqual(groups, [])
  })

  const doorReads: Record<string, string[] | 'all'> = {
    users: 'all',
    sessions: 'all',
    refresh_tokens: 'all',
    signing_keys: 'all',
    setup_codes: 'all',
    schedules: 'all',
    documents: [
      'chunk_count',
      'created_at',
      'created_by',
      'deleted_at',
      'id',
      'institution_id',
      'job_id',
      'owner_id',
      'status',
    ],
    embedding_spaces: ['engine', 'id', 'institution_id', 'model', 'state'],
    embedded_documents: ['completed_at', 'document_id', 'space_id'],
    api_keys: 'all',
    audit_entries: 'all',
    audit_links: 'all',
    idempotency_keys: ['created_at'],
    installation: 'all',
    institutions: ['deleted_at', 'id', 'join_code'],
    invitations: 'all',
    mailed_codes: 'all',
    person_keys: 'all',
    sign_in_failures: 'all',
    user_faculties: 'all',
    user_semesters: 'all',
    jobs: ['due_at', 'id', 'institution_id', 'kind', 'lease_until', 'person_id', 'state'],
    journals: [
      'closed_at',
      'created_at',
      'epoch',
      'id',
      'institution_id',
      'kind',
      'lease_holder',
      'lease_until',
      'person_id',
      'stop_requested_at',
    ],
  }

  it('give the door no column but those named here', async () => {
    const mayRead = (table: string, column: string): boolean => {
      const granted = doorReads[table] ?? []
      return granted === 'all' || granted.includes(column)
    }
    const all = [...tables].flatMap(([table, columns]) => columns.map((column) => ({ table, column })))
    for (const { table, column } of all) {
      const reading = inRole('set local role lyceum_door', `select "${column}" from ${table} limit 1`)
      if (mayRead(table, column)) assert.equal((await reading).rows.length, 1, `${table}.${column}`)
      else await assert.rejects(reading, refused, `${table}.${column}`)
    }
  })

  it('let the door write what is named here, and nothing else', async () => {
    const writes = await owned(`select c.relname, string_agg(distinct p.privilege, ',' order by p.privilege)
      from pg_class c, unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p (privilege)
      where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'
        and has_table_privilege('lyceum_door', c.oid, p.privilege) group by 1 order by 1`)
    assert.deepEqual(writes, [
      ['audit_entries', 'INSERT'],
      ['audit_links', 'INSERT'],
      ['idempotency_keys', 'DELETE'],
      ['journal_entries', 'INSERT'],
      ['mailed_codes', 'DELETE,INSERT,UPDATE'],
      ['person_keys', 'INSERT'],
      ['schedules', 'INSERT,UPDATE'],
      ['setup_codes', 'DELETE,INSERT'],
      ['sign_in_failures', 'DELETE,INSERT,UPDATE'],
      ['signing_keys', 'INSERT'],
    ])
    const columns = await owned(`select table_name, column_name from information_schema.column_privileges
      where grantee = 'lyceum_door' and privilege_type = 'UPDATE'
        and table_name not in ('mailed_codes', 'schedules', 'sign_in_failures') order by 1`)
    assert.deepEqual(columns, [
      ['api_keys', 'last_used_at'],
      ['journals', 'lease_until'],
    ])
  })
})

describe('sessions of the database shared by two institutions', () => {
  const { LYCEUM_TEST_PGBOUNCER_URL: pooler } = process.env
  const isServer = process.env.LYCEUM_TEST_SHAPE === 'server'

  /** 200 calls of two people in turn; each must be told of their own alone. */
  const interleave = async (on: Pick<TestApp, 'app'>): Promise<void> => {
    const people = [ada, stranger]
    for (const person of people) await person.upload(`${person.id}.txt`, person.id)
    const calls = Array.from({ length: 200 }, async (_, at) => {
      const person = people[at % 2] ?? ada
      const url = `/api/v1${at % 4 < 2 ? '/documents' : '/auth/me'}`
      const reply = await on.app.http.inject({ url, headers: { authorization: `Bearer ${person.token}` } })
      assert.equal(reply.statusCode, 200, reply.payload)
      return people.filter(({ id }) => reply.payload.includes(id) !== (id === person.id))
    })
    assert.deepEqual((await Promise.all(calls)).flat(), [])
  }

  /** The same database through two sessions. */
  const overTwo = async (url: string): Promise<void> => {
    const driver = openPostgres({ url, poolSize: 2, onError: () => undefined })
    const few = await openTestApp({ database: { ...test.database, admin: test.admin, driver } })
    try {
      await interleave(few)
    } finally {
      await few.close()
      await driver.close()
    }
  }

  it('let no row cross', () => (isServer ? overTwo(test.database.url ?? '') : interleave(test)))

  it('let no row cross through a pooler', { skip: !isServer || !pooler }, () =>
    overTwo(Object.assign(new URL(pooler ?? ''), { pathname: new URL(test.database.url ?? '').pathname }).href),
  )
})

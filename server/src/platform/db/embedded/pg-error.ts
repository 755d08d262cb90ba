import type { DatabaseError } from '../driver.ts'

/** Letters of the fields of an ErrorResponse (https://www.postgresql.org/docs/current/protocol-error-fields.html). */
const fieldNames: Record<string, string> = {
  S: 'severity',
  D: 'detail',
  H: 'hint',
  P: 'position',
  W: 'where',
  s: 'schema',
  t: 'table',
  c: 'column',
  d: 'dataType',
  n: 'constraint',
}

/** An error that PostgreSQL reported. `code` is the SQLSTATE; the members are named as node-postgres names them. */
export class PgError extends Error implements DatabaseError {
  readonly code: string
  declare readonly constraint?: string

  constructor(fields: ReadonlyMap<string, string>) {
    super(fields.get('M') ?? 'the database reported an error without a message')
    this.name = 'PgError'
    this.code = fields.get('C') ?? 'XX000'
    for (const [letter, name] of Object.entries(fieldNames)) {
      const value = fields.get(letter)
      if (value !== undefined) Object.assign(this, { [name]: value })
    }
  }
}

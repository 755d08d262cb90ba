/**
 * What the two database drivers (embedded PGlite, PostgreSQL) have in common. Everything above
 * this file speaks to a `Driver` and never asks which one it is.
 */

/** The answer to one statement. Values are text as PostgreSQL prints it (numbers of up to 32 bits, booleans, json and bytea are parsed). */
export interface Rows {
  fields: string[]
  rows: unknown[][]
  /** Rows returned or touched. */
  count: number
}

/** A session inside an open transaction. Statements may be sent without awaiting the one before: they run in order. */
export interface Session {
  query(text: string, params: readonly unknown[]): Promise<Rows>
}

/** A statement with its values for `$1`, `$2` and so on. */
export interface Statement {
  text: string
  params: readonly unknown[]
}

/** How busy its sessions are. */
export interface Load {
  inUse: number
  /** Who waits for a session. */
  waiting: number
}

export interface Driver {
  /**
   * Runs `run` in one transaction. `prelude` (plain SQL without parameters: role and settings) travels
   * in the same flight as the first statement. Commits when `run` resolves, rolls back when it rejects.
   * @throws AppError `database_busy` when no session is free in time, `database_timeout` when a statement outlives its deadline
   */
  transaction<T>(prelude: string, run: (session: Session) => Promise<T>): Promise<T>
  /**
   * Runs statements in one transaction that do not wait for each other's answers, all of them, BEGIN and COMMIT in one
   * flight. When one fails none counts. @throws as `transaction`
   */
  batch(prelude: string, statements: readonly Statement[]): Promise<Rows[]>
  /** Runs several statements as the owner, outside the roles; for migrations and maintenance alone. */
  exec(text: string): Promise<Rows[]>
  /** Resolves when the database answers. */
  ping(): Promise<void>
  load(): Load
  close(): Promise<void>
}

/** A database error as the drivers report it: `code` is the SQLSTATE. */
export interface DatabaseError extends Error {
  code: string
  constraint?: string
}

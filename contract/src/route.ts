import type { z } from 'zod'

/** Who may call: anyone, someone signed in, staff (teacher or admin), or an admin of the institution. */
export type Auth = 'anyone' | 'signed_in' | 'staff' | 'admin'
/** What a personal key must carry to call it; sessions of the person carry all. */
export type KeyScope = 'account' | 'documents:read' | 'documents:write' | 'chat' | 'admin'
/** Which allowance a call draws from; `none` for probes. */
export type LimitKind = 'none' | 'requests' | 'credentials' | 'chat'

/** How a request's body arrives. In multipart the fields come before the file. */
export type Body<S extends z.ZodType = z.ZodType> =
  | { kind: 'json'; schema: S }
  | { kind: 'multipart'; schema: S }
  | { kind: 'form'; schema: S }
  | { kind: 'raw' }

/** What a route answers. `json_or_stream` gives server-sent events to who accepts `text/event-stream`; `json_or_file` a file to who asks for one. */
export type Reply<S extends z.ZodType = z.ZodType> =
  | { kind: 'json'; status: 200 | 201 | 202; schema: S }
  | { kind: 'json_or_stream'; status: 200; schema: S }
  | { kind: 'json_or_file'; status: 200; schema: S }
  | { kind: 'empty'; status: 202 | 204 }
  | { kind: 'stream' }
  | { kind: 'file' }

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below the prefix, with `:name` for parameters. */
  path: string
  /** `/api` routes answer under `/api/v1` and, version left out, under `/api`. */
  prefix: '/api' | '/v1' | '/mcp' | '/.well-known' | ''
  /** Stable name of the operation in the OpenAPI document. */
  id: string
  summary: string
  auth: Auth
  scope: KeyScope
  limit: LimitKind
  /** The action that the audit trail records; null for reads that it leaves out. */
  audit: string | null
  /** Whether `Idempotency-Key` is honoured. */
  idempotent: boolean
  params?: z.ZodType
  query?: z.ZodType
  body?: Body
  reply: Reply
}

type Given = Pick<Route, 'method' | 'path' | 'id' | 'summary' | 'auth' | 'scope' | 'reply'> & Partial<Route>
type Defaults = { prefix: '/api'; limit: 'requests'; audit: null; idempotent: false }

/** One call of the API: the server mounts it, the client calls it, and the OpenAPI document lists it. */
export const route = <const R extends Given>(given: R): Omit<Defaults, keyof R> & R => ({
  prefix: '/api',
  limit: 'requests',
  audit: null,
  idempotent: false,
  ...given,
})

export const json = <S extends z.ZodType, const Status extends 200 | 201 | 202 = 200>(
  schema: S,
  status: Status = 200 as Status,
) => ({ kind: 'json', status, schema }) as const
export const jsonOrStream = <S extends z.ZodType>(schema: S) =>
  ({ kind: 'json_or_stream', status: 200, schema }) as const
export const jsonOrFile = <S extends z.ZodType>(schema: S) => ({ kind: 'json_or_file', status: 200, schema }) as const
export const empty = <const Status extends 202 | 204 = 204>(status: Status = 204 as Status) =>
  ({ kind: 'empty', status }) as const
export const stream = { kind: 'stream' } as const
export const file = { kind: 'file' } as const
export const jsonBody = <S extends z.ZodType>(schema: S) => ({ kind: 'json', schema }) as const
export const multipart = <S extends z.ZodType>(schema: S) => ({ kind: 'multipart', schema }) as const

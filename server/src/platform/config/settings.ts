/** Every setting there is, with what it means: the schema that reads them and the page that documents them are made from this. */
import { z } from 'zod'

const port = z.coerce.number().int().min(0).max(65_535)
const url = (...protocols: string[]) =>
  z.string().refine(
    (text) => {
      const parsed = URL.parse(text)
      return parsed !== null && protocols.includes(parsed.protocol)
    },
    `must be an address that begins with ${protocols.map((name) => `${name}//`).join(' or ')}`,
  )
const flag = z.enum(['on', 'off'])
const stageNames = ['lexical', 'vector', 'rerank'] as const
const stages = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim()))
  .pipe(z.array(z.enum(stageNames)))
  .refine((named) => named.some((name) => name !== 'rerank'), 'must name lexical or vector')
const positive = z.coerce.number().int().positive()
const count = z.number().int().positive()
const byTier = z
  .string()
  .transform((text) => text.split(',').map(Number))
  .pipe(z.tuple([count, count, count], 'must be three numbers, for free, pro and enterprise'))

interface Setting {
  schema: z.ZodType
  about: string
  /** Never printed; may also come from the file that `<NAME>_FILE` names. */
  secret?: true
}

export const settings = {
  PORT: { schema: port.default(3000), about: 'Port to listen on; 0 takes a free one.' },
  HOST: {
    schema: z.string().min(1).default('127.0.0.1'),
    about: 'Address to listen on. The default is reached from this machine alone.',
  },
  DATA_DIR: {
    schema: z.string().min(1).default('./data'),
    about: 'Folder of the embedded database, the files and the secrets made at the first start.',
  },
  PUBLIC_URL: {
    schema: url('http:', 'https:').optional(),
    about: 'Address under which people reach this server, when it is not the one that it listens on.',
  },
  TRUST_PROXY: {
    schema: flag.default('off'),
    about: '`on` behind a proxy that sets `X-Forwarded-For` and `X-Forwarded-Proto`; their values are believed then.',
  },
  LOG_LEVEL: {
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    about: 'Least weight of what is logged.',
  },
  ADMIN_EMAIL: {
    schema: z.email().optional(),
    about:
      'Address of the first admin, made at the start when it does not exist. Without it the start prints a one-time set-up link.',
  },
  ADMIN_PASSWORD: {
    schema: z.string().min(8).max(128).optional(),
    about: 'Password of the first admin; needed with `ADMIN_EMAIL`.',
    secret: true,
  },
  SMTP_URL: {
    schema: url('smtp:', 'smtps:').optional(),
    about:
      'Mail server, such as `smtps://user:password@mail.example.org`. Without it each mail becomes a file in the folder `outbox` of `DATA_DIR`, and a log line names it.',
    secret: true,
  },
  MAIL_FROM: {
    schema: z
      .string()
      .regex(
        /^([^<>\r\n]+ <[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/,
        'must be an address, or a name and <an address>',
      )
      .optional(),
    about: 'Sender of mail, such as `Lyceum <lyceum@example.org>`; needed with `SMTP_URL`.',
  },
  REQUIRE_EMAIL_VERIFICATION: {
    schema: flag.optional(),
    about:
      '`on`: an account is made only with a code that was sent to its address. Default: `on` with `SMTP_URL`, else `off`.',
  },
  SECRETS_KEY: {
    schema: z.base64().length(44, 'must be 32 bytes in base64').optional(),
    about:
      'Key that seals second factors and hashes codes: 32 bytes in base64, the same for every process. Without it `secrets.key` in `DATA_DIR` is made and used.',
    secret: true,
  },
  AUDIT_KEY: {
    schema: z.string().min(32).max(1000).optional(),
    about:
      'Key of the audit trail: 32 characters or more, by chance, the same for every process. Needed where hosts on one database do not share `DATA_DIR`; without it `audit.key` in that folder is made and used.',
    secret: true,
  },
  METRICS_TOKEN: {
    schema: z.string().min(16).optional(),
    about: 'Bearer token with which Prometheus reads `/metrics`. Without it there is nothing at that address.',
    secret: true,
  },
  DATABASE_URL: {
    schema: url('postgres:', 'postgresql:').optional(),
    about: 'PostgreSQL 15 or later with pgvector. Without it the embedded database in `DATA_DIR` is used.',
    secret: true,
  },
  DATABASE_POOL: {
    schema: positive.max(200).default(10),
    about: 'Database sessions at a time; a call waits up to 5 s for one, then answers 503.',
  },
  MIGRATE: {
    schema: flag.default('on'),
    about: '`off` makes a start with an older schema stop with a message instead of migrating it.',
  },
  REDIS_URL: {
    schema: url('redis:', 'rediss:').optional(),
    about:
      'Redis for jobs and live events between processes. Without it they stay in this process. Several installations may share one.',
    secret: true,
  },
  EMBEDDING_BASE_URL: {
    schema: url('http:', 'https:').optional(),
    about:
      'OpenAI-compatible engine that turns passages and questions into vectors, such as `http://localhost:11434/v1`. Together with `EMBEDDING_MODEL`. Without it search is by words alone.',
  },
  EMBEDDING_MODEL: {
    schema: z.string().min(1).max(200).optional(),
    about:
      'Its model. After a change passages get new vectors in the background, while the old ones go on serving if the engine still has their model.',
  },
  EMBEDDING_API_KEY: { schema: z.string().min(1).optional(), about: 'Its key, where it wants one.', secret: true },
  SEARCH_STAGES: {
    schema: stages.prefault('lexical,vector,rerank'),
    about: 'What takes part in a search, of `lexical`, `vector` and `rerank`; the first or the second must.',
  },
  ACCESS_TOKEN_TTL_SECONDS: {
    schema: positive.max(30 * 86_400).default(86_400),
    about: 'How long an access token is good.',
  },
  REFRESH_TOKEN_TTL_SECONDS: {
    schema: positive.max(365 * 86_400).default(30 * 86_400),
    about: 'How long a session lasts without being used.',
  },
  RATE_LIMITS: {
    schema: flag.default('on'),
    about: '`off` takes every limit on calls away: for tests and benches alone.',
  },
  LIMIT_REQUESTS_PER_HOUR: {
    schema: byTier.prefault('100,1000,10000'),
    about: 'Requests that a person may make within an hour, in the tiers `free`, `pro` and `enterprise`.',
  },
  LIMIT_AI_CALLS_PER_HOUR: {
    schema: byTier.prefault('10,100,1000'),
    about: 'Questions to the tutor among them, in the same tiers, whether or not a model answers.',
  },
  LIMIT_CHAT_PER_MINUTE: {
    schema: positive.default(30),
    about: 'Questions to the tutor that a person may ask within a minute.',
  },
  LIMIT_CREDENTIALS_PER_10_MINUTES: {
    schema: positive.default(300),
    about:
      'Sign-ins, registrations and renewals of sessions within 10 minutes from one network address, behind which a whole school may be.',
  },
  LIMIT_ADDRESS_PER_HOUR: {
    schema: positive.default(3000),
    about: 'Other calls within an hour from one network address by who is not signed in.',
  },
  DEFAULT_TIER: { schema: z.enum(['free', 'pro', 'enterprise']).default('pro'), about: 'Tier of new accounts.' },
  MAX_UPLOAD_MB: { schema: positive.max(2000).default(100), about: 'Largest file that may be uploaded, in MiB.' },
  STORAGE_QUOTA_MB: {
    schema: positive.default(5000),
    about: 'Room for the files of one person, in MiB. What is deleted counts until it is gone for good.',
  },
  MAX_PAGES: { schema: positive.max(100_000).default(5000), about: 'Most pages that a document may have.' },
  PARSER_MEMORY_MB: {
    schema: positive.min(128).default(768),
    about: 'Memory that reading one document may take, in MiB; past it the document fails and the server goes on.',
  },
  PARSER_TIMEOUT_SECONDS: { schema: positive.default(300), about: 'Time that reading one document may take.' },
  LLM_BASE_URL: {
    schema: url('http:', 'https:').optional(),
    about:
      'Address of an OpenAI-compatible server, with or without `/v1`. Together with `LLM_MODEL` it answers the questions; without it answers are quoted from the pages.',
  },
  LLM_API_KEY: { schema: z.string().min(1).optional(), about: 'Its key, when it wants one.', secret: true },
  LLM_MODEL: { schema: z.string().min(1).optional(), about: 'Name of the model, as that server knows it.' },
  LLM_FIRST_TOKEN_TIMEOUT_SECONDS: {
    schema: positive.max(600).default(30),
    about:
      'How long the model may take for its first token, attempts included; then the answer is quoted from the pages.',
  },
  LLM_TOKEN_TIMEOUT_SECONDS: {
    schema: positive.max(600).default(15),
    about: 'How long it may take from one token to the next.',
  },
  LLM_ANSWER_TIMEOUT_SECONDS: {
    schema: positive.max(3600).default(180),
    about: 'How long it may take for a whole answer.',
  },
  LLM_MAX_TOKENS: { schema: positive.max(100_000).default(1200), about: 'Most tokens of an answer.' },
  UNSUPPORTED_SENTENCES: {
    schema: z.enum(['withhold', 'mark']).default('withhold'),
    about:
      'What becomes of a sentence of the model that the pages do not bear out: nobody sees it, or it is shown and marked.',
  },
} satisfies Record<string, Setting>

export const settingList: [string, Setting][] = Object.entries(settings)

type Parsed = { [Name in keyof typeof settings]: z.output<(typeof settings)[Name]['schema']> }
export type Settings = Parsed

export const settingsSchema = z.object(
  Object.fromEntries(settingList.map(([name, { schema }]) => [name, schema])),
) as unknown as z.ZodType<Settings>

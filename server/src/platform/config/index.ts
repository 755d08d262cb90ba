/** Settings as choices: read once, at the start, by a pure function. Nobody else reads the environment. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { OperatorError } from '../errors.ts'
import type { LimitNumbers } from '../limits/index.ts'
import { type Settings, settingList, settingsSchema } from './settings.ts'

export type DatabaseChoice = { kind: 'embedded'; dir: string } | { kind: 'postgres'; url: string; poolSize: number }
export type WiresChoice = { kind: 'memory' } | { kind: 'redis'; url: string }

export type MailChoice = { from: string } & ({ kind: 'outbox'; dir: string } | { kind: 'smtp'; url: string })

export interface Config {
  http: { host: string; port: number; publicUrl: string | null; trustProxy: boolean }
  dataDir: string
  logLevel: string
  database: DatabaseChoice
  migrate: boolean
  /** What carries jobs and live events between processes. */
  wires: WiresChoice
  files: { dir: string }
  admin: { email: string; password: string } | null
  mail: MailChoice
  /** Whether an account is made only with a code that was sent to its address. */
  requireEmailVerification: boolean
  /** 32 bytes in base64; null for the key in the data folder. */
  secretsKey: string | null
  /** What the audit trail's key is made from; null for the key in the data folder. */
  auditKey: string | null
  tokens: { accessTtlSeconds: number; refreshTtlSeconds: number }
  defaultTier: 'free' | 'pro' | 'enterprise'
  /** Who has it may read the metrics; null for nobody. */
  metricsToken: string | null
  /** Null: nothing is limited. */
  limits: LimitNumbers | null
  uploads: { maxBytes: number; quotaBytes: number }
  /** The engine that makes vectors; null: search is by words alone. */
  embedding: { baseUrl: string; model: string; apiKey: string | null } | null
  searchStages: ('lexical' | 'vector' | 'rerank')[]
  parsing: { maxPages: number; memoryLimitMb: number; timeLimitMs: number }
  /** The model that answers; null for answers quoted from the pages. */
  llm: ModelChoice | null
  unsupportedSentences: 'withhold' | 'mark'
}

export interface ModelChoice {
  baseUrl: string
  apiKey: string | null
  model: string
  maxTokens: number
  limits: { firstTokenMs: number; tokenMs: number; answerMs: number }
}

/** A setting is wrong or half-set; the message names it and says what is allowed. */
export class ConfigError extends OperatorError {}

/** @throws ConfigError naming every setting that is wrong */
export const readConfig = (env: Readonly<Record<string, string | undefined>>): Config => {
  const parsed = settingsSchema.safeParse(withFiles(env))
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    throw new ConfigError(`These settings are wrong:\n${lines.join('\n')}\nAll settings: docs/configuration.md`)
  }
  const s = parsed.data
  if ((s.EMBEDDING_BASE_URL === undefined) !== (s.EMBEDDING_MODEL === undefined)) {
    throw new ConfigError('EMBEDDING_BASE_URL and EMBEDDING_MODEL go together: set both or neither.')
  }
  const dataDir = resolve(s.DATA_DIR)
  return {
    http: { host: s.HOST, port: s.PORT, publicUrl: s.PUBLIC_URL ?? null, trustProxy: s.TRUST_PROXY === 'on' },
    dataDir,
    logLevel: s.LOG_LEVEL,
    database: s.DATABASE_URL
      ? { kind: 'postgres', url: s.DATABASE_URL, poolSize: s.DATABASE_POOL }
      : { kind: 'embedded', dir: join(dataDir, 'database') },
    migrate: s.MIGRATE === 'on',
    wires: s.REDIS_URL ? { kind: 'redis', url: s.REDIS_URL } : { kind: 'memory' },
    files: { dir: join(dataDir, 'files') },
    admin: readAdmin(s),
    ...readProofs(s, dataDir),
    auditKey: s.AUDIT_KEY ?? null,
    tokens: { accessTtlSeconds: s.ACCESS_TOKEN_TTL_SECONDS, refreshTtlSeconds: s.REFRESH_TOKEN_TTL_SECONDS },
    defaultTier: s.DEFAULT_TIER,
    metricsToken: s.METRICS_TOKEN ?? null,
    limits: s.RATE_LIMITS === 'on' ? readLimits(s) : null,
    uploads: { maxBytes: s.MAX_UPLOAD_MB * 1024 * 1024, quotaBytes: s.STORAGE_QUOTA_MB * 1024 * 1024 },
    embedding:
      s.EMBEDDING_BASE_URL && s.EMBEDDING_MODEL
        ? { baseUrl: s.EMBEDDING_BASE_URL, model: s.EMBEDDING_MODEL, apiKey: s.EMBEDDING_API_KEY ?? null }
        : null,
    searchStages: s.SEARCH_STAGES,
    llm: readModel(s),
    unsupportedSentences: s.UNSUPPORTED_SENTENCES,
    parsing: {
      maxPages: s.MAX_PAGES,
      memoryLimitMb: s.PARSER_MEMORY_MB,
      timeLimitMs: s.PARSER_TIMEOUT_SECONDS * 1000,
    },
  }
}

const readAdmin = ({ ADMIN_EMAIL: email, ADMIN_PASSWORD: password }: Settings): Config['admin'] => {
  if ((email === undefined) !== (password === undefined)) {
    throw new ConfigError('ADMIN_EMAIL and ADMIN_PASSWORD go together: set both or neither.')
  }
  return email && password ? { email: email.toLowerCase(), password } : null
}

/** What proves who a person is. */
const readProofs = (
  s: Settings,
  dataDir: string,
): Pick<Config, 'mail' | 'requireEmailVerification' | 'secretsKey'> => ({
  mail: readMail(s, dataDir),
  requireEmailVerification: (s.REQUIRE_EMAIL_VERIFICATION ?? (s.SMTP_URL ? 'on' : 'off')) === 'on',
  secretsKey: s.SECRETS_KEY ?? null,
})

const readMail = ({ SMTP_URL: url, MAIL_FROM: from }: Settings, dataDir: string): MailChoice => {
  if (url === undefined)
    return { kind: 'outbox', dir: join(dataDir, 'outbox'), from: from ?? 'Lyceum <lyceum@localhost>' }
  if (from === undefined) throw new ConfigError('SMTP_URL needs MAIL_FROM, the sender that people see.')
  return { kind: 'smtp', url, from }
}

const readLimits = (s: Settings): LimitNumbers => ({
  requestsPerHour: asTiers(s.LIMIT_REQUESTS_PER_HOUR),
  aiCallsPerHour: asTiers(s.LIMIT_AI_CALLS_PER_HOUR),
  chatPerMinute: s.LIMIT_CHAT_PER_MINUTE,
  credentialsPerTenMinutes: s.LIMIT_CREDENTIALS_PER_10_MINUTES,
  addressPerHour: s.LIMIT_ADDRESS_PER_HOUR,
})

const asTiers = ([free, pro, enterprise]: [number, number, number]) => ({ free, pro, enterprise })

const readModel = (s: Settings): ModelChoice | null => {
  if ((s.LLM_BASE_URL === undefined) !== (s.LLM_MODEL === undefined)) {
    throw new ConfigError('LLM_BASE_URL and LLM_MODEL go together: set both or neither.')
  }
  if (s.LLM_BASE_URL === undefined || s.LLM_MODEL === undefined) return null
  return {
    baseUrl: s.LLM_BASE_URL,
    apiKey: s.LLM_API_KEY ?? null,
    model: s.LLM_MODEL,
    maxTokens: s.LLM_MAX_TOKENS,
    limits: {
      firstTokenMs: s.LLM_FIRST_TOKEN_TIMEOUT_SECONDS * 1000,
      tokenMs: s.LLM_TOKEN_TIMEOUT_SECONDS * 1000,
      answerMs: s.LLM_ANSWER_TIMEOUT_SECONDS * 1000,
    },
  }
}

/** Settings of parts that are still to come; a start that is given one says so rather than keep silent. */
const later = ['S3_BUCKET', 'QDRANT_URL'] as const

/** Names of settings that are set but have no part yet that would use them. */
export const settingsWithoutEffect = (env: Readonly<Record<string, string | undefined>>): string[] =>
  later.filter((name) => env[name])

/** Empty values count as unset; a secret may come from the file that `<NAME>_FILE` names. */
const withFiles = (env: Readonly<Record<string, string | undefined>>): Record<string, string> => {
  const found: Record<string, string> = {}
  for (const [name, { secret }] of settingList) {
    const value = env[name] || (secret && fromFile(name, env[`${name}_FILE`]))
    if (value) found[name] = value
  }
  return found
}

const fromFile = (name: string, path: string | undefined): string | undefined => {
  if (!path) return undefined
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (cause) {
    throw new ConfigError(`${name}_FILE: the file ${path} cannot be read.`, { cause })
  }
}

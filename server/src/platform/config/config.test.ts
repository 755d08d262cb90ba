import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { configurationPage } from './document.ts'
import { ConfigError, readConfig } from './index.ts'

const faultOf = (env: Record<string, string>): string => {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return 'none'
}

describe('settings', () => {
  it('make a whole configuration out of nothing', () => {
    const config = readConfig({})
    assert.equal(config.http.port, 3000)
    assert.equal(config.http.host, '127.0.0.1')
    assert.equal(config.database.kind, 'embedded')
    assert.equal(config.wires.kind, 'memory')
    assert.equal(config.admin, null)
  })

  it('choose the engines by their addresses', () => {
    const config = readConfig({ DATABASE_URL: 'postgres://u:p@h/d', REDIS_URL: 'redis://h:1', DATABASE_POOL: '4' })
    assert.deepEqual(config.database, { kind: 'postgres', url: 'postgres://u:p@h/d', poolSize: 4 })
    assert.deepEqual(config.wires, { kind: 'redis', url: 'redis://h:1' })
  })

  it('name every one that is wrong', () => {
    const fault = faultOf({ PORT: 'ninety', DATABASE_URL: 'mysql://h', TRUST_PROXY: 'yes' })
    for (const name of ['PORT', 'DATABASE_URL', 'TRUST_PROXY']) assert.match(fault, new RegExp(name))
  })

  it('stop at a half-set pair', () => {
    assert.match(faultOf({ ADMIN_EMAIL: 'a@b.co' }), /ADMIN_EMAIL and ADMIN_PASSWORD/)
    assert.match(faultOf({ ADMIN_PASSWORD: 'Secret123!' }), /ADMIN_EMAIL and ADMIN_PASSWORD/)
    assert.match(faultOf({ EMBEDDING_MODEL: 'm' }), /EMBEDDING_BASE_URL and EMBEDDING_MODEL/)
    assert.match(faultOf({ EMBEDDING_BASE_URL: 'http://h' }), /EMBEDDING_BASE_URL and EMBEDDING_MODEL/)
  })

  it('choose the model by its address and name, with its key from a file', () => {
    assert.equal(readConfig({}).llm, null)
    const path = join(mkdtempSync(join(tmpdir(), 'lyceum-config-')), 'key')
    writeFileSync(path, 'sk-1\n')
    const env = { LLM_BASE_URL: 'http://127.0.0.1:8080', LLM_MODEL: 'm', LLM_API_KEY_FILE: path }
    assert.deepEqual(readConfig({ ...env, LLM_TOKEN_TIMEOUT_SECONDS: '2' }).llm, {
      baseUrl: 'http://127.0.0.1:8080',
      apiKey: 'sk-1',
      model: 'm',
      maxTokens: 1200,
      limits: { firstTokenMs: 30_000, tokenMs: 2_000, answerMs: 180_000 },
    })
    assert.match(faultOf({ LLM_MODEL: 'm' }), /LLM_BASE_URL and LLM_MODEL/)
    assert.match(faultOf({ UNSUPPORTED_SENTENCES: 'maybe' }), /UNSUPPORTED_SENTENCES/)
  })

  it('name the engine that makes vectors, and the stages of a search', () => {
    assert.equal(readConfig({}).embedding, null)
    assert.deepEqual(readConfig({}).searchStages, ['lexical', 'vector', 'rerank'])
    assert.deepEqual(readConfig({ EMBEDDING_BASE_URL: 'http://h/v1', EMBEDDING_MODEL: 'm' }).embedding, {
      baseUrl: 'http://h/v1',
      model: 'm',
      apiKey: null,
    })
    assert.deepEqual(readConfig({ SEARCH_STAGES: 'vector, rerank' }).searchStages, ['vector', 'rerank'])
    for (const wrong of ['rerank', 'words', 'lexical,,vector'])
      assert.match(faultOf({ SEARCH_STAGES: wrong }), /SEARCH_STAGES/)
  })

  it('limit calls by tier, and by the numbers that are set', () => {
    assert.deepEqual(readConfig({}).limits, {
      requestsPerHour: { free: 100, pro: 1000, enterprise: 10_000 },
      aiCallsPerHour: { free: 10, pro: 100, enterprise: 1000 },
      chatPerMinute: 30,
      credentialsPerTenMinutes: 300,
      addressPerHour: 3000,
    })
    const { limits } = readConfig({ LIMIT_AI_CALLS_PER_HOUR: '1, 2,3', LIMIT_CHAT_PER_MINUTE: '4' })
    assert.deepEqual([limits?.aiCallsPerHour, limits?.chatPerMinute], [{ free: 1, pro: 2, enterprise: 3 }, 4])
    assert.equal(readConfig({ RATE_LIMITS: 'off' }).limits, null)
    for (const wrong of ['1,2', '1,2,3,4', '0,1,2', '1,2,x', '1.5,2,3', '-1,2,3', '1,,3'])
      assert.match(faultOf({ LIMIT_REQUESTS_PER_HOUR: wrong }), /LIMIT_REQUESTS_PER_HOUR/)
    assert.match(faultOf({ LIMIT_CHAT_PER_MINUTE: '0', RATE_LIMITS: 'no' }), /RATE_LIMITS.+LIMIT_CHAT/s)
  })

  it('send mail to a folder unless a server is set, which needs a sender', () => {
    const { mail, dataDir, requireEmailVerification } = readConfig({})
    assert.deepEqual(mail, { kind: 'outbox', dir: join(dataDir, 'outbox'), from: 'Lyceum <lyceum@localhost>' })
    assert.equal(requireEmailVerification, false)
    const smtp = { SMTP_URL: 'smtp://mail.example.org', MAIL_FROM: 'School <school@example.org>' }
    assert.equal(readConfig(smtp).requireEmailVerification, true)
    assert.equal(readConfig({ ...smtp, REQUIRE_EMAIL_VERIFICATION: 'off' }).requireEmailVerification, false)
    assert.match(faultOf({ SMTP_URL: smtp.SMTP_URL }), /MAIL_FROM/)
    assert.match(faultOf({ ...smtp, MAIL_FROM: 'a@b.co\r\nBcc: c@d.co' }), /MAIL_FROM/)
    assert.match(faultOf({ SECRETS_KEY: 'short' }), /SECRETS_KEY/)
  })

  it('take empty values as unset, and secrets from files', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'lyceum-config-')), 'url')
    writeFileSync(path, 'postgres://from/file\n')
    assert.deepEqual(readConfig({ PORT: '', DATABASE_URL_FILE: path }).database, {
      kind: 'postgres',
      url: 'postgres://from/file',
      poolSize: 10,
    })
    assert.match(faultOf({ DATABASE_URL_FILE: '/nowhere' }), /DATABASE_URL_FILE/)
  })

  it('are documented on the page made from them', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../../docs/configuration.md'), 'utf8')
    assert.equal(page, configurationPage(), 'run npm run docs')
  })
})

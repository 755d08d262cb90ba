/** The composition root: builds every module on the platform and mounts it. What the product is; a process is in main.ts. */

import { allRoutes } from '@lyceum/contract'
import {
  chatHttp,
  createExtractiveTutor,
  createModelTutor,
  createTurns,
  isOwnConversation,
  purgeJournals,
  type Tutor,
} from '#modules/chat'
import {
  type ChatModel,
  createEmbedder,
  createOpenAiChatModel,
  type Embedder,
  withBreaker,
  withoutSecrets,
} from '#modules/engines'
import {
  accountHttp,
  createAuthenticate,
  defaultInstitutionId,
  ensureAdmin,
  identityHttp,
  makeSetupCode,
  openKeys,
  openSecretKey,
  purgeIdentity,
  renewalHttp,
} from '#modules/identity'
import { mountKnowledge, type SearchNeeds, sweepEmbeddings, sweepFiles, sweepReadings } from '#modules/knowledge'
import { createRowCache } from '#modules/retrieval'
import type { Actor } from '#platform/actor.ts'
import { createCallTrail } from '#platform/audit/calls.ts'
import { auditHttp } from '#platform/audit/routes.ts'
import type { Clock } from '#platform/clock.ts'
import type { Config } from '#platform/config/index.ts'
import { prepareDrain } from '#platform/http/drain.ts'
import { healthHttp } from '#platform/http/health.ts'
import { createHttp, type Http } from '#platform/http/index.ts'
import { createMount } from '#platform/http/mount.ts'
import { openApiHttp } from '#platform/http/openapi.ts'
import { createIdempotency } from '#platform/idempotency/index.ts'
import { jobsHttp } from '#platform/jobs/routes.ts'
import { openMailer } from '#platform/mail/index.ts'
import type { Platform } from '#platform/platform.ts'
import { createRequestMetrics } from '#platform/telemetry/metrics.ts'
import { metricsHttp } from '#platform/telemetry/metrics-http.ts'
import { mountWebApp, type WebApp } from '#platform/web/index.ts'

export interface App {
  http: Http
  /** The page; built and served by the process, not by tests. */
  web: WebApp
  /** The code of the set-up link while there is no admin; null afterwards. */
  setupCode: string | null
  /** Starts background work: workers, sweeps. Called once the server listens. */
  startWork(): Promise<void>
  close(): Promise<void>
}

/** What tests put in the place of an engine. */
export interface Overrides {
  tutor?: Tutor
}

export const createApp = async (config: Config, platform: Platform, overrides: Overrides = {}): Promise<App> => {
  const { db, clock, log, jobs, cron } = platform
  const requests = createRequestMetrics()
  const http = createHttp({ log, trustProxy: config.http.trustProxy, countCall: requests.count })
  const mailer = await openMailer(config.mail, log)
  const identity = {
    ...platform,
    mailer,
    keys: await openKeys(db),
    secretKey: await openSecretKey(config.dataDir, config.secretsKey),
    ttl: config.tokens,
    defaultTier: config.defaultTier,
    requireEmailVerification: config.requireEmailVerification,
    countNetworks: config.limits !== null,
  }
  const trail = createCallTrail({ ...platform, nobodysInstitutionId: defaultInstitutionId })
  const idempotency = createIdempotency(platform)
  cron.define({ name: 'idempotency.purge', pattern: '23 * * * *', run: idempotency.purge })
  const mount = createMount({
    http,
    clock,
    authenticate: createAuthenticate(identity),
    limits: platform.limits,
    idempotency,
    trail,
    maxUploadBytes: config.uploads.maxBytes,
  })
  if (config.admin) await ensureAdmin(identity, config.admin)

  healthHttp(mount, http, platform)
  const stopMeasuring = metricsHttp(http, { ...platform, requests, token: config.metricsToken })
  renewalHttp(http, identity)
  identityHttp(mount, identity)
  accountHttp(mount, identity)
  cron.define({ name: 'identity.purge', pattern: '41 * * * *', run: (now) => purgeIdentity(db, now) })
  jobsHttp(mount, platform)
  auditHttp(mount, platform)

  const knowledge = {
    ...platform,
    parsing: config.parsing,
    quotaBytes: config.uploads.quotaBytes,
    embedder: embedderOf(config, clock),
    stages: config.searchStages,
    rowCache: createRowCache(),
    isOwnConversation: (actor: Actor, id: string) => isOwnConversation(db, actor, id),
  }
  mountKnowledge(mount, knowledge)
  const sweep = async (): Promise<void> => {
    await sweepFiles(knowledge, defaultInstitutionId)
    await sweepReadings(knowledge, defaultInstitutionId)
  }
  cron.define({ name: 'knowledge.embed', pattern: '*/2 * * * *', run: () => sweepEmbeddings(knowledge) })
  cron.define({ name: 'knowledge.sweep', pattern: '17 3 * * *', run: sweep })

  const model = modelOf(config, platform)
  const chat = {
    ...platform,
    unsupportedSentences: config.unsupportedSentences,
    tutor: overrides.tutor ?? tutorOf(config, { search: knowledge, model, log }),
  }
  const turns = createTurns(chat)
  chatHttp(mount, { ...chat, turns })
  cron.define({ name: 'chat.journals', pattern: '7 * * * *', run: (now) => purgeJournals(chat, now) })

  openApiHttp(http, allRoutes)
  const closeHttp = prepareDrain(http, clock)
  let starting: Promise<void> = Promise.resolve()
  const web = mountWebApp(http, log)

  return {
    http,
    web,
    setupCode: await makeSetupCode(db),
    startWork: () => {
      starting = turns
        .start()
        .then(jobs.start)
        .then(platform.audit.start)
        .then(sweep)
        .then(() => sweepEmbeddings(knowledge, { urgent: true }))
      return starting
    },
    close: async () => {
      web.stop()
      stopMeasuring()
      const closing = closeHttp()
      await turns.stop()
      await closing
      await mailer.close()
      await model?.close()
      // What was just beginning must not come back to a platform that is closed.
      await starting.catch(() => undefined)
      await platform.close()
    },
  }
}

/** Without the stage nothing is asked and nothing is made; vectors that are there stay for when it is on again. */
const embedderOf = ({ embedding, searchStages }: Config, clock: Clock): Embedder | undefined =>
  embedding && searchStages.includes('vector') ? createEmbedder({ ...embedding, clock }) : undefined

/** The engine that answers, as the settings name it; told in the log without its key. */
const modelOf = ({ llm }: Config, { clock, log }: Platform): ChatModel | null => {
  if (!llm) return null
  log.info({ engine: withoutSecrets(llm.baseUrl), model: llm.model }, 'answers are written by this model')
  return withBreaker(createOpenAiChatModel({ ...llm, clock, random: Math.random }), { clock, log })
}

const tutorOf = (
  { llm }: Config,
  { search, model, log }: { search: SearchNeeds; model: ChatModel | null; log: Platform['log'] },
): Tutor =>
  llm && model ? createModelTutor({ search, model, maxTokens: llm.maxTokens, log }) : createExtractiveTutor(search)

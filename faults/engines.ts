/** Engines on loopback that outlive the servers: a model that quotes, lies and fails, and one that makes vectors. */
import { setTimeout as pause } from 'node:timers/promises'
import { type EmbeddingServer, startEmbeddingServer } from '../server/src/testing/embedding-server.ts'
import {
  type Act,
  begin,
  finish,
  openScriptedModel,
  refusing,
  type ScriptedCall,
  sending,
  token,
  tokensOf,
} from '../server/src/testing/scripted-model.ts'
import type { Chance } from './random.ts'
import type { Settings } from './server.ts'

export interface Engines {
  settings: Settings
  /** What they were asked so far. */
  counts(): { answers: number; vectors: number }
  close(): Promise<void>
}

export const modelName = 'scripted-1'
/** Stands in what the model says against its sources, and in no document. */
export const lie = '1947'

/** From one token to the next: an answer takes about as long as a server lives. */
const tokenMs = [2, 14] as const
/** For the vectors of a document, so that servers die while they wait for them. */
const vectorsMs = [20, 400] as const

export const openEngines = async (chance: Chance): Promise<Engines> => {
  const [model, vectors] = [await openScriptedModel(), await startEmbeddingServer()]
  model.always((call) => actOf(chance)(call))
  vectors.script = async ({ input }) => {
    if (input.length > 1) await pause(chance.between(...vectorsMs))
    return false
  }
  return {
    settings: {
      LLM_BASE_URL: model.url,
      LLM_MODEL: modelName,
      LLM_FIRST_TOKEN_TIMEOUT_SECONDS: '2',
      EMBEDDING_BASE_URL: vectors.url,
      EMBEDDING_MODEL: 'meanings',
    },
    counts: () => ({ answers: model.calls.length, vectors: vectorsOf(vectors) }),
    close: async () => {
      await model.close()
      await vectors.close()
    },
  }
}

const vectorsOf = ({ calls }: EmbeddingServer): number => calls.reduce((sum, { input }) => sum + input.length, 0)

/** Mostly it answers; what else it does ends in an answer from the pages, so that every turn is complete in the end. */
const actOf = (chance: Chance): Act => {
  const roll = chance.between(0, 20)
  if (roll === 0) return refusing(500)
  if (roll === 1) return sending('data: {{{\n\n')
  if (roll === 2) return sending(token('The harbour'))
  return quoting(chance, roll < 7)
}

/** Says sentences of the first sources with their numbers, token by token; a lie may come before. */
const quoting =
  (chance: Chance, liesFirst: boolean): Act =>
  async (call) => {
    const sentences = sentencesIn(call)
    const [first] = sentences
    const said = liesFirst && first ? [first.replace(/\d{4}/, lie), ...sentences] : sentences
    begin(call)
    for (const each of tokensOf(said.join(' ') || 'NOT_IN_SOURCES')) {
      await pause(chance.between(...tokenMs))
      if (call.response.destroyed) return
      call.response.write(token(each))
    }
    call.response.end(`${finish()}data: [DONE]\n\n`)
  }

const sourcePattern = /<source n="(\d+)"[^>]*>\n([\s\S]*?)\n<\/source>/g
const sentencePattern = /The zq[^.]+ was first seen in \d{4}\.|Spring tides[^.]+\./g

const sentencesIn = ({ body }: ScriptedCall): string[] =>
  [...(body.messages.at(-1)?.content ?? '').matchAll(sourcePattern)]
    .flatMap(([, n, quote]) =>
      [...(quote ?? '').matchAll(sentencePattern)].map(([text]) => `${text.slice(0, -1)} [${n}].`),
    )
    .slice(0, 4)

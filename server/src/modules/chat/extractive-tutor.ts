/** The tutor without a model: the best supporting sentences in their own words, or a refusal with what is nearest. */
import type { Source } from '@lyceum/contract/chat'
import { type AnswerSentence, answerExtractively, type ExtractiveAnswer } from '#modules/answering'
import { type FoundPassage, findPassages, readPageTexts, type SearchNeeds } from '#modules/knowledge'
import { guessLanguage, type Language } from '#modules/language'
import type { Database } from '#platform/db/index.ts'
import { refusalIn } from './refusal.ts'
import type { Draft, Tutor, TutorQuestion } from './tutor.ts'

/** Its name in `usage.model`. */
export const extractive = 'extractive'

/** Passages that sentences are looked for in; the answerer takes the best of them. */
const passageLimit = 12

export const createExtractiveTutor = (needs: SearchNeeds): Tutor => ({
  model: extractive,
  answer: (question) => answer(needs, question),
})

const answer = async function* (needs: SearchNeeds, { actor, input }: TutorQuestion): AsyncGenerator<Draft> {
  yield { kind: 'status', step: 'searching' }
  const { documentIds, conversationId, message } = input
  const found = await findPassages(needs, actor, {
    query: message,
    scope: { documentIds, conversationId },
    limit: passageLimit,
  })
  yield { kind: 'status', step: 'reading', ...found.searched }
  const language = guessLanguage(message)
  const { passages, weights } = found
  const outcome = answerExtractively({ question: message, language, passages, weights })
  yield* quotePages(needs.db, actor, { outcome, passages, language })
}

interface Quoting {
  outcome: ExtractiveAnswer
  passages: FoundPassage[]
  language: Language | null
}

/** The sentences that answer with the pages they stand on, or the refusal with what is nearest. */
export const quotePages = async function* (
  db: Database,
  actor: TutorQuestion['actor'],
  { outcome, passages, language }: Quoting,
): AsyncGenerator<Draft> {
  const chosen = outcome.refused ? outcome.nearest : outcome.sentences
  const sources = numberSources(chosen, passages)
  const pageTexts = await readPageTexts(db, actor, sources)
  yield { kind: 'sources', sources, pageTexts, refused: outcome.refused }
  if (outcome.refused) {
    yield { kind: 'sentence', sentence: { text: refusalIn(language ?? actor.language), source: null } }
    return
  }
  for (const [at, { text }] of chosen.entries()) yield { kind: 'sentence', sentence: { text, source: at + 1 } }
}

/** Numbers count up in reading order; each sentence is its own quote, whole also where less of it is said. */
const numberSources = (chosen: AnswerSentence[], passages: FoundPassage[]): Source[] =>
  chosen.flatMap(({ passage, start, end, quote }, at) => {
    const home = passages[passage]
    if (!home) return []
    const { documentId, title, version, page } = home
    return [{ n: at + 1, documentId, title, version, page, quote, start, end }]
  })

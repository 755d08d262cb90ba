/** The tutor of a model: it writes from numbered sources; what it writes is decided by the gate, sentence by sentence. */
import type { Source } from '@lyceum/contract/chat'
import { answerExtractively, type ExtractiveAnswer } from '#modules/answering'
import { type ChatMessage, type ChatModel, EngineError } from '#modules/engines'
import { type FoundPassage, findPassages, readPageTexts, type SearchNeeds } from '#modules/knowledge'
import { guessLanguage, type Language } from '#modules/language'
import type { Logger } from '#platform/telemetry/log.ts'
import { extractive, quotePages } from './extractive-tutor.ts'
import { readHistory } from './history.ts'
import { searchQuery } from './lean.ts'
import { groundedPrompt, promptVersion, smallTalkPrompt } from './prompts/grounded.v1.ts'
import { greetingIn } from './refusal.ts'
import { isSmallTalk } from './talk-words.ts'
import type { Draft, Tutor, TutorQuestion } from './tutor.ts'
import { type Writing, writeAnswer } from './write-answer.ts'

export interface ModelTutorNeeds {
  search: SearchNeeds
  model: ChatModel
  maxTokens: number
  log: Logger
}

/** Passages that the model is given; some 300 tokens each. */
const passageLimit = 8

export const createModelTutor = (needs: ModelTutorNeeds): Tutor => ({
  model: needs.model.model,
  answer: (question) => answer(needs, question),
})

const answer = async function* (needs: ModelTutorNeeds, question: TutorQuestion): AsyncGenerator<Draft> {
  const { message } = question.input
  const history = await readHistory(needs.search.db, question.actor, question.turn)
  const language = guessLanguage(message)
  if (isSmallTalk(message)) yield* talk(needs, question, { history, language })
  else yield* answerFromSources(needs, question, { history, language })
}

interface Before {
  history: ChatMessage[]
  language: Language | null
}

const languageNames: Record<Language, string> = { en: 'English', de: 'German', ar: 'Arabic', id: 'Indonesian' }
const nameOf = (language: Language | null): string | null => language && languageNames[language]

const answerFromSources = async function* (
  needs: ModelTutorNeeds,
  question: TutorQuestion,
  { history, language }: Before,
): AsyncGenerator<Draft> {
  const { search } = needs
  const { actor, input } = question
  yield { kind: 'status', step: 'searching' }
  const previous = history.findLast(({ role }) => role === 'user')?.content ?? null
  const query = searchQuery(input.message, previous)
  const { documentIds, conversationId } = input
  const { passages, weights, searched } = await findPassages(search, actor, {
    query,
    scope: { documentIds, conversationId },
    limit: passageLimit,
  })
  yield { kind: 'status', step: 'reading', ...searched }
  const outcome = answerExtractively({ question: query, language, passages, weights })
  if (outcome.refused && !wantsAnyPage(input.mode, passages)) {
    enterQuoting(question)
    yield* quotePages(search.db, actor, { outcome, passages, language })
    return
  }
  const sources = passages.map(asSource)
  yield { kind: 'sources', sources, pageTexts: await readPageTexts(search.db, actor, sources), refused: false }
  yield { kind: 'status', step: 'writing' }
  const writing = (isStrict: boolean): Writing => {
    const { mode, message } = input
    const given = { mode, language: nameOf(language), sources, history, question: message, isStrict }
    return { ...needs, messages: groundedPrompt(given), prompt: promptVersion, language }
  }
  try {
    yield* writeOnceMore(question, writing)
  } catch (error) {
    if (!mayStepIn(needs, question, error)) throw error
    yield* quoteInstead(question, outcome)
  }
}

/** To sum up or to be quizzed on what there is, a question need not meet the words of the pages. */
const wantsAnyPage = (mode: TutorQuestion['input']['mode'], passages: readonly FoundPassage[]): boolean =>
  passages.length > 0 && (mode === 'summarise' || mode === 'quiz')

const asSource = ({ documentId, title, version, page, text, start, end }: FoundPassage, at: number): Source => ({
  n: at + 1,
  documentId,
  title,
  version,
  page,
  quote: text,
  start,
  end,
})

/** An answer of which nothing stood is written once more, under stricter words. */
const writeOnceMore = async function* (
  question: TutorQuestion,
  writing: (isStrict: boolean) => Writing,
): AsyncGenerator<Draft> {
  yield* writeAnswer(writing(false), question)
  const { said } = question
  if (said.released > 0 || said.withheld === 0) return
  yield { kind: 'again' }
  yield* writeAnswer(writing(true), question)
}

/** Only while nothing of the model was seen: nobody is given two answers in one. */
const mayStepIn = ({ log, model }: ModelTutorNeeds, { signal, said }: TutorQuestion, error: unknown): boolean => {
  if (signal.aborted || said.released > 0 || !(error instanceof EngineError)) return false
  log.warn({ err: error, fault: error.fault, model: model.model }, 'the engine failed: answered without it')
  return true
}

/** The sentences that the extractive tutor would say, on the sources that were sent already. */
const quoteInstead = async function* (
  question: TutorQuestion,
  { refused, sentences }: ExtractiveAnswer,
): AsyncGenerator<Draft> {
  enterQuoting(question)
  yield { kind: 'again' }
  yield { kind: 'status', step: 'quoting' }
  if (refused) yield { kind: 'refusal' }
  else {
    for (const { passage, text, start, end } of sentences) {
      yield { kind: 'sentence', sentence: { text, source: passage + 1, span: [start, end] } }
    }
  }
}

const enterQuoting = ({ calls }: TutorQuestion): void => {
  calls.push({
    model: extractive,
    prompt: null,
    startedAt: performance.now(),
    inputTokens: 0,
    outputTokens: 0,
    isEstimate: false,
  })
}

/** A greeting is answered and never refused, whatever becomes of the engine. */
const talk = async function* (
  needs: ModelTutorNeeds,
  question: TutorQuestion,
  { history, language }: Before,
): AsyncGenerator<Draft> {
  yield { kind: 'status', step: 'writing' }
  const messages = smallTalkPrompt({ language: nameOf(language), history, question: question.input.message })
  try {
    yield* writeAnswer({ ...needs, messages, prompt: promptVersion, language }, question)
  } catch (error) {
    if (!mayStepIn(needs, question, error)) throw error
    enterQuoting(question)
  }
  if (question.said.released > 0) return
  const text = greetingIn(language ?? question.actor.language)
  yield { kind: 'sentence', sentence: { text, source: null } }
}

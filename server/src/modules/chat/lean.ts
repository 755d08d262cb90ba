/** Questions that lean on the one before: "and why?", "When was it built?" */
import { tokenize } from '#modules/language'
import { isStopWord } from './talk-words.ts'

const asSet = (words: string): ReadonlySet<string> => new Set(tokenize(words).map(({ word }) => word))

/** Without those that are articles too, or stand in "What is …?" (`das`, `هو`, `itu`). */
const pronouns = asSet(`he she it they him her its his them this that these those
  er es sie ihn ihm ihre sein seine davon dazu damit daran darin dort
  هم هما هذا هذه ذلك تلك منه منها فيه فيها عنه عنها
  ia dia mereka tersebut`)
const connectives = asSet('and but so then und aber also dann denn و ثم dan lalu tapi')

const longestLeaning = 10

/** What to search for: with the question before it, when this one cannot be understood alone. */
export const searchQuery = (message: string, previous: string | null): string =>
  previous !== null && leans(message) ? `${previous}\n${message}` : message

const leans = (message: string): boolean => {
  const tokens = tokenize(message)
  if (tokens.length > longestLeaning) return false
  const topics = tokens.filter(({ word }) => !isStopWord(word))
  const [first] = tokens
  if (topics.length === 0 || (first && connectives.has(first.word))) return true
  // "Sie" is whom one talks to, "sie" is what one talks about.
  const isPronoun = ({ word, start }: (typeof tokens)[number]): boolean =>
    pronouns.has(word) && !(start > 0 && /\p{Lu}/u.test(message.charAt(start)))
  return topics.length <= 3 && tokens.some(isPronoun)
}

import { type ComponentType, useEffect, useState } from 'react'
import type { AnswerView } from './exchanges.ts'

type MarkdownAnswer = ComponentType<{ answer: AnswerView }>

/**
 * What reads Markdown, once it is loaded; null until then, and where it cannot be loaded: the words are there without it.
 * Wanted when a question is asked, it is there before the first sentence, so that nothing is set anew.
 */
export const useMarkdown = (isWanted: boolean): MarkdownAnswer | null => {
  const [loaded, setLoaded] = useState<{ answer: MarkdownAnswer } | null>(null)
  useEffect(() => {
    if (!isWanted || loaded) return
    import('./markdown-answer.tsx').then(
      (it) => setLoaded({ answer: it.MarkdownAnswer }),
      () => undefined,
    )
  }, [isWanted, loaded])
  return loaded?.answer ?? null
}

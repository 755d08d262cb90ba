import { fold } from './fold.ts'
import type { Language } from './language.ts'

/**
 * Question words, articles, prepositions and ways to ask ("can you explain") that a query is searched without. Small on purpose: lists of
 * hundreds of words were no better (docs/measurements.md, "Search"). Documents keep every word.
 */
const written: Record<Language, string> = {
  en: `what which who whom whose when where why how is are was were be been do does did has have had
    a an the of in on at to for from by with and or as that this it its many much
    i me my you your we us can could would please tell explain describe define give show about`,
  de: `was welche welcher welches welchen welchem wer wen wem wessen wann wo wohin woher warum wieso wie
    ist sind war waren wird wurde wurden werden hat haben hatte hatten der die das den dem des ein eine einer einem
    einen eines und oder in im an am auf von vom zu zum zur für mit bei aus nach durch als sich es viele viel heißt hieß lautet gibt um
    ich mir mich du sie man kann kannst können könnte bitte erkläre erklären beschreibe beschreiben definiere nenne nennen sag`,
  ar: `ما ماذا من متى أين كيف كم لماذا هل أي هو هي التي الذي الذين في على إلى عن مع كان كانت هذا هذه ذلك
    تلك أن و أو بين عند لدى قد تم يتم ماهي ماهو بماذا فيما لمن عدد بها فيها ال عندما
    اشرح لي يمكن يمكنك عرف اذكر صف وضح أريد فضلك أخبرني`,
  id: `apa apakah siapa siapakah kapan kapankah dimana dimanakah mana manakah di ke dari yang dan atau adalah ialah
    pada untuk dengan dalam oleh ini itu berapa berapakah bagaimana bagaimanakah mengapa kenapa sebagai para dimaksud maksud pengertian jumlah
    saya aku anda kamu bisa bisakah dapat tolong jelaskan sebutkan terangkan definisikan beri tentang`,
}

const asSet = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/).map(fold))

const sets: Record<Language, ReadonlySet<string>> = {
  en: asSet(written.en),
  de: asSet(written.de),
  ar: asSet(written.ar),
  id: asSet(written.id),
}

const none: ReadonlySet<string> = new Set()

/** The folded words of a language that carry no topic; empty when the language is not known. */
export const stopWords = (language: Language | null): ReadonlySet<string> => (language ? sets[language] : none)

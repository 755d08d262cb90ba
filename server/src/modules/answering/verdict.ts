export type CheckKind = 'quote' | 'number' | 'name' | 'date' | 'negation' | 'wording'
/** `supported`: we vouch for it; `weak`: honest doubt; `unsupported`: contradicted, or the page does not speak of it. */
export type Verdict = 'supported' | 'weak' | 'unsupported'

export interface Check {
  kind: CheckKind
  ok: boolean
  /** What the sentence says, when it differs. */
  said?: string
  /** What the page says instead. */
  page?: string
}

/** Answers from passages without a model, and proves each sentence. Pure: no database, no clock. */
export {
  type AnswerSentence,
  answerExtractively,
  type ExtractiveAnswer,
  type ExtractiveQuestion,
  type Passage,
} from './answer.ts'
export { type CheckedClaim, type Claim, checkClaim, type Evidence } from './check-claim.ts'
export { leastConfidence } from './confidence.ts'
export {
  type Check,
  type CheckedReceipt,
  type CheckKind,
  checkReceipt,
  type ReceiptToCheck,
  type Verdict,
} from './receipts.ts'

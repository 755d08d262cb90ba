export { cleanLine, cleanText } from './clean.ts'
export { type Detected, detectMediaType, headBytes } from './detect.ts'
export { guessLanguage } from './language.ts'
export { type FileToParse, parseFile } from './parse-file.ts'
export {
  type DocumentLanguage,
  defaultLimits,
  type ParsedHeading,
  type ParsedLine,
  type ParsedOutcome,
  type ParsedPage,
  type ParseFailure,
  type ParseLimits,
  type ReadableType,
  readableTypes,
} from './types.ts'

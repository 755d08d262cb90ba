/** Reads what a caller sent: JSON within bounds, text that a database can hold, and the shapes of the contract. */
import { limits } from '@lyceum/contract/limits'
import type { z } from 'zod'
import { AppError } from '../errors.ts'

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

/** Parses a JSON body. @throws AppError `body_unparsable` when it is not JSON in UTF-8, `text_invalid` or `input_invalid` past a bound */
export const parseJson = (bytes: Buffer): unknown => {
  let value: unknown
  try {
    value = JSON.parse(strictUtf8.decode(bytes))
  } catch (cause) {
    throw new AppError('body_unparsable', 'The body is not JSON in UTF-8.', { cause })
  }
  checkText(value, '', 0)
  return value
}

/** Parses a form's body; of a name given twice the last counts. @throws AppError `body_unparsable`, `text_invalid` */
export const parseForm = (bytes: Buffer): Record<string, string> => {
  const fields = Object.fromEntries(new URLSearchParams(bytes.toString('latin1')))
  checkText(fields, '', 0)
  return fields
}

/** Refuses nesting past the limit, NUL and lone surrogates, anywhere in a value; names where. */
export const checkText = (value: unknown, path: string, depth: number): void => {
  if (typeof value === 'string') checkString(value, path)
  if (typeof value !== 'object' || value === null) return
  if (depth >= limits.nestingDepth) {
    throw invalid([{ path, message: `Nested deeper than ${limits.nestingDepth} levels.` }])
  }
  for (const [key, member] of Object.entries(value)) {
    checkString(key, path)
    checkText(member, path ? `${path}.${key}` : key, depth + 1)
  }
}

const checkString = (text: string, path: string): void => {
  if (!text.includes('\0') && text.isWellFormed()) return
  const details = { errors: [{ path, message: 'Text must not hold NUL or half of a surrogate pair.' }] }
  throw new AppError('text_invalid', 'A text holds characters that are no text: NUL or a lone surrogate.', { details })
}

interface Part {
  where: 'params' | 'query' | 'body'
  schema: z.ZodType | undefined
  value: unknown
}

/** Holds every part against its schema and reports all faults of all parts together. */
export const parseParts = (parts: Part[]): Record<Part['where'], unknown> => {
  const parsed: Record<Part['where'], unknown> = { params: undefined, query: undefined, body: undefined }
  const errors: { path: string; message: string }[] = []
  for (const { where, schema, value } of parts) {
    if (!schema) continue
    const outcome = schema.safeParse(value)
    if (outcome.success) parsed[where] = outcome.data
    else
      errors.push(
        ...outcome.error.issues.map((issue) => ({ path: issue.path.join('.') || where, message: issue.message })),
      )
  }
  if (errors.length > 0) throw invalid(errors)
  return parsed
}

export const invalid = (errors: { path: string; message: string }[]): AppError =>
  new AppError(
    'input_invalid',
    `Check ${errors
      .map((error) => error.path || 'the body')
      .join(', ')
      .slice(0, 300)}.`,
    {
      details: { errors: errors.slice(0, 50) },
    },
  )

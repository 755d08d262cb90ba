import { isatty } from 'node:tty'
import pino, { type Logger } from 'pino'
import { readableLines } from './readable-lines.ts'

export type { Logger } from 'pino'

/**
 * JSON lines on stdout, or for commands that print their answer there on stderr; on a terminal lines for people.
 * Secrets are struck out wherever they stand; texts of people are never given to it.
 */
export const createLog = (level: string, to: 'stdout' | 'stderr' = 'stdout'): Logger =>
  pino(
    {
      level,
      base: { service: 'lyceum' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secretPaths, censor: '[secret]' },
      serializers: { err: faultOf },
    },
    destinationOf(to === 'stdout' ? 1 : 2),
  )

const destinationOf = (fd: 1 | 2): pino.DestinationStream => {
  const lines = pino.destination({ fd, sync: true })
  return isatty(fd) ? readableLines((text) => void lines.write(text)) : lines
}

const secretPaths = ['password', 'token', 'authorization', 'cookie', 'accessToken', 'refreshToken', 'apiKey'].flatMap(
  (name) => [name, `*.${name}`],
)

/** The fault with its causes and stack. Statements are kept, their parameters are not: they hold people's text. */
const faultOf = (error: unknown): unknown => {
  if (!(error instanceof Error)) return { message: String(error) }
  return {
    type: error.name,
    message: withoutParameters(error.message),
    code: 'code' in error ? error.code : undefined,
    stack: withoutParameters(error.stack ?? ''),
    cause: error.cause === undefined ? undefined : faultOf(error.cause),
  }
}

/** Drizzle's message carries `params: ...` after the statement, over as many lines as people wrote, up to the stack. */
const withoutParameters = (text: string): string =>
  text.replace(/\nparams: [\s\S]*?(?=\n {4}at |$)/g, '\nparams: [left out]')

/** Log lines for somebody who looks: the time of day, the level where it is not `info`, what happened. */
import type { DestinationStream } from 'pino'

/** Takes the JSON lines of pino and writes a line for each, faults with their stack. */
export const readableLines = (write: (text: string) => void): DestinationStream => ({
  write: (line) => write(`${readable(JSON.parse(line))}\n`),
})

const readable = ({ time, level, msg, ...rest }: Record<string, unknown>): string => {
  const at = typeof time === 'string' ? new Date(time).toLocaleTimeString('en-GB') : ''
  const urgency = level === 'info' ? '' : `${String(level).toUpperCase()} `
  return [`${at} ${urgency}${msg === 'request' ? requested(rest) : msg}`, ...stacksOf(rest.err)].join('\n')
}

const requested = ({ method, route, status, ms }: Record<string, unknown>): string =>
  `${method} ${route} ${status} (${ms} ms)`

const stacksOf = (fault: unknown): string[] => {
  if (typeof fault !== 'object' || fault === null) return []
  const { stack, message, cause } = fault as Record<string, unknown>
  return [String(stack ?? message), ...stacksOf(cause)]
}

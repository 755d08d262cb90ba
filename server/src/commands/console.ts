import { type ParseArgsConfig, parseArgs } from 'node:util'

/** What a command is given by the process, so that tests can read what it says. */
export interface Console {
  env: Readonly<Record<string, string | undefined>>
  out(text: string): void
  /** Progress and faults. */
  err(text: string): void
  /** Whether a line may be written over: somebody is looking. */
  isTerminal: boolean
}

/** Wrong use: the message says what is right. Exits with 2. */
export class UsageError extends Error {}

/**
 * What stands behind a command's name.
 * @throws UsageError naming the option that there is not
 */
export const readOptions = <T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> => {
  try {
    return parseArgs(config)
  } catch (error) {
    throw new UsageError(error instanceof Error ? `${error.message}\nSee: lyceum help` : String(error))
  }
}

/** Says how far something is, on one line where there is a terminal, else not at all. */
export const progressLine = ({ err, isTerminal }: Console): ((text: string) => void) =>
  isTerminal ? (text) => err(`\r\u001b[2K${text}`) : () => undefined

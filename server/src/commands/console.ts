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

/** Says how far something is, on one line where there is a terminal, else not at all. */
export const progressLine = ({ err, isTerminal }: Console): ((text: string) => void) =>
  isTerminal ? (text) => err(`\r\u001b[2K${text}`) : () => undefined

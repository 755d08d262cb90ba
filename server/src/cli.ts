/** The commands of `lyceum`. Started by bin/lyceum.mjs under the right Node. */
import { existsSync } from 'node:fs'
import { loadEnvFile } from 'node:process'
import { type Console, UsageError } from './commands/console.ts'

const help = `lyceum serve                       start the server in the foreground; it prints the address to open
lyceum ask FILE... "question"      answer from files without a server, with the pages that prove it
                                   (--json prints everything; exit code 3 when the files do not say)
lyceum doctor                      say what stands in the way of a start, and what to do
lyceum backup FILE                 copy everything into one file (an embedded server must be stopped)
lyceum restore FILE                fill an empty installation from such a file
lyceum audit verify                hold the audit trail against its chain (an embedded server must be stopped)
lyceum eval [FOLDER]               measure search, answers and proof on public question sets
lyceum help                        this text

Settings are environment variables, or lines of a file .env: docs/configuration.md
`

/** Each gives its exit code; none is 0. Loaded when it is asked for: none pays for the others at the start. */
const commands: Record<string, (console: Console, args: string[]) => Promise<number | void>> = {
  serve: async ({ env }) => (await import('./main.ts')).serve(env),
  ask: async (console, args) => (await import('./commands/ask.ts')).ask(console, args),
  doctor: async (console) => (await import('./commands/doctor.ts')).doctor(console),
  backup: async (console, args) => (await import('./commands/backup.ts')).backup(console, args),
  restore: async (console, args) => (await import('./commands/backup.ts')).restore(console, args),
  audit: async (console, args) => (await import('./commands/audit.ts')).audit(console, args),
  eval: async (console, args) => (await import('./commands/eval.ts')).evaluate(console, args),
  help: async ({ out }) => out(help),
}

const run = async ([name = 'help', ...args]: string[]): Promise<void> => {
  const command = commands[name.replace(/^--/, '')]
  if (!command) throw new UsageError(`There is no command ${name}.\n\n${help}`)
  const console: Console = {
    env: process.env,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
  }
  process.exitCode = (await command(console, args)) ?? 0
}

if (existsSync('.env')) loadEnvFile('.env')
run(process.argv.slice(2)).catch(async (error) => {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n`)
    process.exit(2)
  }
  const { explain } = await import('./main.ts')
  process.stderr.write(`${explain(error)}\n`)
  process.exit(1)
})

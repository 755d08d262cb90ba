import type { LucideIcon } from 'lucide-react'
import { scoreOf } from './match.ts'

export interface Command {
  /** The only one with it. */
  id: string
  label: string
  icon: LucideIcon
  /** A text that it is found by, too, and that is not shown: its name in other words. */
  also?: string | undefined
  /** Keys that do the same. */
  keys?: string | undefined
  run: () => void
}

export interface CommandGroup {
  id: string
  title: string
  commands: readonly Command[]
  /** So many are shown while nothing is typed. */
  atFirst: number
}

const shownAtMost = 8

/** What fits, the best first, in groups of which the one with the best comes first. */
export const findCommands = (groups: readonly CommandGroup[], query: string): CommandGroup[] => {
  const isEmpty = query.trim() === ''
  const found = groups.map((group) => {
    if (isEmpty) return { group: { ...group, commands: group.commands.slice(0, group.atFirst) }, best: 0 }
    const scored = group.commands
      .map((command) => ({ command, score: scoreOfCommand(query, command) }))
      .filter(({ score }) => score > 0)
      .toSorted((a, b) => b.score - a.score)
    const commands = scored.slice(0, shownAtMost).map(({ command }) => command)
    return { group: { ...group, commands }, best: scored[0]?.score ?? 0 }
  })
  const filled = found.filter(({ group }) => group.commands.length > 0)
  return (isEmpty ? filled : filled.toSorted((a, b) => b.best - a.best)).map(({ group }) => group)
}

const scoreOfCommand = (query: string, { label, also }: Command): number =>
  Math.max(scoreOf(query, label), also ? scoreOf(query, also) * 0.9 : 0)

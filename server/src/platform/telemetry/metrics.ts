/** Numbers for Prometheus, in its text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats). */

export type Labels = Readonly<Record<string, string>>
export interface Sample {
  labels?: Labels
  value: number
}

/** What is read when it is asked for. */
export interface Reading {
  name: string
  help: string
  type: 'gauge' | 'counter'
  read(): readonly Sample[] | Promise<readonly Sample[]>
}

/** Upper bounds of the histogram, in seconds: those of Prometheus' own clients. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

interface Seen {
  labels: Labels
  byStatus: Map<string, number>
  /** Calls of at most each bound's time, not counted into the next. */
  buckets: number[]
  seconds: number
}

export interface RequestMetrics {
  count(call: { method: string; route: string; status: number; ms: number }): void
  lines(): string[]
}

/** Calls by route and class of status, and how long they took. Routes are patterns, so there are only so many. */
export const createRequestMetrics = (): RequestMetrics => {
  const all = new Map<string, Seen>()
  const seenAt = (method: string, route: string): Seen => {
    const key = `${method} ${route}`
    const seen = all.get(key) ?? {
      labels: { method, route },
      byStatus: new Map<string, number>(),
      buckets: [...bounds, Number.POSITIVE_INFINITY].map(() => 0),
      seconds: 0,
    }
    all.set(key, seen)
    return seen
  }
  return {
    count: ({ method, route, status, ms }) => {
      const seen = seenAt(method, route)
      const statusClass = `${Math.floor(status / 100)}xx`
      seen.byStatus.set(statusClass, (seen.byStatus.get(statusClass) ?? 0) + 1)
      const bucket = bounds.findIndex((bound) => ms / 1000 <= bound)
      const at = bucket < 0 ? bounds.length : bucket
      seen.buckets[at] = (seen.buckets[at] ?? 0) + 1
      seen.seconds += ms / 1000
    },
    lines: () => [
      ...headOf('lyceum_requests_total', 'counter', 'Calls by route and class of status.'),
      ...[...all.values()].flatMap(({ labels, byStatus }) =>
        [...byStatus].map(([status, value]) => lineOf('lyceum_requests_total', { ...labels, status }, value)),
      ),
      ...headOf('lyceum_request_duration_seconds', 'histogram', 'Time from the call to the end of its answer.'),
      ...[...all.values()].flatMap(histogramOf),
    ],
  }
}

const histogramOf = ({ labels, buckets, seconds }: Seen): string[] => {
  const name = 'lyceum_request_duration_seconds'
  let sum = 0
  const lines = buckets.map((calls, at) => {
    sum += calls
    return lineOf(`${name}_bucket`, { ...labels, le: String(bounds[at] ?? '+Inf') }, sum)
  })
  return [...lines, lineOf(`${name}_sum`, labels, seconds), lineOf(`${name}_count`, labels, sum)]
}

/** One that cannot be read is left out; the others are told all the same. */
export const linesOf = async ({ name, help, type, read }: Reading): Promise<string[]> => {
  try {
    const samples = await read()
    return [...headOf(name, type, help), ...samples.map(({ labels = {}, value }) => lineOf(name, labels, value))]
  } catch {
    return []
  }
}

const headOf = (name: string, type: string, help: string): string[] => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
]

const lineOf = (name: string, labels: Labels, value: number): string => {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`)
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}`
}

const escaped = (text: string): string => text.replace(/[\\"\n]/g, (char) => (char === '\n' ? '\\n' : `\\${char}`))

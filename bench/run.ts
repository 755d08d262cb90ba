/**
 * What it costs, as ratios of one run: `npm run bench`. Names of sections may be given: `npm run bench -- start`.
 * `--chunks` says how many the search looks through, `--pages` how many the long document has.
 */
import { parseArgs } from 'node:util'
import { benchIngest } from './ingest.ts'
import { benchPort } from './port.ts'
import { benchRoute } from './route.ts'
import { benchSearch } from './search.ts'
import { benchStart } from './start.ts'
import { benchStream } from './stream.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { chunks: { type: 'string', default: '50000' }, pages: { type: 'string', default: '1000' } },
})

const sections: Record<string, () => Promise<void>> = {
  start: benchStart,
  route: benchRoute,
  stream: benchStream,
  port: benchPort,
  search: () => benchSearch(Number(values.chunks)),
  ingest: () => benchIngest(Number(values.pages)),
}

const unknown = positionals.find((name) => !(name in sections))
if (unknown) throw new RangeError(`There is no section ${unknown}, only ${Object.keys(sections).join(', ')}`)
for (const [name, run] of Object.entries(sections)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  process.stdout.write(`\n## ${name}\n\n`)
  await run()
}

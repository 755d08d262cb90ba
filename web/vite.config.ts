import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { build, defineConfig, type Plugin } from 'vite'

/** Where `npm run dev` finds the server. */
const server = 'http://127.0.0.1:3000'

const startFile = fileURLToPath(new URL('./src/app/start.ts', import.meta.url))

/** What runs before the page is drawn: one file without imports, so that nothing but itself has to arrive. */
const buildStart = async (): Promise<string> => {
  const made = await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'error',
    publicDir: false,
    build: { write: false, assetsInlineLimit: 0, rolldownOptions: { input: startFile, output: { format: 'iife' } } },
  })
  const chunks = [made].flat().flatMap((one) => ('output' in one ? one.output : []))
  const chunk = chunks.find((one) => one.type === 'chunk')
  if (!chunk || chunk.imports.length > 0) throw new Error('src/app/start.ts must become one file')
  return chunk.code
}

/** Puts it first into the head. The fonts that it names have the names of the whole build, as these come of their bytes. */
const startFirst = (): Plugin => {
  let isServing = false
  let reference = ''
  return {
    name: 'lyceum-start-first',
    configResolved: ({ command }) => {
      isServing = command === 'serve'
    },
    async buildStart() {
      if (isServing) return
      reference = this.emitFile({ type: 'asset', name: 'start.js', source: await buildStart() })
    },
    generateBundle(_, bundle) {
      const start = bundle[this.getFileName(reference)]
      const code = start?.type === 'asset' ? start.source.toString() : ''
      for (const [, font] of code.matchAll(/\/(assets\/[\w.-]+\.woff2)/g)) {
        if (font && !bundle[font]) this.error(`src/app/start.ts loads ${font}, and the page does not use it`)
      }
    },
    transformIndexHtml: {
      order: 'post',
      handler: (_, { bundle }) => {
        const name = Object.keys(bundle ?? {}).find((file) => /^assets\/start-[\w-]+\.js$/.test(file))
        const attrs = isServing ? { type: 'module', src: '/src/app/start.ts' } : { src: `/${name}` }
        return [{ tag: 'script', attrs, injectTo: 'head-prepend' }]
      },
    },
  }
}

/** Compresses once what would be compressed at each start of the server, which costs seconds. */
const compressed = (): Plugin => ({
  name: 'lyceum-compressed',
  apply: 'build',
  writeBundle: async ({ dir = '' }, bundle) => {
    const texts = Object.keys(bundle).filter((name) => /\.(js|css|html|svg|json)$/.test(name))
    await Promise.all(
      texts.map(async (name) => {
        const path = join(dir, name)
        const text = await readFile(path)
        await writeFile(`${path}.gz`, await promisify(gzip)(text))
        await writeFile(`${path}.br`, await promisify(brotliCompress)(text))
      }),
    )
  },
})

export default defineConfig({
  plugins: [react(), startFirst(), compressed()],
  build: {
    // The page's policy lets fonts come from this server only, and not from data: addresses.
    assetsInlineLimit: 0,
    // `light-dark()` is kept as written: each colour stands once in tokens.css.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // Zod and its setting in one piece, so that no schema is made before the setting holds.
            { name: 'zod', test: /node_modules\/zod\/|zod-without-eval/ },
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler|@tanstack|i18next|react-i18next)\// },
          ],
        },
      },
    },
  },
  server: { proxy: { '/api': { target: server, changeOrigin: false } } },
})

/** Files that were made to do harm, through the whole of it: a reason, a disk as before, and a server that goes on. */
import assert from 'node:assert/strict'
import { readdir, readFile, stat } from 'node:fs/promises'
import { request as send } from 'node:http'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import { makePdf } from '../server/src/modules/parsing/testing/pdf.ts'
import {
  docxEntries,
  epubEntries,
  type MadeEntry,
  makeZip,
  odtEntries,
  pptxEntries,
} from '../server/src/modules/parsing/testing/zip.ts'
import { type TestApp, testApp } from '../server/src/testing/app.ts'
import { multipartOf, newPerson, type Person } from '../server/src/testing/people.ts'

let test: TestApp
let ada: Person
before(async () => {
  test = await testApp()
  ada = await newPerson(test)
})

const paragraph = (text: string): string => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`
const instead = (entries: MadeEntry[], name: string, data: string | Buffer): Buffer =>
  makeZip(entries.map((entry) => (entry.name === name ? { ...entry, data } : entry)))
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')

/** Where a file is kept, below the folder of files: each with its size. */
const onDisk = async ({ config }: TestApp): Promise<Map<string, number>> => {
  const found = await readdir(config.files.dir, { recursive: true, withFileTypes: true })
  const paths = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  // One that was arriving may have gone since.
  const sizes = paths.map(async (path) => [path, (await stat(path).catch(() => null))?.size] as const)
  return new Map((await Promise.all(sizes)).flatMap(([path, size]) => (size === undefined ? [] : [[path, size]])))
}

/** Gone for good: resolves when the job that erases it is over. */
const erase = async ({ admin, platform }: TestApp, person: Person, id: string): Promise<void> => {
  const isOver = async (): Promise<boolean> => {
    const where = `kind = 'document.erase' and state = 'done' and payload->>'documentId' = '${id}'`
    const [found] = await admin.exec(`select count(*)::int from jobs where ${where}`)
    return found?.rows[0]?.[0] === 1
  }
  const done = Promise.withResolvers<void>()
  const stop = platform.bus.subscribe('job.changed', () => {
    isOver().then((over) => over && done.resolve(), done.reject)
  })
  assert.equal((await person.call('DELETE', `/documents/${id}?forever=true`)).status, 204)
  if (!(await isOver())) await done.promise
  stop()
}

const filler = Buffer.alloc(25_000_000, 'a')
const packed = makeZip([{ name: 'a', data: filler }])
const many = (count: number): MadeEntry[] =>
  Array.from({ length: count }, (_, at) => ({ name: `x${at}`, data: '', isStored: true }))
const bombs: [what: string, name: string, bytes: () => Buffer, code: string][] = [
  [
    'DOCX that unpacks a thousandfold',
    'a.docx',
    () => instead(docxEntries(''), 'word/document.xml', filler),
    'document_too_complex',
  ],
  [
    'EPUB that unpacks a thousandfold',
    'a.epub',
    () => instead(epubEntries(['x']), 'OPS/c0.xhtml', filler),
    'document_too_complex',
  ],
  [
    'ODT that unpacks a thousandfold',
    'a.odt',
    () => instead(odtEntries(''), 'content.xml', filler),
    'document_too_complex',
  ],
  [
    'PPTX that unpacks a thousandfold',
    'a.pptx',
    () => instead(pptxEntries(['']), 'ppt/slides/s0.xml', filler),
    'document_too_complex',
  ],
  [
    'DOCX of 100,000 parts',
    'b.docx',
    () => makeZip([...docxEntries(paragraph('x')), ...many(100_000)]),
    'document_too_complex',
  ],
  [
    'DOCX whose part is more than it says',
    'c.docx',
    () =>
      makeZip(
        docxEntries(paragraph('x').repeat(200_000)).map((entry) =>
          entry.name === 'word/document.xml' ? { ...entry, claimedSize: 900 } : entry,
        ),
      ),
    'document_too_complex',
  ],
  [
    'DOCX whose parts are one and the same',
    'd.docx',
    () => makeZip([...docxEntries(''), ...many(500).map((entry) => ({ ...entry, sharesWith: 2 }))]),
    'document_too_complex',
  ],
  [
    'EPUB of nested bombs',
    'n.epub',
    () =>
      makeZip([
        { name: 'a.zip', data: packed },
        { name: 'b.zip', data: packed },
      ]),
    'document_unsupported',
  ],
]

describe('a bomb', () => {
  for (const [what, name, bytes, code] of bombs) {
    it(`is refused, and the disk is as before: ${what}`, async () => {
      const before = await onDisk(test)
      const bomb = bytes()
      const { body: document } = await ada.read(name, bomb)
      assert.deepEqual([document.status, document.failure.code, document.pageCount], ['failed', code, 0])
      const added = [...(await onDisk(test))].filter(([path]) => !before.has(path))
      assert.deepEqual(
        added.map(([, size]) => size),
        [bomb.length],
        'what was sent is kept, and nothing that came out of it',
      )
      await erase(test, ada, document.id)
      assert.deepEqual(await onDisk(test), before)
    })
  }

  it('is none: a document of the same kind is read', async () => {
    const { body } = await ada.read('e.docx', makeZip(docxEntries(paragraph('The harbour was built in 1847.'))))
    assert.equal(body.status, 'ready')
  })
})

/** Unix mode of a symbolic link in the upper half of an entry's external attributes, made by Unix. */
const withLinks = (zip: Buffer): Buffer => {
  const bytes = Buffer.from(zip)
  for (let at = bytes.indexOf('PK\x01\x02'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 1)) {
    bytes.writeUInt8(3, at + 5)
    bytes.writeUInt32LE(0o120777 * 65_536, at + 38)
  }
  return bytes
}

describe('an archive', () => {
  it('whose names climb out or are links writes nothing, and is read by its parts', async () => {
    const climbing: MadeEntry[] = [
      '../../../climbed',
      '/tmp/lyceum-climbed',
      'C:\\climbed',
      '..\\climbed',
      'word/../../climbed',
    ].map((name) => ({ name, data: '/etc/passwd', isStored: true }))
    const before = await onDisk(test)
    for (const bytes of [
      makeZip([...docxEntries(paragraph('It climbs.')), ...climbing]),
      withLinks(makeZip([...docxEntries(paragraph('It links.')), ...climbing])),
    ]) {
      const { body: document } = await ada.read('climbing.docx', bytes)
      assert.equal(document.status, 'ready')
      const { text } = (await ada.call('GET', `/documents/${document.id}/pages/1`)).body
      assert.match(text, /^It (climbs|links)\.$/)
    }
    assert.equal((await onDisk(test)).size, before.size + 2)
    for (const place of ['/tmp', '/', test.config.dataDir, join(test.config.dataDir, '..'), process.cwd()]) {
      assert.deepEqual(
        (await readdir(place)).filter((name) => name.includes('climbed')),
        [],
      )
    }
  })
})

const xml = '<?xml version="1.0"?>'
const entities = (count: number): string =>
  Array.from({ length: count }, (_, at) =>
    at === 0 ? '<!ENTITY e0 "haha">' : `<!ENTITY e${at} "${`&e${at - 1};`.repeat(10)}">`,
  ).join('')
const outside = 'SYSTEM "file:///etc/hostname"'
const doctype = `<!DOCTYPE any [${entities(10)}<!ENTITY x ${outside}><!ENTITY % p ${outside}> %p;]>`
const used = 'Before &e9; between &x; after.'
const epub = epubEntries(['x'])
const entityFiles: [what: string, name: string, bytes: Buffer | string][] = [
  [
    'DOCX',
    'x.docx',
    instead(
      docxEntries(''),
      'word/document.xml',
      `${xml}${doctype}<w:document><w:body>${paragraph(used)}</w:body></w:document>`,
    ),
  ],
  ['EPUB', 'x.epub', instead(epub, 'OPS/c0.xhtml', `${xml}${doctype}<html><body><p>${used}</p></body></html>`)],
  [
    'ODT',
    'x.odt',
    instead(
      odtEntries(''),
      'content.xml',
      `${xml}${doctype}<office:document-content><office:body><office:text><text:p>${used}</text:p></office:text></office:body></office:document-content>`,
    ),
  ],
  [
    'PPTX',
    'x.pptx',
    instead(
      pptxEntries(['']),
      'ppt/slides/s0.xml',
      `${xml}${doctype}<p:sld><p:cSld><p:spTree><p:sp><p:txBody><a:p><a:r><a:t>${used}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>`,
    ),
  ],
  [
    'XHTML',
    'x.xhtml',
    `<!DOCTYPE html [${entities(10)}<!ENTITY x ${outside}>]><html><body><p>${used}</p></body></html>`,
  ],
]

describe('entities that multiply or come from outside', () => {
  for (const [what, name, bytes] of entityFiles) {
    it(`are text: ${what}`, async () => {
      const { body: document } = await ada.read(name, bytes)
      assert.equal(document.status, 'ready', JSON.stringify(document.failure))
      const { text } = (await ada.call('GET', `/documents/${document.id}/pages/1`)).body
      assert.match(text, /Before &e9; between &x; after\./)
      assert.ok(text.length < 2_000)
      const secret = (await readFile('/etc/hostname', 'utf8').catch(() => '')).trim()
      if (secret) assert.ok(!text.includes(secret))
    })
  }
})

const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="fetch(\'/api/v1/auth/session\')"><script>1</script></svg>'
const page =
  '<!doctype html><html><body><script>document.title = 1</script><p>The harbour was built in 1847.</p></body></html>'
const pdf = makePdf([[{ x: 72, y: 700, text: 'The harbour was built in 1847.' }]])
const withScript = latin1(
  pdf
    .toString('latin1')
    .replace('/Type /Catalog', '/Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert(1)) >>'),
)
/** What the bytes are to who looks at them in two ways, and what comes of it: `ready` or `stored`, or the reason. */
const twoFaced: [what: string, name: string, bytes: Buffer | string, end: string][] = [
  ['a page', 'x.html', page, 'ready'],
  ['a page named as a picture', 'x.png', page, 'ready'],
  ['a drawing', 'x.svg', svg, 'document_unsupported'],
  ['a drawing named as a picture', 'x.jpg', `${xml}${svg}`, 'document_unsupported'],
  ['a picture that is a page', 'x.html', Buffer.concat([latin1('\x89PNG\r\n\x1a\n'), Buffer.from(page)]), 'stored'],
  ['a picture that is a script', 'x.js', latin1(`GIF89a/*${'\0'.repeat(20)}*/=1;fetch("/")`), 'stored'],
  ['a PDF that is a page', 'x.html', Buffer.concat([pdf, Buffer.from(page)]), 'ready'],
  ['a page before a PDF', 'x.html', Buffer.concat([Buffer.from(page), pdf]), 'ready'],
  ['a PDF that is an archive', 'x.zip', Buffer.concat([pdf, makeZip([{ name: 'a', data: 'x' }])]), 'ready'],
  ['a PDF that runs a script', 'x.pdf', withScript, 'ready'],
  [
    'a PDF with a password',
    'x.pdf',
    makePdf([[{ x: 72, y: 700, text: 'Secret.' }]], { lock: 'locked' }),
    'document_encrypted',
  ],
  ['a PDF of 10,000 pages', 'x.pdf', makePdf(Array.from({ length: 10_000 }, () => [])), 'document_too_long'],
  ['nothing', 'x.pdf', '', 'document_empty'],
]

describe('a file with two faces', () => {
  for (const [what, name, bytes, end] of twoFaced) {
    it(`has one end, and is only ever downloaded: ${what}`, async () => {
      const { body: document } = await ada.read(name, bytes)
      assert.equal(document.failure?.code ?? document.status, end)
      const { status, headers } = await ada.call('GET', `/documents/${document.id}/file`)
      assert.equal(status, 200)
      assert.equal(headers['x-content-type-options'], 'nosniff')
      assert.equal(headers['content-security-policy'], "sandbox; default-src 'none'")
      assert.match(String(headers['content-disposition']), /^attachment; /)
      assert.equal(headers['cross-origin-resource-policy'], 'same-origin')
    })
  }
})

describe('an upload that is broken off at its end', () => {
  it('leaves no document and no file, fifty times at once', async () => {
    const person = await newPerson(test)
    const before = (await onDisk(test)).size
    await Promise.all(Array.from({ length: 50 }, (_, at) => breakOff(person, `${person.id} ${at} `.repeat(2_000))))
    assert.deepEqual((await person.call('GET', '/documents')).body.items, [])
    // What was arriving goes as soon as the server has seen the cut.
    while ((await onDisk(test)).size > before);
    const { body } = await person.read('whole.txt', `${person.id} 0 `.repeat(2_000))
    assert.equal(body.status, 'ready')
  })
})

/** Sends all but the last hundredth, and goes. */
const breakOff = async (person: Person, text: string): Promise<void> => {
  const { payload, contentType } = multipartOf('cut.txt', text, {})
  const sending = send(`${test.url}/api/v1/documents`, {
    method: 'POST',
    agent: false,
    headers: { authorization: `Bearer ${person.token}`, 'content-type': contentType, 'content-length': payload.length },
  })
  const closed = new Promise<void>((resolve) => sending.once('close', resolve))
  sending.on('error', () => undefined)
  sending.write(payload.subarray(0, Math.floor(payload.length * 0.99)), () => sending.destroy())
  await closed
}

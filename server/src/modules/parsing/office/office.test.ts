import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeOf, readBytes, textOf } from '../testing/read.ts'
import { docxEntries, epubEntries, type MadeEntry, makeZip, odtEntries, pptxEntries } from '../testing/zip.ts'

const read = (entries: MadeEntry[]) => readBytes('a.bin', makeZip(entries))
const p = (text: string, properties = ''): string =>
  `<w:p><w:pPr>${properties}</w:pPr><w:r><w:t>${text}</w:t></w:r></w:p>`
const rels =
  '<Relationships><Relationship Id="a" Type="x/styles" Target="styles.xml"/><Relationship Id="b" Type="x/footnotes" Target="footnotes.xml"/><Relationship Id="c" Type="x/numbering" Target="numbering.xml"/></Relationships>'
const styles =
  '<w:styles><w:style w:styleId="b2"><w:name w:val="Heading 2"/></w:style><w:style w:styleId="mine"><w:name w:val="Meine"/><w:basedOn w:val="b2"/></w:style></w:styles>'
const notes = '<w:footnotes><w:footnote w:id="7"><w:p><w:r><w:t>The note.</w:t></w:r></w:p></w:footnote></w:footnotes>'
const lists =
  '<w:numbering><w:abstractNum w:abstractNumId="0"><w:lvl><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
const parts: MadeEntry[] = [
  { name: 'word/_rels/document.xml.rels', data: rels },
  { name: 'word/styles.xml', data: styles },
  { name: 'word/footnotes.xml', data: notes },
  { name: 'word/numbering.xml', data: lists },
]
const listed = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>'

test('DOCX: inherited heading styles, numbered lists, tables, notes, boxes; nothing deleted or hidden', async () => {
  const body = [
    p('Section', '<w:pStyle w:val="mine"/>'),
    '<w:p><w:r><w:t>Said</w:t></w:r><w:r><w:footnoteReference w:id="7"/></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r><w:r><w:t>.</w:t></w:r></w:p>',
    p('one', listed),
    p('two', listed),
    `<w:tbl><w:tr><w:tc>${p('a')}</w:tc><w:tc>${p('b')}${p('c')}</w:tc></w:tr><w:tr><w:tc>${p('d')}</w:tc><w:tc>${p('e')}</w:tc></w:tr></w:tbl>`,
    `<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>${p('boxed')}</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>${p('boxed')}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>`,
    '<w:p><m:oMath><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath></w:p>',
  ].join('')
  const reading = await read(docxEntries(body, parts))
  assert.equal(
    textOf(reading),
    'Section\n\nSaid[1].\n\n[1] The note.\n\n1. one\n2. two\n\na | b c\nd | e\n\nboxed\n\n(a+b)/2',
  )
  assert.deepEqual(reading.pages[0]?.headings, [{ text: 'Section', level: 2, start: 0, end: 7 }])
})

test('DOCX without heading styles: short bold paragraphs are the headings', async () => {
  const body = `<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Chapter 1: Begin.</w:t></w:r></w:p>${p('Text.')}`
  const { pages } = await read(docxEntries(body))
  assert.deepEqual(
    pages[0]?.headings.map(({ text, level }) => [text, level]),
    [['Chapter 1: Begin.', 1]],
  )
})

test('ODT: headings, lists, tables, notes, spaces; locked ones are told', async () => {
  const body =
    '<text:h text:outline-level="2">Head</text:h><text:p>a<text:s text:c="3"/>b<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Note</text:p></text:note-body></text:note></text:p><text:list><text:list-item><text:p>x</text:p><text:list><text:list-item><text:p>y</text:p></text:list-item></text:list></text:list-item></text:list><table:table><table:table-row><table:table-cell><text:p>1</text:p></table:table-cell><table:table-cell><text:p>2</text:p></table:table-cell></table:table-row></table:table>'
  assert.equal(textOf(await read(odtEntries(body))), 'Head\n\na b[1]\n\n[1] Note\n\n- x\n  - y\n\n1 | 2')
  assert.equal(codeOf(await read(odtEntries(body, '<manifest:encryption-data/>'))), 'document_encrypted')
})

const shape = (text: string, place: string, level = 0): string =>
  `<p:sp><p:nvSpPr><p:nvPr>${place}</p:nvPr></p:nvSpPr><p:txBody><a:p><a:pPr lvl="${level}"/><a:r><a:t>${text}</a:t></a:r></a:p></p:txBody></p:sp>`

test('PPTX: a page per slide, title first, points, tables; numbers left out; an empty one keeps its number', async () => {
  const table =
    '<p:graphicFrame><a:tbl><a:tr><a:tc><a:p><a:r><a:t>a</a:t></a:r></a:p></a:tc><a:tc><a:p><a:r><a:t>b</a:t></a:r></a:p></a:tc></a:tr></a:tbl></p:graphicFrame>'
  const first =
    shape('point', '<p:ph idx="1"/>', 1) + shape('7', '<p:ph type="sldNum"/>') + shape('Title', '<p:ph type="title"/>')
  const { pages } = await read(pptxEntries([first, '', `<p:grpSp>${shape('free', '')}</p:grpSp>${table}`]))
  assert.deepEqual(
    pages.map((page) => page.text),
    ['Title\n\n  - point', '', 'free\n\na | b'],
  )
  assert.equal(pages[0]?.headings[0]?.text, 'Title')
  assert.equal(codeOf(await read(pptxEntries([]))), 'document_empty')
  assert.equal(codeOf(await read(pptxEntries(['']))), 'document_no_text')
})

test('EPUB: a page per spine item; a locked chapter is told, an obfuscated font is none', async () => {
  const encryption = (uri: string): MadeEntry => ({
    name: 'META-INF/encryption.xml',
    data: `<encryption><enc:CipherReference URI="${uri}"/></encryption>`,
  })
  const chapters = ['<h1>One</h1><p>First.</p>', '', '<p>Third.</p>']
  const { pages, outcome } = await read(epubEntries(chapters, [encryption('OPS/font.otf')]))
  assert.deepEqual(
    pages.map((page) => page.text),
    ['One\n\nFirst.', '', 'Third.'],
  )
  assert.deepEqual(outcome, { ok: true, title: 'A Book', language: 'en', pageCount: 3 })
  assert.equal(codeOf(await read(epubEntries(chapters, [encryption('OPS/c0.xhtml')]))), 'document_encrypted')
  assert.equal(codeOf(await readBytes('a.epub', makeZip(epubEntries(chapters)), { maxPages: 2 })), 'document_too_long')
})

const html = `<!doctype html><html lang="de"><head><title>Der Titel</title><script>var x = "<p>no</p>"</script></head>
<body><nav>Menu</nav><main><h2>Kopf</h2><p>Ein <b>fetter</b>
Satz mit 10<sup>6</sup> &uuml;.<p>Zweiter<br>Absatz <span hidden>weg</span><span style="display: none">weg</span>
<ul><li>a<ul><li>b</ul><li><p>c</p></ul><ol start=3><li>d</ol>
<pre>
  code
    mehr</pre><table><caption>Tafel</caption><tr><th>x<th>y<tr><td>1<td>2</table>
<math><semantics><mrow><mi>x</mi></mrow><annotation encoding="application/x-tex">x^2</annotation></semantics></math></main><footer>Fu&szlig;</footer></body></html>`

test('HTML as written by hand: what a reader sees of its main part', async () => {
  const { pages, outcome } = await readBytes('a.html', html)
  assert.equal(
    pages[0]?.text,
    'Kopf\n\nEin fetter Satz mit 10^6 ü.\n\nZweiter\nAbsatz\n\n- a\n  - b\n- c\n3. d\n\n  code\n    mehr\n\nTafel\n\nx | y\n1 | 2\n\n$x^2$',
  )
  assert.equal(outcome.ok && 'title' in outcome && outcome.title, 'Der Titel')
})

test('entity bombs and outside entities expand to nothing', async () => {
  const doctype = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
  const entries = docxEntries('').filter((each) => each.name !== 'word/document.xml')
  const data = `<?xml version="1.0"?>${doctype}<w:document><w:body>${p('&b; &x; end')}</w:body></w:document>`
  assert.equal(textOf(await read([...entries, { name: 'word/document.xml', data }])), '&b; &x; end')
})

test('nesting without end is refused, a torn part is read as far as it goes', async () => {
  assert.equal(codeOf(await readBytes('a.html', `<html>${'<div>'.repeat(50_000)}x`)), 'document_too_complex')
  assert.equal(textOf(await readBytes('a.html', '<html><p>half a <b>sent')), 'half a sent')
  assert.equal(
    codeOf(await read(docxEntries('').filter((each) => each.name !== 'word/document.xml'))),
    'document_corrupt',
  )
})

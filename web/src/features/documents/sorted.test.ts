import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Document } from '@lyceum/contract/documents'
import { sortDocuments } from './sorted.ts'
import type { Upload } from './uploads.tsx'

const document = (title: string, part: Partial<Document> = {}): Document => ({
  id: title,
  title,
  fileName: `${title}.pdf`,
  status: 'ready',
  mediaType: 'application/pdf',
  sizeBytes: 1,
  pageCount: 1,
  chunkCount: 1,
  language: null,
  version: 1,
  jobId: null,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  ...part,
})
const upload = (name: string, part: Partial<Upload> = {}): Upload => ({
  key: name,
  file: new File(['x'], name),
  sentBytes: 0,
  failure: null,
  twin: null,
  abort: new AbortController(),
  ...part,
})

const documents = [
  document('Tides'),
  document('Wind', { status: 'parsing' }),
  document('Waves', { status: 'chunking' }),
  document('Fetch', { status: 'embedding' }),
  document('Next', { status: 'stored' }),
  document('Broken', { status: 'failed', failure: { code: 'document_corrupt', message: '' } }),
  document('Scan', { status: 'stored', notice: { code: 'engine_not_configured', setting: 'OCR_ENGINE' } }),
]
const uploads = [
  upload('On its way.pdf'),
  upload('Film.pdf', { failure: { kind: 'too_large' } }),
  upload('Again.pdf', { twin: document('Tides') }),
]

const namesIn = (search?: string): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(sortDocuments(documents, uploads, search)).map(([group, list]) => [
      group,
      list.map((one: Document | Upload) => ('file' in one ? one.file.name : one.title)),
    ]),
  )

describe('documents', () => {
  it('stand where a person looks for them, each in one place', () => {
    assert.deepEqual(namesIn(), {
      sending: ['On its way.pdf'],
      refused: ['Film.pdf'],
      twins: ['Again.pdf'],
      reading: ['Wind', 'Waves', 'Next'],
      unread: ['Broken', 'Scan'],
      ready: ['Tides', 'Fetch'],
    })
  })
  it('are found by a part of the name of document or file', () => {
    assert.deepEqual(namesIn('WA').reading, ['Waves'])
    assert.deepEqual(namesIn('wa').sending, ['On its way.pdf'])
    assert.deepEqual(namesIn('tides.pdf').ready, ['Tides'])
    assert.deepEqual(Object.values(namesIn('zebra')).flat(), [])
  })
})

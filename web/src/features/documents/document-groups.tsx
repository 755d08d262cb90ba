import type { Document } from '@lyceum/contract/documents'
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../lib/format.ts'
import { DocumentRow } from './document-row.tsx'
import type { Sorted } from './sorted.ts'
import { TwinNote } from './twin-note.tsx'
import { UploadRow } from './upload-row.tsx'
import type { Upload } from './uploads.tsx'

interface Props {
  sorted: Sorted
  /** So many ready ones are shown; all when left out. */
  readyAtMost?: number
}

/** What is being read first, then what could not be, then the rest. */
export const DocumentGroups = ({ sorted, readyAtMost }: Props) => {
  const { t } = useTranslation()
  const { sending, refused, twins, reading, unread, ready } = sorted
  return (
    <>
      {twins.map((upload) => (
        <TwinNote key={upload.key} upload={upload} />
      ))}
      <Group title={t('documents.beingRead')} count={sending.length + reading.length}>
        {uploadRows(sending)}
        {rows(reading)}
      </Group>
      <Group title={t('documents.notRead')} count={refused.length + unread.length}>
        {uploadRows(refused)}
        {rows(unread)}
      </Group>
      <Group title={t('documents.ready')} count={ready.length}>
        {rows(ready.slice(0, readyAtMost))}
      </Group>
    </>
  )
}

const rows = (list: readonly Document[]): ReactNode =>
  list.map((document) => <DocumentRow key={document.id} document={document} />)

const uploadRows = (list: readonly Upload[]): ReactNode =>
  list.map((upload) => <UploadRow key={upload.key} upload={upload} />)

const Group = ({ title, count, children }: { title: string; count: number; children: ReactNode }) => {
  const id = useId()
  const format = useFormat()
  if (count === 0) return null
  return (
    <section className="doc-group" aria-labelledby={id}>
      <h2 id={id}>
        {title} <span className="num">{format.number(count)}</span>
      </h2>
      <ul>{children}</ul>
    </section>
  )
}

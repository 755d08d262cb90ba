import type { Document } from '@lyceum/contract/documents'
import type { Job } from '@lyceum/contract/jobs'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { useApi } from '../../lib/api.ts'
import { restOf } from '../../ui/tick-counts.ts'
import { ProgressTicks, Ticks } from '../../ui/ticks.tsx'
import { jobQuery } from './queries.ts'

/** One tick a page, and the same in words. */
export const ReadingProgress = ({ document }: { document: Document }) => {
  const { t } = useTranslation()
  const { data: job } = useQuery(jobQuery(useApi(), useQueryClient(), document.jobId))
  const { done, total } = job?.progress ?? inPages(document, job?.percent ?? 0)
  const isWaiting = !job || job.state === 'queued'
  const words = document.status === 'embedding' ? t('documents.byMeaning') : describe(job, document.pageCount, t)
  return (
    <div
      className="reading-progress"
      role="progressbar"
      aria-label={t('documents.reading', { title: document.title })}
      aria-valuenow={job?.percent ?? 0}
      aria-valuetext={words}
    >
      {isWaiting ? <Ticks fill ticks={restOf(total)} /> : <ProgressTicks done={done} total={total} />}
      <span className="num">{words}</span>
    </div>
  )
}

/** Work that is not counted in pages goes on by its share; before there are pages nothing is done. */
const inPages = ({ status, pageCount }: Document, percent: number) => {
  const total = pageCount || 24
  return { done: status === 'embedding' ? Math.floor((total * percent) / 100) : 0, total }
}

const describe = (job: Job | undefined, pageCount: number, t: TFunction): string => {
  if (!job || job.state === 'queued') return t('documents.next')
  const { progress, step } = job
  if (step === 'chunking') return t('documents.preparing', { count: progress?.total ?? pageCount })
  if (!progress) return t('documents.opening')
  if (progress.done >= progress.total) return t('documents.preparing', { count: progress.total })
  return t('documents.readingPage', { page: progress.done + 1, total: progress.total })
}

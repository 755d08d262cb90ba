import { limits } from '@lyceum/contract/limits'
import { TriangleAlert, Upload as UploadIcon, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../lib/format.ts'
import { medium, small } from '../../ui/icon.ts'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { ProgressTicks } from '../../ui/ticks.tsx'
import { type Upload, useUploads } from './uploads.tsx'

/** A file becomes a row at once; it is sent in ticks of five hundredths. */
export const UploadRow = ({ upload }: { upload: Upload }) => {
  const { t } = useTranslation()
  const format = useFormat()
  const { remove } = useUploads()
  const { file, failure } = upload
  const Icon = failure ? TriangleAlert : UploadIcon
  const label = t(failure ? 'uploads.dismiss' : 'uploads.stop', { title: file.name })
  return (
    <li className={failure ? 'doc failed' : 'doc reading'}>
      <Icon {...medium} />
      <div className="doc-name">
        <bdi className="name">{file.name}</bdi>
        <span className="doc-meta num">
          <bdi>{format.bytes(file.size)}</bdi>
        </span>
      </div>
      <div className="doc-state">
        {failure ? <UploadFailure upload={upload} /> : <SendingProgress upload={upload} />}
      </div>
      <div className="doc-acts">
        <button
          type="button"
          className="btn icon small"
          aria-label={label}
          title={label}
          onClick={() => remove(upload)}
        >
          <X {...small} />
        </button>
      </div>
    </li>
  )
}

const SendingProgress = ({ upload: { file, sentBytes } }: { upload: Upload }) => {
  const { t } = useTranslation()
  const format = useFormat()
  // The form around the file is sent, too: a little more than the file.
  const sent = Math.min(sentBytes, file.size)
  const percent = Math.floor((sent / file.size) * 100)
  const words =
    sent === file.size
      ? t('uploads.storing')
      : t('uploads.sent', { sent: format.bytes(sent), all: format.bytes(file.size) })
  return (
    <div
      className="reading-progress"
      role="progressbar"
      aria-label={t('uploads.sending', { title: file.name })}
      aria-valuenow={percent}
      aria-valuetext={words}
    >
      <ProgressTicks done={Math.floor(percent / 5)} total={20} />
      <span className="num">{words}</span>
    </div>
  )
}

const UploadFailure = ({ upload }: { upload: Upload }) => {
  const { t } = useTranslation()
  const format = useFormat()
  const { retry } = useUploads()
  const { failure, file } = upload
  if (failure?.kind === 'error') return <ProblemNote error={failure.error} onRetry={() => retry(upload)} />
  const sizes = { size: format.bytes(file.size), limit: format.bytes(limits.uploadBytes) }
  const text = failure?.kind === 'empty' ? 'empty' : 'tooLarge'
  return (
    <p role="alert">
      <strong>{t(`uploads.${text}.what`, sizes)}</strong> {t(`uploads.${text}.advice`)}
    </p>
  )
}

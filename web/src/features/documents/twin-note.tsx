import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { small } from '../../ui/icon.ts'
import { type Upload, useUploads } from './uploads.tsx'

/** These bytes are here already: nothing was added. */
export const TwinNote = ({ upload }: { upload: Upload }) => {
  const { t } = useTranslation()
  const { remove } = useUploads()
  const label = t('uploads.dismiss', { title: upload.file.name })
  return (
    <p className="twin" role="status">
      <span>{t('uploads.twin', { file: upload.file.name, title: upload.twin?.title ?? '' })}</span>
      <button type="button" className="btn icon small" aria-label={label} title={label} onClick={() => remove(upload)}>
        <X {...small} />
      </button>
    </p>
  )
}

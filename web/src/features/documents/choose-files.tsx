import { Paperclip } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { medium } from '../../ui/icon.ts'
import { useUploads } from './uploads.tsx'

/** For those who do not drag. The name is always said, and shown where there is room. */
export const ChooseFiles = ({
  look = 'plain',
  onChosen,
}: {
  look?: 'plain' | 'line' | 'icon'
  onChosen?: () => void
}) => {
  const { t } = useTranslation()
  const { add } = useUploads()
  const input = useRef<HTMLInputElement>(null)
  const take = (files: FileList | null): void => {
    if (!files || files.length === 0) return
    add(files)
    if (input.current) input.current.value = ''
    onChosen?.()
  }
  const label = t('uploads.choose')
  const name = { plain: 'btn', line: 'btn line', icon: 'btn icon small' }[look]
  return (
    <>
      <button type="button" className={name} aria-label={label} title={label} onClick={() => input.current?.click()}>
        <Paperclip {...medium} />
        {look !== 'icon' && <span className="wide-word">{label}</span>}
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        data-testid="file"
        onChange={(event) => take(event.target.files)}
      />
    </>
  )
}

import { Search } from 'lucide-react'
import { small } from '../../ui/icon.ts'

interface Props {
  label: string
  value: string
  onFind: (text: string) => void
}

/** Narrows the list below as one types. */
export const FindField = ({ label, value, onFind }: Props) => (
  <label className="find">
    <span className="sr">{label}</span>
    <Search {...small} />
    <input
      id="find"
      type="search"
      className="input"
      placeholder={label}
      autoComplete="off"
      value={value}
      onChange={(event) => onFind(event.target.value)}
    />
  </label>
)

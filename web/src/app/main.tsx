import '../lib/zod-without-eval.ts'

import { createRoot } from 'react-dom/client'
import { startTranslations } from '../lib/i18n/index.ts'
import { App } from './app.tsx'
import { reloadWhenOutdated } from './outdated.ts'
import './styles.css'

reloadWhenOutdated()

const start = async (): Promise<void> => {
  const translations = await startTranslations()
  const root = document.getElementById('root')
  if (root) createRoot(root).render(<App translations={translations} />)
}

void start()

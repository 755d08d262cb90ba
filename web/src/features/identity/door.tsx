import type { ReactNode } from 'react'
import { Logo, productName } from '../../ui/brand.tsx'
import { LanguageSelect } from '../../ui/language-select.tsx'
import { useTitle } from '../../ui/use-title.ts'

/** The page in front of the app: one heading, one thing to do. */
export const Door = ({ title, lead, children }: { title: string; lead: ReactNode; children?: ReactNode }) => {
  useTitle(title)
  return (
    <main className="door" id="main">
      <p className="brand">
        <Logo />
        <bdi>{productName}</bdi>
      </p>
      <h1>{title}</h1>
      <p className="lead">{lead}</p>
      {children}
      <footer>
        <LanguageSelect />
      </footer>
    </main>
  )
}

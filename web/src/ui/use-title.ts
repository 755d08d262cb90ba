import { useEffect } from 'react'
import { productName } from './brand.tsx'

/** The window's title: the page first, as tabs are narrow. */
export const useTitle = (title: string): void => {
  useEffect(() => {
    document.title = title ? `${title} · ${productName}` : productName
  }, [title])
}

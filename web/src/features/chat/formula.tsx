import 'katex/dist/katex.min.css'
import katex from 'katex'
import { useLayoutEffect, useRef } from 'react'

/** More is no formula, and would keep the page busy. */
const longestTex = 4000

/**
 * A formula, set by KaTeX into an element of its own. TeX that could load or link something is not trusted, and what
 * cannot be read stays as it was written.
 */
export const Formula = ({ tex, isDisplay }: { tex: string; isDisplay: boolean }) => {
  const holder = useRef<HTMLSpanElement>(null)
  useLayoutEffect(() => {
    const { current } = holder
    if (!current) return
    try {
      if (tex.length > longestTex) throw new RangeError('too long for a formula')
      katex.render(tex, current, {
        displayMode: isDisplay,
        trust: false,
        strict: 'ignore',
        maxSize: 12,
        maxExpand: 500,
      })
    } catch {
      current.textContent = tex
    }
  }, [tex, isDisplay])
  return <span className={isDisplay ? 'formula display' : 'formula'} dir="ltr" ref={holder} />
}

/** The looks of a message: a few lines, one of them large where there is a code. Nothing in it is fetched from anywhere. */

export interface Letter {
  language: string
  direction: 'ltr' | 'rtl'
  lines: string[]
  /** Shown large, above the last line. */
  code?: string | undefined
}

export const asText = ({ lines, code }: Letter): string => {
  const [last = '', ...before] = [...lines].reverse()
  return `${[...before.reverse(), ...(code ? [code] : []), last].join('\n\n')}\n`
}

export const asHtml = ({ language, direction, lines, code }: Letter): string => {
  const [last = '', ...before] = lines.map((line) => `<p>${escapeHtml(line)}</p>`).reverse()
  const shown = code ? [`<p style="font-size:2em;letter-spacing:.2em" dir="ltr">${escapeHtml(code)}</p>`] : []
  const body = [...before.reverse(), ...shown, last].join('\n')
  return `<!doctype html>
<html lang="${language}" dir="${direction}">
<head><meta charset="utf-8"></head>
<body style="font-family:sans-serif;line-height:1.5">
${body}
</body>
</html>
`
}

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** Whether a text has anything that Markdown, or what is read with it, would show in another way than as it stands. Pure. */
const traces = /[*_#`|~$\\<&>]|^\s*(?:[-+•]|\d{1,9}[.)])\s|\]\(|\n\s*\n|:\/\//m

export const hasMarkdown = (text: string): boolean => traces.test(text)

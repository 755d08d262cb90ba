/** Makes docs/configuration.md from the settings; a test keeps the two in step. */
import { settingList } from './settings.ts'

const cellOf = (text: string): string => text.replaceAll('|', '\\|')

export const configurationPage = (): string => {
  const lines = settingList.map(([name, { schema, about, secret }]) => {
    const preset = schema.safeParse(undefined)
    const value = preset.success && preset.data !== undefined ? `\`${String(preset.data)}\`` : 'unset'
    return `| \`${name}\` | ${value} | ${cellOf(about)}${secret ? ` Secret: may come from the file that \`${name}_FILE\` names.` : ''} |`
  })
  return `# Settings

Made from \`server/src/platform/config/settings.ts\` by \`npm run docs\`; do not edit. Environment variables, or lines
of a file \`.env\` in the folder where Lyceum is started. A wrong or half-set value stops the start with a message that
names it.

| setting | default | what it does |
|---|---|---|
${lines.join('\n')}
`
}

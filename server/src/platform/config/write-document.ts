import { writeFileSync } from 'node:fs'
import { configurationPage } from './document.ts'

writeFileSync('docs/configuration.md', configurationPage())

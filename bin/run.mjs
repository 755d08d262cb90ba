// Runs Node as this project needs it: node bin/run.mjs <what node takes>, such as a script or --test
import { runUnderNode } from './runtime.mjs'

runUnderNode(process.argv.slice(2))

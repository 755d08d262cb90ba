#!/usr/bin/env node
import { join } from 'node:path'
import { root, runUnderNode } from './runtime.mjs'

runUnderNode([join(root, 'server/src/cli.ts'), ...process.argv.slice(2)])

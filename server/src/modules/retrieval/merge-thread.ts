/** The thread behind the merging of segments. */
import { parentPort, workerData } from 'node:worker_threads'
import { mergeSegments } from './merge-segments.ts'

parentPort?.postMessage(mergeSegments(workerData))

/** The thread behind `prepareInThread`. */
import { parentPort, workerData } from 'node:worker_threads'
import { prepareVersion } from './prepare.ts'

parentPort?.postMessage(prepareVersion(workerData))

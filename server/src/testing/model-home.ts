/** Apps with a scripted model on a database that no other test has. */
import { randomUUID } from 'node:crypto'
import { openTestApp, type TestApp } from './app.ts'
import { openTestDatabase } from './database.ts'
import { openScriptedModel, type ScriptedModel } from './scripted-model.ts'

export interface ModelHome {
  engine: ScriptedModel
  /** A process on the data, with the engine unless the settings name another; not alone: with others on the same data. */
  open(env?: Record<string, string>, alone?: boolean): Promise<TestApp>
  /** Closes the engine, all apps that are still open, and drops the database. */
  close(): Promise<void>
}

export const openModelHome = async (): Promise<ModelHome> => {
  const engine = await openScriptedModel()
  const database = await openTestDatabase(`lyceum_model_${randomUUID().replaceAll('-', '')}`)
  const apps = new Set<TestApp>()
  return {
    engine,
    open: async (env = {}, alone) => {
      const app = await openTestApp({
        database,
        env: { LLM_BASE_URL: engine.url, LLM_MODEL: 'scripted-1', ...env },
        ...(alone !== undefined && { alone }),
      })
      apps.add(app)
      const close = (): Promise<void> => {
        apps.delete(app)
        return app.close()
      }
      return { ...app, close }
    },
    close: async () => {
      for (const app of apps) await app.close()
      await database.drop()
      await engine.close()
    },
  }
}
